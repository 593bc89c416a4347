"""ETRS-TM35FIN (EPSG:3067), the plane of Finnish maps: degrees of latitude and longitude as kilometres east and north.

Transverse Mercator on the ellipsoid GRS80, by Krüger's series (JHS 197), which is right to the millimetre within Finland.
"""

from math import asinh, atan, atan2, atanh, cos, cosh, hypot, radians, sin, sinh, sqrt, tan

_RADIUS, _FLATTENING = 6378.137, 1 / 298.257222101
_MERIDIAN, _SCALE, _FALSE_EAST = 27.0, 0.9996, 500.0
_N = _FLATTENING / (2 - _FLATTENING)
_AROUND = _RADIUS / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_ECCENTRICITY = sqrt(_FLATTENING * (2 - _FLATTENING))
_SERIES = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16,
    13 * _N**2 / 48 - 3 * _N**3 / 5,
    61 * _N**3 / 240,
)


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """Return kilometres east and north of a place.

    >>> project(60.1699, 24.9384)  # Helsinki
    (385.61, 6672.12)
    """
    north, east = radians(latitude), radians(longitude - _MERIDIAN)
    conformal = atan(sinh(asinh(tan(north)) - _ECCENTRICITY * atanh(_ECCENTRICITY * sin(north))))
    up = atan2(tan(conformal), cos(east))
    across = asinh(sin(east) / hypot(tan(conformal), cos(east)))
    y, x = up, across
    for order, part in enumerate(_SERIES, 1):
        y += part * sin(2 * order * up) * cosh(2 * order * across)
        x += part * cos(2 * order * up) * sinh(2 * order * across)
    return round(_FALSE_EAST + _SCALE * _AROUND * x, 2), round(_SCALE * _AROUND * y, 2)

"""Charts as images without a browser: SVG for print and screen, PNG for slides."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import vl_convert

from pages.charts.template import Plot

FONT = "DejaVu Sans"
"""Font of all images; it comes with matplotlib. Its letters are wide, so that text also fits when another font replaces it."""
FAMILY = f"'{FONT}', Verdana, sans-serif"


@cache
def fonts() -> Path:
    """Return the folder of the font; the first call registers it with the converter."""
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    vl_convert.register_font_directory(str(folder))
    return folder


def svg_of(chart: Plot, width: int, height: int | None = None, colours: Mapping[str, str] | None = None) -> str:
    """Return a chart as SVG of `width` pixels.

    height: replaces the chart's own height, unless that is given in steps, as for bars; colours: in place of those of a light
    page.
    """
    fonts()
    svg: str = vl_convert.vegalite_to_svg(sized(chart, width, height, colours))
    return svg


def png_of(chart: Plot, width: int, height: int | None = None, scale: float = 2.0) -> bytes:
    """Return a chart as PNG, with `scale` pixels per unit of `width`."""
    fonts()
    png: bytes = vl_convert.vegalite_to_png(sized(chart, width, height), scale=scale)
    return png


def sized(chart: Plot, width: int, height: int | None, colours: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the Vega-Lite specification of a chart in a fixed size and in the common font."""
    spec: dict[str, Any] = chart.to_dict(colours) | {"width": width}
    if height and not isinstance(spec.get("height"), dict):
        spec["height"] = height
    renamed: dict[str, Any] = _in_font(spec)
    return renamed


def _in_font(part: Any) -> Any:
    """Return a specification with every font replaced by the common one."""
    if isinstance(part, dict):
        return {
            key: FAMILY if key in ("font", "labelFont", "titleFont") and isinstance(value, str) else _in_font(value)
            for key, value in part.items()
        }
    return [_in_font(one) for one in part] if isinstance(part, list) else part

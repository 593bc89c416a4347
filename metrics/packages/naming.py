"""What the areas of packages are called in an address, so that they keep their names from one release to the next."""

from __future__ import annotations

from collections.abc import Iterable

from metrics.packages.opening import Package

WHOLE = "all"
PLACE = "municipality"
_GROUPS = ("region", "employment_area")
_KEY_LETTERS = 8
"""Of a publisher's key."""


def token(package: Package, municipality: str = "") -> str:
    """Return the name of a package's area in the address: `3f9a01bc-049`, `3f9a01bc-region-02`, `3f9a01bc-all-091`."""
    people = package.about.population
    area = area_name(people.dimension, people.code)
    return "-".join(part for part in (package.publisher.key[:_KEY_LETTERS], area, municipality) if part)


def area_name(dimension: str, code: str) -> str:
    """Return the name of an area of one's own in the address: `all`, `853`, `region-02`. Of everybody both are empty."""
    return f"{dimension}-{code}" if dimension not in ("", PLACE) else code or WHOLE


def area_named(name: str) -> tuple[str, str] | None:
    """Return the dimension and code of an area of one's own by its name in the address; None where it is none.

    >>> area_named("all"), area_named("853"), area_named("region-02"), area_named("3f9a01bc-049")
    (('', ''), ('municipality', '853'), ('region', '02'), None)
    """
    if name == WHOLE:
        return "", ""
    dimension, _, code = name.rpartition("-")
    return (dimension or PLACE, code) if dimension in ("", *_GROUPS) else None


def by_area(packages: Iterable[Package]) -> dict[str, tuple[Package, ...]]:
    """Return the packages of each publisher and area by its name in the address, the newest release first."""
    found: dict[str, list[Package]] = {}
    for one in sorted(packages, key=lambda one: (one.about.release, one.about.until), reverse=True):
        found.setdefault(token(one), []).append(one)
    order = sorted(
        found.items(), key=lambda pair: (pair[1][0].publisher.name, pair[1][0].about.population.code, pair[0])
    )
    return {name: tuple(some) for name, some in order}


def named(name: str, packages: Iterable[Package]) -> tuple[tuple[Package, ...], str]:
    """Return the packages whose area is called so, and the municipality that is meant of theirs; none of one's own areas."""
    for whole, some in by_area(packages).items():
        if name == whole or name.startswith(f"{whole}-"):
            return some, name[len(whole) + 1 :]
    return (), ""

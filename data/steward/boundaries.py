"""The boundaries of municipalities that the steward has brought in for maps: STORE/steward/boundaries.json."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from math import log2
from pathlib import Path

from data.geography.boundaries import TOLERANCE, Rings, read_boundaries
from data.geography.lines import simplified
from data.personal import plain_line
from data.steward.lines import StewardError
from data.store.acting import act
from data.store.durable import write_durably
from data.store.small_file import text_of
from data.store.trouble import told

SOURCE = "Tilastokeskus (CC BY 4.0)"
"""Where the boundaries are from, when nothing else is said."""
LONGEST_SOURCE = 100
_SOURCE_LETTERS = re.compile(r"(?!.*www)[\w .,()/–-]+", re.IGNORECASE)
"""Neither marks of a page nor an address: the same words stand on pages and in pictures."""
_UNIT = 0.01
"""Kilometres per unit of the file."""


@dataclass(frozen=True)
class KeptBoundaries:
    """Closed rings of municipalities in kilometres east and north, by code; source: who they are from, as maps say it."""

    source: str = ""
    rings: Mapping[str, Rings] = field(default_factory=dict)


def bring_in(store: Path, content: bytes, source: str = SOURCE) -> int:
    """Keep the boundaries of a GeoJSON or GeoPackage file instead of those before; return of how many municipalities.

    Raises BoundaryError, StewardError (`source`, `personal`), StoreError.
    """
    source = " ".join(source.split())
    if not 3 <= len(source) <= LONGEST_SOURCE or not _SOURCE_LETTERS.fullmatch(source):
        raise StewardError("source", most=LONGEST_SOURCE)
    try:
        plain_line(source)
    except ValueError:
        raise StewardError("personal") from None
    found = read_boundaries(content)
    areas = {
        code: [[[round(x / _UNIT), round(y / _UNIT)] for x, y in ring] for ring in rings]
        for code, rings in found.items()
    }
    path = _path(store)
    with act(store, "wrote", _about()), told(store, "", writing=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, json.dumps({"source": source, "areas": areas}, ensure_ascii=False, separators=(",", ":")))
    return len(found)


def take_out(store: Path) -> bool:
    """Remove them; return whether there were any. Raises StoreError."""
    path = _path(store)
    if not path.exists():
        return False
    with act(store, "wrote", _about()), told(store, "", writing=True):
        path.unlink(missing_ok=True)
    return True


def damaged(store: Path) -> Path | None:
    """Return their file where it is there and none can be read from it: maps then shade no areas, and say nothing."""
    path = _path(store)
    return path if (path.exists() or path.is_symlink()) and not boundaries(store).rings else None


def boundaries(store: Path, pixel: float = TOLERANCE) -> KeptBoundaries:
    """Return them no more exact than a pixel of so many kilometres shows; none where there are none, or the file is damaged."""
    with suppress(OSError):
        state = _path(store).stat()
        level = max(0, round(log2(pixel / 2 / TOLERANCE)))
        return _coarse(_path(store), state.st_mtime_ns, state.st_size, level)
    return KeptBoundaries()


@lru_cache(maxsize=12)
def _coarse(path: Path, changed: int, size: int, level: int) -> KeptBoundaries:
    if not level:
        return _read(path, changed, size)
    finer, tolerance = _coarse(path, changed, size, level - 1), TOLERANCE * 2.0**level
    return KeptBoundaries(
        finer.source,
        {code: tuple(tuple(simplified(ring, tolerance)) for ring in rings) for code, rings in finer.rings.items()},
    )


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int, _size: int) -> KeptBoundaries:
    with suppress(OSError, ValueError, TypeError, AttributeError, KeyError, OverflowError, RecursionError):
        made = json.loads(text_of(path))
        return KeptBoundaries(
            str(made["source"]),
            {
                code: tuple(tuple((round(x * _UNIT, 2), round(y * _UNIT, 2)) for x, y in ring) for ring in rings)
                for code, rings in made["areas"].items()
            },
        )
    return KeptBoundaries()


def _path(store: Path) -> Path:
    return store / "steward" / "boundaries.json"


def _about() -> dict[str, str | int]:
    return {"file": "steward/boundaries.json"}

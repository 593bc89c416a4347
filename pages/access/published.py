"""A published site: the app over packages alone, without a store, doors, or anything that could be written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

FOLDER: Final = "TILANNEKUVA_PUBLISHED"
"""Environment variable with the folder of the packages that are shown; set by `tilannekuva serve`."""

PACKAGES: Final = "TILANNEKUVA_PUBLISHED_PACKAGES"
"""Environment variable with the ids of the packages that were there at the start, with commas between; set by the same."""


def folder() -> Path | None:
    """Return the folder of the packages; None where the app shows a store."""
    given = os.environ.get(FOLDER)
    return Path(given) if given else None


def expected() -> tuple[str, ...]:
    """Return the ids of the packages that must be in the folder."""
    return tuple(filter(None, os.environ.get(PACKAGES, "").split(",")))

"""A published site: the app over packages alone, without a store, doors, or anything that could be written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

FOLDER: Final = "TILANNEKUVA_PUBLISHED"
"""Environment variable with the folder of the packages that are shown; set by `tilannekuva serve`."""


def folder() -> Path | None:
    """Return the folder of the packages; None where the app shows a store."""
    given = os.environ.get(FOLDER)
    return Path(given) if given else None

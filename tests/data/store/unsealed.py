"""Descriptions of a store as an earlier version wrote them, or as somebody has edited them: without a checksum."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def content(file: Path) -> dict[str, Any]:
    """What a file says, without its checksum."""
    found: dict[str, Any] = json.loads(file.read_text())
    found.pop("checksum", None)
    return found


def describe(file: Path, **changes: object) -> None:
    """Change what a file says, with no checksum that could tell."""
    file.write_text(json.dumps(content(file) | changes))

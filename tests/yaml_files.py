"""YAML files as a YAML parser reads them. Typst has one, which spares the tests a library of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst


def read_yaml(file: Path, folder: Path) -> Any:
    """What is in a file. folder: an empty one to work in."""
    (folder / "read.yaml").write_bytes(file.read_bytes())
    (folder / "read.typ").write_text('#metadata(yaml("read.yaml")) <it>', encoding="utf-8")
    return json.loads(typst.query(str(folder / "read.typ"), "<it>", field="value", one=True, root=str(folder)))

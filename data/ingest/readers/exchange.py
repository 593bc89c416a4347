"""Sheets on their way from the process that reads to the one that asked: cells as Arrow, the rest as JSON, in one folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from data.ingest.readers.sheet import BrokenRow, Sheet


def put(folder: Path, sheets: Sequence[Sheet]) -> None:
    """Write sheets into a folder that is for its owner alone. Raises OSError."""
    for number, sheet in enumerate(sheets):
        sheet.rows.write_ipc_stream(folder / f"{number}.arrow")
        rest = {
            "file": sheet.file, "name": sheet.name, "header": sheet.header, "notes": sheet.notes, "titles": sheet.titles,
            "groups": sheet.groups,
            "broken": [(row.row, row.reason, row.cells) for row in sheet.broken],
        }  # fmt: skip
        (folder / f"{number}.json").write_text(json.dumps(rest), encoding="ascii")


def take(folder: Path, count: int) -> tuple[Sheet, ...]:
    """Read them, in the order they were put, and leave nothing of them in the folder. Raises OSError."""
    sheets = []
    for number in range(count):
        cells, rest = folder / f"{number}.arrow", folder / f"{number}.json"
        said = json.loads(rest.read_text("ascii"))
        sheets.append(
            Sheet(
                file=said["file"],
                name=said["name"],
                header=tuple(said["header"]),
                rows=pl.read_ipc_stream(cells),
                broken=tuple(BrokenRow(row, reason, tuple(texts)) for row, reason, texts in said["broken"]),
                notes=tuple(said["notes"]),
                titles=tuple((row, text) for row, text in said["titles"]),
                groups=tuple(said["groups"]),
            )
        )
        cells.unlink()
        rest.unlink()
    return tuple(sheets)

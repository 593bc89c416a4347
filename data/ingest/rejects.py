"""Rows that did not load, kept for correction: where, why and what class of value, never the value itself."""

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import polars as pl
from pydantic import TypeAdapter

from data.ingest.readers import BrokenRow
from data.ingest.recognise import signs
from data.ingest.recognise.problem import Problem
from data.spreadsheet import csv_text
from data.store import json_lines
from data.store.durable import write_durably
from data.store.store import StoreError
from data.store.trouble import told

INDEX = "_index"
"""Place of a row in its sheet; a wide table's row number stands for several records, this for one."""

SCHEMA: dict[str, pl.DataType] = {
    INDEX: pl.UInt32(), "row": pl.UInt32(), "column": pl.String(), "field": pl.String(), "reason": pl.String(),
    "params": pl.String(), "kind": pl.String(), "letters": pl.UInt32(),
}  # fmt: skip
"""`params` is JSON; `kind` of the value: `text`, `number`, `date`, `empty` or nothing; `letters` its length."""

_LONGEST_NAME = 180
"""Bytes of a file's name that its rejects are named by: file systems end at 255."""

_LIKE_A_DATE = re.compile(
    r"\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d{2})|\d{4}-\d{1,2}-\d{1,2}.*|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}[/.]\d{4}"
)


@dataclass(frozen=True)
class Reject:
    """One reason why one row did not load."""

    file: str
    sheet: str | None
    row: int
    column: str
    field: str
    reason: str
    params: Mapping[str, str | int | float] = dataclasses.field(default_factory=dict)
    kind: str = ""
    letters: int = 0


def none() -> pl.DataFrame:
    """No rejects."""
    return pl.DataFrame(schema=SCHEMA)


def of_rows(rows: pl.DataFrame, header: str, name: str, problem: Problem, kind: str) -> pl.DataFrame:
    """The same reason for every row of a frame of INDEX and `row`."""
    return rows.select(
        INDEX, "row",
        pl.lit(header).alias("column"), pl.lit(name).alias("field"), pl.lit(problem.reason).alias("reason"),
        pl.lit(json.dumps(dict(problem.params))).alias("params"), pl.lit(kind).alias("kind"),
        pl.lit(0, dtype=pl.UInt32).alias("letters"),
    )  # fmt: skip


def of_values(
    rows: pl.DataFrame, codes: pl.Series, bad: Mapping[int, Problem], texts: Sequence[str], header: str, name: str
) -> pl.DataFrame:
    """Rows whose distinct value (its place in `codes`) is bad."""
    told = pl.DataFrame(
        {
            "code": pl.Series(list(bad), dtype=pl.UInt32),
            "reason": [problem.reason for problem in bad.values()],
            "params": [json.dumps(dict(problem.params)) for problem in bad.values()],
            "kind": [kind_of(texts[code]) for code in bad],
            "letters": pl.Series([len(texts[code]) for code in bad], dtype=pl.UInt32),
        }
    )
    return (
        rows.with_columns(codes.alias("code"))
        .join(told, on="code", how="inner", maintain_order="left")
        .with_columns(pl.lit(header).alias("column"), pl.lit(name).alias("field"))
        .select(list(SCHEMA))
    )


def broken(rows: Sequence[BrokenRow]) -> pl.DataFrame:
    """Rows that do not fit under the header."""
    return pl.DataFrame(
        {
            INDEX: pl.Series([None] * len(rows), dtype=pl.UInt32), "row": [row.row for row in rows],
            "column": [""] * len(rows), "field": [""] * len(rows), "reason": [row.reason for row in rows],
            "params": ["{}"] * len(rows), "kind": [""] * len(rows), "letters": [0] * len(rows),
        },
        schema=SCHEMA,
    )  # fmt: skip


def kind_of(text: str) -> str:
    """The class of a value, which may be told where the value may not."""
    if not text.strip():
        return "empty"
    if _LIKE_A_DATE.fullmatch(text.strip()):
        return "date"
    return "text" if isinstance(signs.number(text), Problem) else "number"


def listed(file: str, sheet: str | None, frame: pl.DataFrame) -> Iterator[Reject]:
    """The lines of a frame of rejects."""
    known: dict[str, Mapping[str, str | int | float]] = {}
    for row, column, name, reason, params, kind, letters in frame.drop(INDEX).iter_rows():
        if params not in known:
            known[params] = json.loads(params)
        yield Reject(file, sheet, row, column, name, reason, known[params], kind, letters)


def save(folder: Path, file: str, found: Sequence[Reject]) -> Path | None:
    """Keep the rejects of a file for its owner alone; they take the place of those of its earlier import.

    Raises StoreError: `not_a_folder`, `no_room`, `unwritable`.
    """
    old = list(_of_file(folder, file))
    saved = None
    if found:
        try:
            with told(folder, "", writing=True):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except (FileExistsError, NotADirectoryError):
            raise StoreError("not_a_folder", folder) from None
        stamp = datetime.now().strftime("%Y%m%dT%H%M%S%f")
        saved = folder / f"{stamp}-{_safe(file)}.jsonl"
        with told(folder, "", writing=True):
            write_durably(saved, json_lines.text(asdict(reject) for reject in found))
    for path in old:
        path.unlink(missing_ok=True)
    return saved


def load(folder: Path) -> tuple[Reject, ...]:
    """Everything that waits for correction, file by file in the order of import. Raises StoreError."""
    if folder.exists() and not folder.is_dir():
        raise StoreError("not_a_folder", folder)
    return tuple(reject for path in sorted(folder.glob("*.jsonl")) for reject in json_lines.read(path, parse))


def as_csv(found: Sequence[Reject]) -> str:
    """A table for a spreadsheet."""
    names = [*Reject.__dataclass_fields__]
    lines = [
        asdict(reject) | {"params": ", ".join(f"{key}={value}" for key, value in reject.params.items())}
        for reject in found
    ]
    return csv_text([names, *([line[name] for name in names] for line in lines)], separator=";", line_end="\r\n")


parse = TypeAdapter(Reject).validate_json
"""A line of those that are kept."""


def _of_file(folder: Path, file: str) -> Iterator[Path]:
    """Where earlier rejects of a file are. What cannot be read stays: nobody knows what it is of."""
    for path in folder.glob(f"*-{_safe(file)}.jsonl"):
        with suppress(StoreError):
            if any(reject.file == file for reject in json_lines.read(path, parse)[:1]):
                yield path


def _safe(file: str) -> str:
    return re.sub(r"[^\w.-]+", "_", file).encode()[-_LONGEST_NAME:].decode(errors="ignore")

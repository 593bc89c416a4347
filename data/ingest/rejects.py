"""Rows that did not load, kept for correction: where, why and what class of value, never the value itself."""

import dataclasses
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from data.ingest.readers import BrokenRow
from data.ingest.recognise import numbers
from data.ingest.recognise.problem import Problem
from data.spreadsheet import csv_text
from data.store.durable import write_durably

INDEX = "_index"
"""Place of a row in its sheet; a wide table's row number stands for several records, this for one."""

SCHEMA: dict[str, pl.DataType] = {
    INDEX: pl.UInt32(), "row": pl.UInt32(), "column": pl.String(), "field": pl.String(), "reason": pl.String(),
    "params": pl.String(), "kind": pl.String(), "letters": pl.UInt32(),
}  # fmt: skip
"""`params` is JSON; `kind` of the value: `text`, `number`, `date`, `empty` or nothing; `letters` its length."""

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
    return "text" if isinstance(numbers.number(text), Problem) else "number"


def listed(file: str, sheet: str | None, frame: pl.DataFrame) -> Iterator[Reject]:
    """The lines of a frame of rejects."""
    known: dict[str, Mapping[str, str | int | float]] = {}
    for row, column, name, reason, params, kind, letters in frame.drop(INDEX).iter_rows():
        if params not in known:
            known[params] = json.loads(params)
        yield Reject(file, sheet, row, column, name, reason, known[params], kind, letters)


def save(folder: Path, file: str, found: Sequence[Reject]) -> Path | None:
    """Keep the rejects of a file for its owner alone; they take the place of those of its earlier import."""
    old = list(_of_file(folder, file))
    saved = None
    if found:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        stamp = datetime.now().strftime("%Y%m%dT%H%M%S%f")
        saved = folder / f"{stamp}-{_safe(file)}.jsonl"
        os.close(os.open(saved, os.O_WRONLY | os.O_CREAT, 0o600))
        write_durably(saved, "".join(json.dumps(reject.__dict__, ensure_ascii=False) + "\n" for reject in found))
        saved.chmod(0o600)
    for path in old:
        path.unlink(missing_ok=True)
    return saved


def load(folder: Path) -> tuple[Reject, ...]:
    """Everything that waits for correction, file by file in the order of import."""
    return tuple(Reject(**json.loads(line)) for path in sorted(folder.glob("*.jsonl")) for line in _lines(path))


def as_csv(found: Sequence[Reject]) -> str:
    """A table for a spreadsheet."""
    names = [*Reject.__dataclass_fields__]
    lines = [
        asdict(reject) | {"params": ", ".join(f"{key}={value}" for key, value in reject.params.items())}
        for reject in found
    ]
    return csv_text([names, *([line[name] for name in names] for line in lines)], separator=";", line_end="\r\n")


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _of_file(folder: Path, file: str) -> Iterator[Path]:
    for path in folder.glob(f"*-{_safe(file)}.jsonl"):
        lines = _lines(path)
        if not lines or json.loads(lines[0])["file"] == file:
            yield path


def _safe(file: str) -> str:
    return re.sub(r"[^\w.-]+", "_", file)

"""A column as the import reads it: its values, what it asked and what it remarked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.ingest.recognise import units
from data.ingest.recognise.asking import Asking, question_key
from data.ingest.recognise.problem import Problem
from data.ingest.recognise.recognised import ColumnMatch
from data.ingest.recognise.values import Reading, parse
from data.ingest.recognise.writing import as_written
from data.model.records import TABLES
from data.model.schema import field_column


@dataclass(frozen=True)
class Written:
    """values: None where a cell gives none; asked: kinds of the questions left open, with their options."""

    values: list[Any]
    asked: Mapping[str, tuple[str, ...]]
    remarks: tuple[str, ...]
    unit: str | None


def column(
    table: str, field: str, texts: Sequence[str], header: str = "", how: str = "header", **answers: str
) -> Written:
    """Read a column of distinct texts, each in one row; answers: by kind of question."""
    return column_in_rows(table, field, texts, header, 1, how, **answers)


def column_in_rows(
    table: str, field: str, texts: Sequence[str], header: str, rows: int, how: str = "header", **answers: str
) -> Written:
    """As `column`, each text in so many rows."""
    given = {question_key(kind, table, header): answer for kind, answer in answers.items()}
    asking = Asking(given=given)
    reading = Reading(unit=units.in_header(header, field))
    match = ColumnMatch("c0", header, field, how, reading)
    settled = as_written(table, field_column(TABLES[table], field), match, texts, [rows] * len(texts), asking)
    values = [None if isinstance(value, Problem) else value for value in parse(table, field, texts, settled)]
    asked = {one.question.kind: one.question.options for one in asking.decisions if one.how == "default"}
    return Written(values, asked, settled.remarks, settled.unit)

"""The data dictionary: every table and field of the record models with its meaning, type, range and code list, as Markdown."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from annotated_types import Ge, Le, MinLen
from pydantic import StringConstraints
from pydantic.fields import FieldInfo

from data.codes import code_list
from data.model import records
from data.model.records import TABLES, Record
from data.model.schema import Column, columns, field_column, unwrapped
from data.texts import message

_HEAD = """# Data dictionary

Generated from `data/model/records.py` by `python -m tilannekuva reference`: do not edit, change the models and make it anew.

A field marked *required* must have a column in the file and a value on every row; any other may be missing. An identifier
is never stored as such: a keyed hash (HMAC-SHA256) of it is. A coded field holds an id of the code list named; the lists
are in `data/codes/` and at the end of this page. How columns and words are recognised: [importing.md](importing.md).
"""
_TYPES = {str: "text", int: "whole number", float: "number", bool: "yes or no", date: "day"}
_LONG = 30
"""Lists with more codes are counted, not listed."""


def dictionary() -> str:
    """The whole page."""
    meanings = _meanings()
    lines = [_HEAD, "| table | what one row is |", "|---|---|"]
    lines += [f"| [`{name}`](#{name}) | {_text(model.__doc__)} |" for name, model in TABLES.items()]
    for name, model in TABLES.items():
        lines += ["", *_table(name, model, meanings[model.__name__])]
    lines += ["", *_code_lists()]
    return "\n".join(lines) + "\n"


def _meanings() -> dict[str, dict[str, str]]:
    """What is written under each field, by model and field; Python itself keeps no docstrings of fields."""
    found: dict[str, dict[str, str]] = {}
    for node in ast.parse(inspect.getsource(records)).body:
        if not isinstance(node, ast.ClassDef):
            continue
        found[node.name] = {}
        for before, inner in pairwise(node.body):
            match before, inner:
                case ast.AnnAssign(target=ast.Name(id=field)), ast.Expr(value=ast.Constant(value=str(text))):
                    found[node.name][field] = _text(text)
    return found


def _table(name: str, model: type[Record], meanings: dict[str, str]) -> Iterator[str]:
    yield f"## {name}"
    yield ""
    yield f"{_text(model.__doc__)} In Finnish *{message(f'table.{name}', 'fi')}*, in Swedish *{message(f'table.{name}', 'sv')}*."
    yield ""
    yield _identity(model)
    for earlier, later in model.ordered:
        yield f"`{later}` may not be before `{earlier}`."
    yield ""
    yield "| field | in Finnish | meaning | type | when missing |"
    yield "|---|---|---|---|---|"
    for field, info in model.model_fields.items():
        told, column = message(f"field.{field}", "fi"), field_column(model, field)
        yield f"| `{field}` | {told} | {meanings[field]} | {_type(column, info)} | {_missing(column)} |"


def _identity(model: type[Record]) -> str:
    """What makes two rows one."""
    one = f"Two rows with the same {_and(model.identity)} are one: the later replaces the earlier."
    if model.own_number is None:
        return one
    own = f"Two rows of a source with the same `{model.own_number}` are one: the later replaces the earlier."
    if model.is_told_apart:
        return f"{own} Without it: {one[0].lower()}{one[1:]}"
    return f"{own} In files without it rows are told apart by their source, {_and(model.identity)}, and their order."


def _missing(column: Column) -> str:
    if column.required:
        return "*required*"
    return "empty" if column.default in (None, ()) else f"`{column.default}`"


def _type(column: Column, info: FieldInfo) -> str:
    base, metadata = unwrapped(info.annotation, list(info.metadata))
    if column.code_list:
        least = " (at least one)" if any(isinstance(one, MinLen) for one in metadata) else ""
        return f"{'codes' if column.is_list else 'code'} of [`{column.code_list}`](#code-lists){least}"
    if column.identity:
        return "identifier"
    return "month" if column.is_month else _TYPES[base] + _limits(metadata)


def _limits(metadata: list[Any]) -> str:
    low = next((one.ge for one in metadata if isinstance(one, Ge)), None)
    high = next((one.le for one in metadata if isinstance(one, Le)), None)
    text = next((one for one in metadata if isinstance(one, StringConstraints)), None)
    if text is not None:
        return f", `{text.pattern}`" if text.pattern else f", at most {text.max_length} characters"
    if low is None and high is None:
        return ""
    return f", {low} or more" if high is None else f", {low}–{high}"


def _code_lists() -> Iterator[str]:
    yield "## Code lists"
    yield ""
    yield "| list | codes |"
    yield "|---|---|"
    for name in sorted(
        {column.code_list for model in TABLES.values() for column in columns(model) if column.code_list}
    ):
        known = code_list(name)
        told = ", ".join(f"`{code.id}` {code.en}" for code in known.codes)
        yield f"| `{name}` | {told if len(known) <= _LONG else f'{len(known)} codes, in `data/codes/`'} |"


def _and(names: tuple[str, ...]) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _text(doc: str | None) -> str:
    return " ".join((doc or "").split()).replace("|", "\\|")

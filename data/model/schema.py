"""The store's tables in DuckDB, derived from the record models: codes become ENUM types, identifiers become numbers."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from annotated_types import Le
from pydantic.fields import FieldInfo

from data.codes import code_list
from data.model.fields import CodeOf, Identity, Month
from data.model.records import TABLES, Record

DELIVERY_COLUMNS = {
    "delivery": "UINTEGER NOT NULL", "source": "USMALLINT NOT NULL", "made": "TIMESTAMP NOT NULL", "file": "VARCHAR NOT NULL",
    "sheet": "VARCHAR", "digest": "VARCHAR NOT NULL", "data_table": "VARCHAR NOT NULL", "first_day": "DATE", "last_day": "DATE",
    "fields": "VARCHAR[] NOT NULL", "read": "UINTEGER NOT NULL", "loaded": "UINTEGER NOT NULL", "replaced": "UINTEGER NOT NULL",
    "unchanged": "UINTEGER NOT NULL", "gone": "UINTEGER NOT NULL", "rejected": "UINTEGER NOT NULL", "silent": "VARCHAR[]",
}  # fmt: skip
"""Columns of the table `delivery`: one row for every sheet that an import brought (see `data.coverage.deliveries`)."""


@dataclass(frozen=True)
class Column:
    """One stored column: `field` of the model, its `name` and SQL `type` in the store, and what it is made from."""

    field: str
    name: str
    type: str
    required: bool
    code_list: str | None = None
    identity: str | None = None
    is_list: bool = False
    default: Any = None
    is_month: bool = False


@cache
def columns(model: type[Record]) -> tuple[Column, ...]:
    """The columns of a model in the order of its fields, without the record key that every table has first."""
    return tuple(_column(name, info) for name, info in model.model_fields.items() if not _is_own_id(model, name))


@cache
def client_tables() -> tuple[str, ...]:
    """The tables whose rows are of clients."""
    return tuple(
        table for table, model in TABLES.items() if any(column.identity == "client" for column in columns(model))
    )


def plain_type(column: Column) -> str:
    """The type of a column with codes as words, which generations of every version have in common."""
    if column.code_list:
        return "VARCHAR[]" if column.is_list else "VARCHAR"
    return column.type


@cache
def field_column(model: type[Record], name: str) -> Column:
    """The column of one field, the record's own identifier included."""
    return _column(name, model.model_fields[name])


def tables() -> dict[str, str]:
    """CREATE TABLE statements by table, `client` and `delivery` first.

    Every row of the others has `record`, its key, and `delivery`, the one that wrote it (0 = before deliveries were kept).
    """
    listed = ", ".join(f"{name} {kind}" for name, kind in DELIVERY_COLUMNS.items())
    statements = {
        "client": "CREATE TABLE client (client BIGINT NOT NULL, pseudonym VARCHAR NOT NULL)",
        "delivery": f"CREATE TABLE delivery ({listed})",
    }
    for name, model in TABLES.items():
        body = ["record UBIGINT NOT NULL", "delivery UINTEGER NOT NULL DEFAULT 0"]
        body += [f'"{c.name}" {c.type}{"" if _nullable(c) else " NOT NULL"}' for c in columns(model)]
        statements[name] = f"CREATE TABLE {name} ({', '.join(body)})"
    return statements


def enum_types() -> dict[str, str]:
    """CREATE TYPE statements by code list, for every list a table uses."""
    used = {c.code_list for model in TABLES.values() for c in columns(model) if c.code_list}
    statements = {}
    for name in sorted(used):
        ids = ", ".join(f"'{code}'" for code in code_list(name).ids)
        statements[name] = f'CREATE TYPE "{name}" AS ENUM ({ids})'
    return statements


@cache
def schema_version() -> str:
    """Changes when a table or a code list changes; a store of another version is rebuilt at the next import."""
    text = "\n".join([*enum_types().values(), *tables().values()])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _is_own_id(model: type[Record], name: str) -> bool:
    return name == f"{model.table}_id"


def _nullable(column: Column) -> bool:
    return not column.required and column.default is None and column.name != "client"


def _column(name: str, info: FieldInfo) -> Column:
    base, metadata = unwrapped(info.annotation, list(info.metadata))
    is_list = get_origin(base) is tuple
    if is_list:
        _, inner = unwrapped(get_args(base)[0], [])
        metadata += inner
    codes = next((m.list_name for m in metadata if isinstance(m, CodeOf)), None)
    identity = next((m.kind for m in metadata if isinstance(m, Identity)), None)
    required = info.is_required()
    default = None if required else info.get_default()
    stored = name.removesuffix("_id") if identity else name
    return Column(
        field=name,
        name=stored,
        type=_sql_type(base, metadata, codes, identity, is_list),
        required=required,
        code_list=codes,
        identity=identity,
        is_list=is_list,
        default=default,
        is_month=any(isinstance(m, Month) for m in metadata),
    )


def unwrapped(annotation: Any, metadata: list[Any]) -> tuple[Any, list[Any]]:
    """A type without Optional and Annotated, and `metadata` with all that they say of it."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *extra = get_args(annotation)
            metadata = metadata + extra
        elif origin in (Union, UnionType):
            annotation = next(a for a in get_args(annotation) if a is not type(None))
        else:
            return annotation, metadata


def _sql_type(base: Any, metadata: list[Any], codes: str | None, identity: str | None, is_list: bool) -> str:
    if identity:
        return "BIGINT" if identity == "client" else "UBIGINT"
    if codes:
        return f'"{codes}"[]' if is_list else f'"{codes}"'
    if base is int:
        most = max((int(str(m.le)) for m in metadata if isinstance(m, Le)), default=2**31)
        return "UTINYINT" if most < 256 else "USMALLINT" if most < 65_536 else "UINTEGER"
    return {str: "VARCHAR", date: "DATE", bool: "BOOLEAN", float: "DOUBLE"}[base]

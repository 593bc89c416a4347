"""The description of the interface as OpenAPI 3.1, made of its table and of what serves."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

from pydantic import TypeAdapter

from data.version import version
from metrics.audience import PROTECTED
from metrics.grammar.answer import Row
from metrics.measures.gaps import LackingPart
from pages.api.call import CSV, JSON, LONGEST, Call
from pages.api.errors import STATUSES
from pages.api.operation import Operation, Parameter
from pages.api.visible import Visible

PROBLEM: Final = "application/problem+json"
"""RFC 9457."""
_TEXT: Final = """Published figures by a closed grammar of questions. Everybody gets the same figures; there are no keys.
Why a value is not shown stands in its state."""
_OF_ROWS: Final = ("codes", "ground")
"""Fields that rows hold otherwise in an answer: codes stand beside the others by the names of their dimensions."""


def description(operations: Iterable[Operation], call: Call, seen: Visible) -> dict[str, Any]:
    """Return the description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tilannekuva: open interface",
            "version": version(),
            "description": _TEXT,
        },
        "servers": [{"url": call.address}],
        "paths": {one.path or "/": {"get": _operation(one, seen)} for one in operations},
        "components": {
            "schemas": {"Row": _row(), "Lacking": _lacking(), "Answer": _ANSWER, "Statistics": _STATISTICS, "Problem": _PROBLEM},
            "responses": {str(status): _refusal(status) for status in STATUSES},
        },
    }  # fmt: skip


def _operation(one: Operation, seen: Visible) -> dict[str, Any]:
    placed = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "enum": list(one.named(seen))}}
        for name in re.findall(r"{(\w+)}", one.path)
    ]
    # Where there is nothing to choose from, such as publications of one store, there is no such parameter.
    there = [parameter for parameter in one.parameters if parameter.codes is None or [*parameter.codes(seen)]]
    parameters = [*placed, *(_parameter(parameter, seen) for parameter in there)]
    tag = {"ETag": {"schema": {"type": "string"}}}
    return {
        "operationId": re.sub(r"\W+", "_", one.path.split("{")[0].strip("/")) + ("_one" if placed else "") or "interface",
        "summary": one.text,
        **({"parameters": parameters} if parameters else {}),
        "responses": {
            "200": {"description": "The answer.", "headers": tag, "content": _content(one)},
            "206": {"description": "The bytes of the answer that Range asks for."},
            "304": {"description": "The answer is the one of the If-None-Match that was given.", "headers": tag},
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in STATUSES},
        },
    }  # fmt: skip


def _content(one: Operation) -> dict[str, Any]:
    if "format" not in one.names:
        return {one.type: {"schema": {"type": "object"}}}
    answer = {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("Answer", "Statistics")]}
    return {JSON: {"schema": answer}, CSV: {"schema": {"type": "string"}}}


def _parameter(one: Parameter, seen: Visible) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "maxLength": LONGEST}
    if one.codes:
        schema = {"type": "string", "enum": list(one.codes(seen))}
    if one.form:
        schema |= {"pattern": one.form}
    bounds = (
        {"uniqueItems": True}
        | ({"minItems": 1} if one.is_required else {})
        | ({"maxItems": one.most} if one.most else {})
    )
    listed = (
        {"schema": {"type": "array", "items": schema, **bounds}, "explode": True} if one.is_list else {"schema": schema}
    )
    return {"name": one.name, "in": "query", "description": one.text, "required": one.is_required, **listed}


def _row() -> dict[str, Any]:
    told = TypeAdapter(Row).json_schema(mode="serialization")
    properties = {name: schema for name, schema in told["properties"].items() if name not in _OF_ROWS}
    return {
        "type": "object",
        "description": "One published value. Codes stand beside the other fields, by the names of their dimensions.",
        "properties": properties,
        "required": ["metric", "period", "value", "unit", "state", "n"],
        "additionalProperties": {"type": "string"},
    }


def _lacking() -> dict[str, Any]:
    told = TypeAdapter(LackingPart).json_schema(mode="serialization")
    return {
        "type": "object",
        "description": (
            "A table of which rows lack, or fields that are not recorded (table is null then). "
            "months: as 2026-04, of which nothing is told; partly: of which a part is. "
            "municipality: whose, null for no single one."
        ),
        "properties": told["properties"],
        "required": told["required"],
        "additionalProperties": False,
    }


_DAY: Final = {"type": ["string", "null"], "format": "date"}
_ANSWER: Final = {
    "type": "object",
    "properties": {
        "question": {"type": "object"},
        "rows": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}},
        "audience": {"const": PROTECTED},
        "release": {"type": "integer"},
        "data_until": _DAY,
        "closed_until": _DAY,
        "definition_version": {"type": "object", "additionalProperties": {"type": "integer"}},
        "publisher": {"type": ["string", "null"]},
        "licence": {"type": ["string", "null"]},
        "lacking": {
            "type": ["array", "null"],
            "items": {"$ref": "#/components/schemas/Lacking"},
            "description": "What the data lack of the period: values tell of the rest. Null where it is not known.",
        },
        "example": {"type": "boolean", "description": "Made-up figures of the example municipality."},
    },
    "required": ["question", "rows", "audience", "release", "closed_until", "definition_version", "lacking", "example"],
}
_STATISTICS: Final = {
    "type": "object",
    "description": "JSON-stat 2.0: a data set of one metric, or a collection of those of several.",
    "properties": {"version": {"const": "2.0"}, "class": {"enum": ["dataset", "collection"]}},
    "required": ["version", "class"],
}
_PROBLEM: Final = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "Why, in the language that was asked for."},
        "reason": {"type": "string", "description": "The same as a word that does not change with the language."},
        "nearest": {"type": "array", "items": {"type": "string"}, "description": "What can be asked instead."},
    },
    "required": ["type", "title", "status", "detail", "reason", "nearest"],
}


def _refusal(status: int) -> dict[str, Any]:
    headers = {"Retry-After": {"schema": {"type": "integer"}}} if status in (429, 503) else {}
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": HTTPStatus(status).phrase, "content": content, **({"headers": headers} if headers else {})}

"""JSON schemas of the files people write: metric, registry of metrics, code list, import profile, briefing.

They are made from the pydantic models that read the files, so an editor that knows the schema marks what the program
would refuse. What only the program can check (does a condition name a column, is a word given to two codes) is not in them.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from data.codes import Code
from data.ingest.recognise.profiles import FileProfile
from data.model.records import TABLES
from metrics.briefings.ready import ReadyMade
from metrics.model.definition import Definition, definitions
from metrics.model.facts import FACTS
from metrics.registry.folder import RegistryAbout

DRAFT = "https://json-schema.org/draft/2020-12/schema"


class CodeListFile(BaseModel):
    """The codes of one field, in the order of the store's ENUM."""

    model_config = ConfigDict(extra="forbid")

    code: tuple[Code, ...] = Field(min_length=1)


def schemas() -> dict[str, str]:
    """Every schema by file name, as JSON text."""
    made = {
        "metric": metric(),
        "registry": RegistryAbout.model_json_schema(),
        "code-list": CodeListFile.model_json_schema(),
        "language-list": language_list(),
        "profile": profile(),
        "briefing": briefing(),
    }
    return {
        f"{name}.schema.json": json.dumps({"$schema": DRAFT, **_flowing(schema)}, ensure_ascii=False, indent=1) + "\n"
        for name, schema in made.items()
    }


def _flowing(schema: Any) -> Any:
    """The same with each paragraph of a description on one line: where a docstring breaks its lines means nothing."""
    if isinstance(schema, list):
        return [_flowing(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _flowing(value) for name, value in schema.items()}
    if isinstance(told := made.get("description"), str):
        made["description"] = "\n\n".join(" ".join(paragraph.split()) for paragraph in told.split("\n\n"))
    return made


def metric() -> dict[str, Any]:
    """A file of `metrics/definitions/`, with the facts and dimensions there are."""
    schema = Definition.model_json_schema()
    schema["properties"]["fact"]["enum"] = list(FACTS)
    dimensions = sorted({name for fact in FACTS.values() for name in fact.dimensions})
    for name in ("dimensions", "requires"):
        schema["properties"][name]["items"]["enum"] = dimensions
    return schema


def language_list() -> dict[str, Any]:
    """`data/codes/language.toml`, where a name may be left to Babel."""
    schema = CodeListFile.model_json_schema()
    schema["description"] = "The languages; a name that is left out is Babel's."
    schema["$defs"]["Code"]["required"] = ["id"]
    return schema


def profile() -> dict[str, Any]:
    """A file of `data/ingest/recognise/profiles/` or of a store's own `profiles/`, with the tables and fields there are."""
    schema = FileProfile.model_json_schema()
    schema["$defs"]["ProfileSheet"]["properties"]["table"]["enum"] = list(TABLES)
    fields = sorted({name for model in TABLES.values() for name in model.model_fields})
    column = schema["$defs"]["ProfileColumn"]["properties"]
    column["field"]["anyOf"] = [{"enum": fields}, {"type": "null"}]
    return schema


def briefing() -> dict[str, Any]:
    """A file of `metrics/briefings/ready/`, with the metrics there are."""
    schema = ReadyMade.model_json_schema()
    schema["$defs"]["Slide"]["properties"]["metric"]["enum"] = list(definitions())
    return schema

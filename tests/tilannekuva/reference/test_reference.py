"""What is generated in docs/ is current, and every file that ships fits its schema."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from data.model.records import TABLES
from metrics.model.definition import REGISTRY
from tests.conftest import ROOT
from tilannekuva.reference.command import files, main
from tilannekuva.reference.dictionary import dictionary
from tilannekuva.reference.schemas import schemas

CODES = ROOT / "data" / "codes"
KINDS = {
    "metric": ROOT / "metrics" / "definitions",
    "profile": ROOT / "data" / "ingest" / "recognise" / "profiles",
    "briefing": ROOT / "metrics" / "briefings" / "ready",
    "code-list": CODES,
    "language-list": CODES,
}


def toml_files(kind: str) -> list[Path]:
    found = sorted(path for path in KINDS[kind].glob("*.toml") if path.name != REGISTRY)
    return [
        path for path in found if kind in ("metric", "profile", "briefing") or is_language(path) == (kind[0] == "l")
    ]


def is_language(path: Path) -> bool:
    return path.name == "language.toml"


def validator(kind: str) -> Draft202012Validator:
    schema = json.loads(schemas()[f"{kind}.schema.json"])
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def content(path: Path) -> Any:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", files())
def test_the_generated_files_are_current(name: str) -> None:
    path = ROOT / "docs" / name
    assert path.exists(), "make docs"
    assert path.read_text(encoding="utf-8") == files()[name], "make docs"


def test_nothing_else_stands_among_the_schemas() -> None:
    assert {path.name for path in (ROOT / "docs" / "schemas").iterdir()} == set(schemas())


def test_the_command_writes_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reference", str(tmp_path)], "tilannekuva") == 0
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == set(files())
    assert len(capsys.readouterr().out.splitlines()) == len(written)


def test_every_table_and_field_is_in_the_dictionary() -> None:
    text = dictionary()
    for table, model in TABLES.items():
        _, _, section = text.partition(f"\n## {table}\n")
        section = section.partition("\n## ")[0]
        assert [name for name in model.model_fields if f"\n| `{name}` | " not in section] == [], table
        assert "| |" not in section.replace("  ", " ")


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_that_ships_fits_its_schema(kind: str) -> None:
    check = validator(kind)
    paths = toml_files(kind)
    assert paths
    wrong = {path.name: [error.message for error in check.iter_errors(content(path))] for path in paths}
    assert {name: errors for name, errors in wrong.items() if errors} == {}


@pytest.mark.parametrize(
    ("kind", "file", "broken"),
    [
        ("metric", "clients.toml", {"fact": "visit"}),
        ("metric", "clients.toml", {"good": "best"}),
        ("metric", "clients.toml", {"dimensions": ["shoe_size"]}),
        ("metric", "clients.toml", {"note": "not a key"}),
        ("briefing", "month.toml", {"slide": [{"metric": "no_such", "kind": "number"}]}),
        ("briefing", "month.toml", {"slide": [{"metric": "clients", "kind": "pie"}]}),
        ("profile", "ohjaukset.toml", {"sheet": [{"table": "visit", "column": []}]}),
        ("profile", "ohjaukset.toml", {"sheet": [{"table": "encounter", "column": [{"header": "x", "field": "y"}]}]}),
        ("code-list", "channel.toml", {"code": [{"id": "Not an id", "fi": "a", "sv": "b", "en": "c"}]}),
        ("code-list", "channel.toml", {"code": [{"id": "phone", "fi": "Puhelin"}]}),
        ("language-list", "language.toml", {"code": [{"fi": "suomi"}]}),
    ],
)
def test_a_file_the_program_would_refuse_does_not_fit(kind: str, file: str, broken: dict[str, Any]) -> None:
    assert not validator(kind).is_valid(content(KINDS[kind] / file) | broken)


def test_where_a_docstring_breaks_its_lines_is_in_no_schema() -> None:
    told = [one for text in schemas().values() for one in descriptions(json.loads(text))]
    assert told
    assert [one for one in told if any("\n" in paragraph for paragraph in one.split("\n\n"))] == []


def descriptions(schema: Any) -> list[str]:
    if isinstance(schema, list):
        return [one for inner in schema for one in descriptions(inner)]
    if not isinstance(schema, dict):
        return []
    here = [schema["description"]] if isinstance(schema.get("description"), str) else []
    return here + [one for inner in schema.values() for one in descriptions(inner)]

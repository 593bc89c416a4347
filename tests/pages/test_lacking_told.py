"""What files lack is told with every answer that leaves the program: to programs as objects, to people in words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.applications import Starlette
from starlette.testclient import TestClient

from data.store.store import Store
from data.texts import LANGUAGES, Language, message
from metrics.cli import main
from pages.access import open_interface
from pages.api import door
from pages.downloads.about import About
from pages.tools.server import ToolServer
from tests.pages.drawn import open_page
from tests.pages.tools.conftest import used
from tests.pages.without_months import lacking

__all__ = ["lacking"]

ROWS = {
    "table": "encounter",
    "fields": [],
    "municipality": "905",
    "months": ["2026-04", "2026-05"],
    "partly": [],
}
SEX = {"table": None, "fields": ["sex"], "municipality": "272", "months": ["2026-01", "2026-02"], "partly": []}
QUARTER = "/api/ask?metric=clients&period=2026-Q2"
Told = Callable[..., Any]


@pytest.fixture(autouse=True)
def _served(lacking: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(lacking.path))
    monkeypatch.setenv(open_interface.SWITCH, "public")


@pytest.fixture
def ask(lacking: Store, capsys: pytest.CaptureFixture[str]) -> Told:
    """What the command line answers, as JSON or the rows of CSV."""

    def told(form: str, *words: str) -> Any:
        assert main(["ask", *words, "--format", form, "--store", str(lacking.path)]) == 0
        out = capsys.readouterr().out
        return json.loads(out) if form == "json" else list(csv.DictReader(io.StringIO(out)))

    return told


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=door.routes()))


@pytest.mark.parametrize("audience", ["protected", "internal"])
def test_json_of_the_command_line_has_it(ask: Told, audience: str) -> None:
    asked = ("clients", "--audience", audience)
    assert ask("json", *asked, "--period", "2026-Q2")["lacking"] == [ROWS]
    assert ask("json", *asked, "--period", "2026-Q2", "--compare", "year")["lacking"] == [ROWS]
    assert ask("json", *asked, "--period", "2026-ytd-06", "--by", "sex")["lacking"] == [ROWS, SEX]
    assert ask("json", *asked, "--period", "2025")["lacking"] == []


def test_each_row_of_csv_has_what_its_own_period_and_place_lack(ask: Told) -> None:
    def by_row(*words: str) -> list[str]:
        return [row["lacking"] for row in ask("csv", "clients", *words)]

    assert by_row("--period", "2026-Q2") == ["encounter@905=2026-04,2026-05"]
    assert by_row("--period", "2026-Q2", "--each", "month") == ["encounter@905=2026-04", "encounter@905=2026-05", ""]
    places = ask("csv", "clients", "--period", "2026-Q2", "--by", "municipality", "--compare", "year")
    assert {row["municipality"]: row["lacking"] for row in places} == {"272": "", "905": "encounter=2026-04,2026-05"}
    assert "lacking" not in ask("csv", "clients", "--period", "2025")[0]
    assert "lacking" not in ask("csv", "clients", "--period", "2025", "--compare", "year")[0]


def test_the_open_interface_has_it_in_every_format(client: TestClient) -> None:
    found = client.get(QUARTER).json()
    assert found["lacking"] == [ROWS]
    assert client.get("/api/ask?metric=clients&period=2025").json()["lacking"] == []
    statistics = client.get(f"{QUARTER}&format=json-stat&lang=en").json()
    assert statistics["extension"]["lacking"] == [ROWS]
    assert "Missing from the data: encounters (Vaasa, April–May 2026)." in statistics["note"][0]
    rows = list(csv.DictReader(io.StringIO(client.get(f"{QUARTER}&each=month&format=csv").text)))
    assert [row["lacking"] for row in rows] == ["encounter@905=2026-04", "encounter@905=2026-05", ""]
    # The columns are the same whatever the answer.
    assert (
        rows[0].keys()
        == next(
            csv.DictReader(
                io.StringIO(client.get(f"{QUARTER}&period=2025&format=csv".replace("&period=2026-Q2", "")).text)
            )
        ).keys()
    )


def test_of_several_metrics_each_data_set_has_its_own(client: TestClient) -> None:
    asked = "/api/ask?metric=clients,enrolments&period=2026-Q2&format=json-stat"
    items = client.get(asked).json()["link"]["item"]
    assert [one["extension"]["lacking"] for one in items] == [[ROWS], []]


def test_it_is_in_the_description(client: TestClient) -> None:
    told = client.get("/api/openapi.json").json()
    schema = {"$ref": "#/components/schemas/Answer", "components": told["components"]}
    asked = Draft202012Validator(schema)
    found = client.get("/api/ask?metric=clients&by=sex&period=2026-ytd-06").json()
    assert found["lacking"] == [ROWS, SEX]
    assert list(asked.iter_errors(found)) == []
    assert list(asked.iter_errors({**found, "lacking": None})) == []  # of a package it is not known
    for wrong in ({**ROWS, "months": "2026-04"}, {**ROWS, "more": 1}, {"table": "encounter"}):
        assert list(asked.iter_errors({**found, "lacking": [wrong]}))
    assert list(asked.iter_errors({name: value for name, value in found.items() if name != "lacking"}))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_model_is_told_in_words_too(lang: Language) -> None:
    told = used(ToolServer(lang), "ask", {"metric": ["clients"], "period": "2026-Q2"})[1]
    assert told["lacking"] == [ROWS]
    start = message("gaps", lang, tables="|").split("|")[0]
    assert sum(note.startswith(start) for note in told["notes"]) == 1
    whole = used(ToolServer(lang), "ask", {"metric": ["clients"], "period": "2025"})[1]
    assert whole["lacking"] == []
    assert not any(note.startswith(start) for note in whole["notes"])


@pytest.mark.parametrize(
    ("page", "lang"), [("demand", "fi"), ("overview", "sv"), ("quality", "en"), ("compare", "fi"), ("reach", "sv")]
)
def test_files_of_figures_and_tables_say_it(page: str, lang: Language, offered: list[About]) -> None:
    open_page(page, lang, period="2026-Q2")
    start = message("gaps", lang, tables="|").split("|")[0]
    assert offered
    for one in offered:
        assert any(line.startswith(start) for line in one.lines), one.title
    offered.clear()
    open_page(page, lang, period="2025-Q2")
    # Lines of all time go on to the months that lack.
    of_all_time = {one.title for one in offered if page == "compare"}
    assert {one.title for one in offered for line in one.lines if line.startswith(start)} <= of_all_time

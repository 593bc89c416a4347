"""`/api/ask`: the numbers that the command line tells visitors, and the same refusals."""

from __future__ import annotations

import csv
import io
import json
from math import prod

import pytest
from starlette.testclient import TestClient

from data.store.store import Store
from data.texts import LANGUAGES, texts
from metrics import cli
from metrics.model.definition import definitions
from tests.pages.api.conftest import NOW


def asked_at_the_command_line(store: Store, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.main(["ask", *words, "--store", str(store.path)]) == 0
    return capsys.readouterr().out


def test_it_answers_as_the_command_line_does(
    client: TestClient, released: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("clients", "encounters", "--by", "language", "--where", "sex=female,male", "--period", NOW)
    told = json.loads(asked_at_the_command_line(released, capsys, *words, "--format", "json"))
    answer = client.get(f"/api/ask?metric=clients,encounters&by=language&where=sex:female,male&period={NOW}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    found = answer.json()
    assert found["rows"] == told["rows"]
    assert len(found["rows"]) > 20
    assert found["audience"] == "protected"
    assert found["data_until"] == found["closed_until"] == told["closed_until"]
    assert found["release"] == 1
    assert "generation" not in found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_grammar_refuses_is_said_in_the_language_of_whoever_asks(lang: str, client: TestClient) -> None:
    answer = client.get(f"/api/ask?metric=clients&by=langage&lang={lang}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    found = answer.json()
    said = texts(lang)("refusal.question.unknown_dimension", metric="clients", dimension="langage")
    assert found["detail"].startswith(said)
    assert (found["reason"], found["status"]) == ("unknown_dimension", 400)
    assert "language" in found["nearest"]


def test_csv_has_the_values_of_json_and_always_the_same_columns(client: TestClient) -> None:
    asked = f"/api/ask?metric=clients&by=language&period={NOW}"
    told = client.get(asked).json()["rows"]
    text = client.get(asked + "&format=csv").text
    found = list(csv.DictReader(io.StringIO(text)))
    assert [one["language"] for one in found] == [row["language"] for row in told]
    assert [one["value"] or None for one in found] == [
        None if row["value"] is None else str(row["value"]) for row in told
    ]
    assert [(one["state"], one["bound"] or None) for one in found] == [(row["state"], row.get("bound")) for row in told]
    empty = client.get(asked.replace(NOW, "2012") + "&format=csv").text
    assert empty.splitlines()[0] == text.splitlines()[0]


def test_json_stat_tells_why_a_value_is_not_shown(client: TestClient) -> None:
    asked = f"/api/ask?metric=clients&by=language&by=sex&period={NOW}&lang=sv"
    rows = client.get(asked).json()["rows"]
    answer = client.get(asked + "&format=json-stat")
    found = answer.json()
    assert (found["version"], found["class"], found["id"]) == ("2.0", "dataset", ["language", "sex", "period"])
    assert found["value"] == [row["value"] for row in rows]
    hidden = {str(i): row["state"] for i, row in enumerate(rows) if row["value"] is None}
    assert found["status"] == hidden
    assert hidden
    assert found["extension"]["bound"] == dict.fromkeys(hidden, "<10")
    assert found["dimension"]["language"]["category"]["label"]["so"] == "Somaliska"
    assert found["role"]["time"] == ["period"]
    assert prod(found["size"]) == len(found["value"])


def test_json_stat_of_several_metrics_is_a_collection(client: TestClient) -> None:
    found = client.get(f"/api/ask?metric=clients,solved_share&period={NOW}&format=json-stat").json()
    items = found["link"]["item"]
    assert (found["class"], [one["extension"]["metric"] for one in items]) == (
        "collection",
        ["clients", "solved_share"],
    )
    assert [one["extension"]["unit"] for one in items] == ["clients", "%"]


def test_json_stat_of_service_points_has_their_names(client: TestClient) -> None:
    asked = f"/api/ask?metric=encounters&by=service_point&period={NOW}&format=json-stat&lang=en"
    names = client.get(asked).json()["dimension"]["service_point"]["category"]["label"]
    assert len(names) > 3
    assert all(name and code != name for code, name in names.items())


def test_every_kind_of_metric_has_a_json_stat_of_its_rows(client: TestClient) -> None:
    kinds = {one.kind: one for one in definitions().values()}
    assert len(kinds) > 8
    for one in kinds.values():
        params = {"metric": one.id, "by": list(one.requires), "period": "2025"}
        rows = client.get("/api/ask", params=params).json()["rows"]
        found = client.get("/api/ask", params=params | {"format": "json-stat"}).json()
        assert sorted(map(str, found["value"])) == sorted(str(row["value"]) for row in rows), one.id
        for lang in LANGUAGES:
            told = client.get("/api/ask", params=params | {"format": "json-stat", "lang": lang}).json()["dimension"]
            assert not [name for name, dimension in told.items() if dimension["label"] == name]


def test_json_stat_names_dimensions_in_the_language_that_is_asked_for(client: TestClient) -> None:
    asked = f"/api/ask?metric=clients&by=language&by=sex&period={NOW}&format=json-stat&lang="
    for lang, names in {"fi": ["Kieli", "Sukupuoli"], "sv": ["Språk", "Kön"], "en": ["Language", "Sex"]}.items():
        found = client.get(asked + lang).json()["dimension"]
        assert [found[name]["label"] for name in ("language", "sex")] == names
        assert found["period"]["label"] == texts(lang)("parameter.period")


def test_a_row_for_each_month_is_asked_as_at_the_command_line(client: TestClient) -> None:
    rows = client.get("/api/ask?metric=clients&period=2026-ytd-10&each=month").json()["rows"]
    assert [row["period"] for row in rows] == [f"2026-{month:02}" for month in range(1, 11)]

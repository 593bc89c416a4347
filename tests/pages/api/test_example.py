"""Figures of the example municipality say in every format that they are made up; those of a municipality never do."""

from __future__ import annotations

import csv
import io

import pytest
from starlette.testclient import TestClient

from data.store.store import Store
from data.texts import LANGUAGES, message

ASKED = "/api/ask?metric=clients&period=2025"


def marks(client: TestClient, lang: str = "fi") -> set[bool]:
    """Whether each place says so."""
    said = message("page.sample", lang)
    statistics = client.get(f"{ASKED}&format=json-stat&lang={lang}").json()
    catalogue = client.get("/api/catalog.jsonld").json()
    [line] = csv.DictReader(io.StringIO(client.get(f"{ASKED}&format=csv").text))
    return {
        *(client.get(path).json()["example"] for path in ("/api", "/api/metrics", "/api/metrics/clients", ASKED)),
        client.get("/api/dimensions/sex").json()["example"],
        statistics["extension"].get("example", False),
        statistics.get("note") == [said],
        line["example"] == "true",
        any(said in one["@value"] for one in catalogue["dct:description"]),
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_example_says_so(client: TestClient, lang: str) -> None:
    assert marks(client, lang) == {True}


def test_a_municipality_does_not(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "is_sample", False)
    assert marks(client) == {False}

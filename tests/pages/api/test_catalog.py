"""The catalogue of data sets: what DCAT-AP asks for, and addresses that answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from metrics.model.definition import definitions
from pages.api.catalog import CONTEXT


@pytest.fixture
def told(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("TILANNEKUVA_PUBLISHER", "Turun kaupunki")
    monkeypatch.setenv("TILANNEKUVA_LICENCE", "CC-BY-4.0")
    answer = client.get("/api/catalog.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    return dict(answer.json())


def nodes(found: Any) -> Iterator[dict[str, Any]]:
    if isinstance(found, dict):
        yield found
        for inner in found.values():
            yield from nodes(inner)
    elif isinstance(found, list):
        for inner in found:
            yield from nodes(inner)


def test_every_name_is_of_a_vocabulary_and_every_address_whole(told: dict[str, Any]) -> None:
    assert told.pop("@context") == CONTEXT
    for node in nodes(told):
        for name in node:
            assert name.startswith("@") or name.split(":")[0] in CONTEXT, name
        if "@value" in node:
            assert set(node) <= {"@value", "@language", "@type"}
            if node.get("@type") == "xsd:date":
                date.fromisoformat(node["@value"])
        assert node.get("@id", "http://").startswith(("http://", "https://"))


def test_what_the_profile_requires_is_there(told: dict[str, Any]) -> None:
    assert {"dct:title", "dct:description", "dct:publisher", "dct:license", "dct:issued"} <= set(told)
    assert told["dct:publisher"]["foaf:name"] == "Turun kaupunki"
    assert [one["dct:identifier"] for one in told["dcat:dataset"]] == list(definitions())
    for one in told["dcat:dataset"]:
        assert {"dct:title", "dct:description", "dct:temporal", "dcat:theme", "dct:publisher"} <= set(one)
        assert one["dct:temporal"]["dcat:endDate"]["@value"] == "2026-10-31"
        assert [part["@language"] for part in one["dct:title"]] == ["fi", "sv", "en"]
        assert {part["dct:title"] for part in one["dcat:distribution"]} == {"csv", "json-stat"}


def test_every_distribution_can_be_had(told: dict[str, Any], client: TestClient) -> None:
    links = [part["dcat:accessURL"]["@id"] for one in told["dcat:dataset"] for part in one["dcat:distribution"]]
    for link in links[::9]:
        assert client.get(link).status_code == 200, link


def test_what_nobody_has_said_is_left_out(client: TestClient) -> None:
    found = client.get("/api/catalog.jsonld").json()
    assert not [node for node in nodes(found) if {"dct:publisher", "dct:license"} & set(node)]


@pytest.mark.parametrize(
    ("licence", "told"),
    [
        ("CC0-1.0", {"@id": "http://publications.europa.eu/resource/authority/licence/CC0"}),
        ("https://kunta.fi/ehdot", {"@id": "https://kunta.fi/ehdot"}),
        ("Kunnan ehdot", {"@type": "dct:LicenseDocument", "dct:title": "Kunnan ehdot"}),
    ],
)
def test_a_licence_is_an_address_where_there_is_one(
    licence: str, told: dict[str, str], client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILANNEKUVA_LICENCE", licence)
    assert client.get("/api/catalog.jsonld").json()["dct:license"] == told

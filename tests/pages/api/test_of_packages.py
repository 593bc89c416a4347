"""The open interface of a published site: the numbers of its packages, whose publishers are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from metrics.ask import ask
from metrics.grammar.question import Question
from pages.access import open_interface, published
from tests.metrics.packages.conftest import DIMENSIONS, METRICS, PERIOD, Made, two
from tilannekuva.publishing import fill

__all__ = ["two"]


@pytest.fixture(autouse=True)
def site(two: tuple[Made, Made], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = []
    for one, name in zip(two, ("turku", "salo"), strict=True):
        files.append(tmp_path / f"{name}.tkp")
        files[-1].write_bytes(one.package.content)
    fill(tmp_path / "published", files)
    (tmp_path / "store").mkdir()
    monkeypatch.setenv("TILANNEKUVA_STORE", str(tmp_path / "store"))
    monkeypatch.setenv(published.FOLDER, str(tmp_path / "published"))
    monkeypatch.delenv(open_interface.SWITCH)
    return tmp_path / "store"


def test_the_numbers_are_those_of_the_store_a_package_was_made_of(
    client: TestClient, two: tuple[Made, Made], site: Path
) -> None:
    publications = client.get("/api").json()["publications"]
    assert [one["name"] for one in publications] == ["Salo · Salon kaupunki", "Turku · Turun kaupunki"]
    for made, one in zip(two[::-1], publications, strict=True):
        where = made.scope.where
        told = ask(Question(("clients", "solved_share"), ("language",), where, PERIOD), made.store, made.release)
        asked = f"/api/ask?metric=clients&metric=solved_share&by=language&period={PERIOD}&of={one['of']}"
        found = client.get(asked).json()
        assert [(row["language"], row["value"], row["state"], row["n"]) for row in found["rows"]] == [
            (row.codes["language"], row.value, row.state, row.n) for row in told.rows
        ]
        assert found["publisher"] == made.key.publisher.name
        assert found["licence"] == "CC-BY-4.0"
        assert found["release"] == 1
        assert found["example"] is True
    assert list(site.iterdir()) == []


def test_what_is_told_is_what_the_packages_hold(client: TestClient) -> None:
    found = {one["id"]: one for one in client.get("/api/metrics").json()["metrics"]}
    assert set(found) == set(METRICS)
    assert set(found["clients"]["dimensions"]) == set(DIMENSIONS)
    for path in ("/api/metrics/reach_per_1000", "/api/dimensions/channel", "/api/dimensions/service_point"):
        assert client.get(path).status_code == 404
    assert client.get("/api/dimensions/topic").status_code == 200
    links = [
        part["dcat:accessURL"]["@id"]
        for one in client.get("/api/catalog.jsonld").json()["dcat:dataset"]
        for part in one["dcat:distribution"]
    ]
    assert len(links) == 2 * len(METRICS)
    for link in links:
        assert client.get(link).status_code == 200, link


def test_what_a_package_does_not_hold_is_refused_in_words(client: TestClient) -> None:
    for asked, reason in (
        (f"metric=clients&by=municipality&period={PERIOD}", "not_in_package"),
        ("metric=clients&period=2025", "period_not_in_package"),
        ("metric=clients&of=nobody", "unknown_publication"),
    ):
        answer = client.get(f"/api/ask?{asked}")
        assert (answer.status_code, answer.json()["reason"]) == (400, reason)


def test_a_package_that_is_damaged_is_told_without_a_path(client: TestClient, site: Path) -> None:
    for file in (site.parent / "published" / "packages").glob("*.tkp"):
        file.write_bytes(file.read_bytes()[:-1])
    answer = client.get("/api/ask?metric=clients")
    assert (answer.status_code, answer.json()["reason"]) == (503, "unavailable")
    assert "/" not in answer.json()["detail"]

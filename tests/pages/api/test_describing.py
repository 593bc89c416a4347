"""What the interface tells of what can be asked: all of it can be, and nothing else is told."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from data.store.store import Store
from data.texts import LANGUAGES
from metrics.audience import PROTECTED
from metrics.grammar.question import MOST_DIMENSIONS
from metrics.model.definition import definitions
from metrics.model.dimensions import service_points
from tests.pages.api.conftest import NOW


def test_the_first_page_leads_to_the_others(client: TestClient) -> None:
    found = client.get("/api").json()
    assert found["periods"][0] == "all"
    assert NOW in found["periods"]
    assert found["closed_until"] == "2026-10-31"
    for name, link in found["links"].items():
        assert link.startswith("http://testserver/api/"), name
    assert client.get(found["links"]["example"]).headers["content-type"].startswith("text/csv")
    assert client.get("/api/").json() == found


def test_every_metric_is_told_as_it_is_defined(client: TestClient) -> None:
    found = {one["id"]: one for one in client.get("/api/metrics").json()["metrics"]}
    assert list(found) == list(definitions())
    for one in definitions().values():
        told = found[one.id]
        for lang in LANGUAGES:
            assert (told["name"][lang], told["text"][lang]) == (one.name[lang], one.text[lang])
        for name in ("unit", "version", "good", "kind", "group"):
            assert told[name] == getattr(one, name)
        for name, known in (("dimensions", one.allowed), ("sources", one.sources), ("requires", one.requires)):
            assert tuple(told[name]) == known
    alone = client.get("/api/metrics/clients").json()
    assert alone.items() >= found["clients"].items()


def test_what_is_told_can_be_asked(client: TestClient) -> None:
    for one in client.get("/api/metrics").json()["metrics"][::7]:
        by = list(dict.fromkeys([*one["requires"], one["dimensions"][0]]))[:MOST_DIMENSIONS]
        answer = client.get("/api/ask", params={"metric": one["id"], "by": by, "period": NOW})
        assert answer.status_code == 200, answer.text


def test_codes_have_their_names_and_groups(client: TestClient) -> None:
    found = client.get("/api/dimensions/language").json()
    told = {one["code"]: one for one in found["codes"]}
    assert told["so"]["name"] == {"fi": "Somali", "sv": "Somaliska", "en": "Somali"}
    assert told["so"]["language_group"] in {
        one["code"] for one in client.get("/api/dimensions/language_group").json()["codes"]
    }
    assert [one["code"] for one in found["codes"] if one["is_unknown"]] == [found["codes"][-1]["code"]]


def test_codes_that_metrics_do_not_share_are_told_of_one(client: TestClient) -> None:
    refused = client.get("/api/dimensions/kind").json()
    codes = {
        tuple(one["code"] for one in client.get(f"/api/dimensions/kind?metric={metric}").json()["codes"])
        for metric in refused["nearest"]
    }
    assert len(codes) > 1


def test_service_points_are_those_that_visitors_know(client: TestClient, released: Store) -> None:
    codes = [one["code"] for one in client.get("/api/dimensions/service_point").json()["codes"]]
    assert codes == list(service_points(released, released.released(), PROTECTED))


@pytest.mark.parametrize("path", ["/api", "/api/metrics", "/api/metrics/clients", "/api/dimensions/language"])
def test_publisher_and_licence_are_told_where_they_are_known(
    path: str, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get(path)
    assert (first.json()["publisher"], first.json()["licence"]) == (None, None)
    monkeypatch.setenv("TILANNEKUVA_PUBLISHER", "Turun kaupunki")
    monkeypatch.setenv("TILANNEKUVA_LICENCE", "CC-BY-4.0")
    again = client.get(path, headers={"if-none-match": first.headers["etag"]}).json()
    assert (again["publisher"], again["licence"]) == ("Turun kaupunki", "CC-BY-4.0")

"""Whatever is asked: an answer or a refusal, never a fault, and no number that visitors are not told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from data.store.store import Store
from metrics.ask import ask
from metrics.audience import PROTECTED
from metrics.grammar.question import Question, QuestionError
from metrics.model.definition import definitions
from pages.access import open_interface
from pages.api import bounds, door

LEGAL = (200, 304, 400, 404, 405, 406, 414)
CHEAP = ("clients", "encounters", "solved_share", "referrals", "enrolments")
PERIODS = ("all", "2025", "2026-ytd-10", "2025-Q3", "2026-10")


@pytest.fixture(scope="module")
def client(released: Store) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TILANNEKUVA_STORE", str(released.path))
        patch.setenv(open_interface.SWITCH, "public")
        patch.setattr(bounds, "A_MINUTE", 1_000_000)
        with TestClient(Starlette(routes=door.routes())) as made:
            yield made


WORDS = st.one_of(
    st.sampled_from(
        [
            *CHEAP,
            *PERIODS,
            "language",
            "topic",
            "municipality",
            "sex",
            "language:so",
            "sex:female",
            "region:02",
            "month",
        ]
    ),
    st.sampled_from(
        ["json", "csv", "json-stat", "fi", "sv", "en", "internal", "protected", "", ",", ":", "\x00", "=1+1"]
    ),
    st.text(max_size=20),
)
NAMES = st.one_of(
    st.sampled_from(["metric", "by", "where", "period", "each", "format", "lang", "of", "audience"]),
    st.text(max_size=8),
)
PATHS = st.one_of(
    st.sampled_from(
        ["", "/ask", "/metrics", "/metrics/clients", "/dimensions/topic", "/openapi.json", "/catalog.jsonld"]
    ),
    st.text(max_size=12).map(lambda text: "/" + quote(text, safe="/")),
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=PATHS,
    pairs=st.lists(st.tuples(NAMES, WORDS), max_size=6),
    method=st.sampled_from(["GET", "GET", "GET", "HEAD", "POST"]),
    accept=st.sampled_from(["*/*", "text/csv", "application/json", "x", "a/b;q=z, */*;q=", ";,;", ""]),
)
def test_anything_is_answered_or_refused(
    client: TestClient, path: str, pairs: list[tuple[str, str]], method: str, accept: str
) -> None:
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)
    answer = client.request(method, f"/api{path}?{query}", headers={"accept": accept, "accept-language": accept})
    assert answer.status_code in LEGAL
    if answer.status_code >= 400 and method != "HEAD":
        assert answer.json()["detail"]
    assert "Traceback" not in answer.text


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.binary(max_size=60))
def test_any_bytes_are_answered_or_refused(client: TestClient, query: bytes) -> None:
    assert client.get(f"/api/ask?metric=clients&{quote(query, safe='&=%+;')}").status_code in LEGAL


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    metrics = draw(st.lists(st.sampled_from(CHEAP), min_size=1, max_size=2, unique=True))
    names = ["language", "topic", "municipality", "sex", "age_group"]
    by = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
    fixed = draw(st.sampled_from([(), (("sex", ("female",)),), (("language", ("so", "ar")),)]))
    where = tuple(one for one in fixed if one[0] not in by)
    period, each = draw(st.sampled_from(PERIODS)), draw(st.sampled_from([None, "month", "year"]))
    return {"metrics": tuple(metrics), "by": tuple(by), "where": where, "period": period, "each": each}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=questions())
def test_every_number_is_what_visitors_are_told(client: TestClient, released: Store, asked: dict[str, Any]) -> None:
    params: dict[str, Any] = {"metric": asked["metrics"], "by": asked["by"], "period": asked["period"]}
    params["where"] = [f"{name}:{','.join(codes)}" for name, codes in asked["where"]]
    if asked["each"]:
        params["each"] = asked["each"]
    answer = client.get("/api/ask", params=params).json()
    if "reason" in answer:
        with pytest.raises(QuestionError, match=answer["reason"]):
            ask(Question(**asked, audience=PROTECTED), released)
    else:
        told = ask(Question(**asked, audience=PROTECTED), released)
        assert answer["rows"] == [row.flat() for row in told.rows]


def test_the_metrics_that_are_tried_exist() -> None:
    assert set(CHEAP) <= set(definitions())

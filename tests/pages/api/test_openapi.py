"""The description is that of the routes: every place and parameter is in it and answers as it says, and nothing else does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from pages.api.errors import STATUSES
from tests.pages.api.conftest import NOW


@pytest.fixture
def told(client: TestClient) -> dict[str, Any]:
    return dict(client.get("/api/openapi.json").json())


def schema(told: dict[str, Any], name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": told["components"]})


def test_it_is_openapi_and_all_it_refers_to_is_there(told: dict[str, Any]) -> None:
    assert told["openapi"].startswith("3.1")
    assert told["servers"] == [{"url": "http://testserver/api"}]
    names = [one["get"]["operationId"] for one in told["paths"].values()]
    assert len(set(names)) == len(names) > 5
    for reference in set(re.findall(r"'\$ref': '#/([^']+)'", str(told))):
        found: Any = told
        for step in reference.split("/"):
            found = found[step]
        assert found
    for one in told["components"]["schemas"].values():
        Draft202012Validator.check_schema(one)
    for one in told["paths"].values():
        for parameter in one["get"].get("parameters", ()):
            Draft202012Validator.check_schema(parameter["schema"])


def test_every_place_answers_what_it_says(told: dict[str, Any], client: TestClient) -> None:
    for path, one in told["paths"].items():
        asked = path.replace("{id}", "clients").replace("{name}", "language")
        answer = client.get(f"/api{asked}", params={"metric": "clients"} if path == "/ask" else {})
        assert answer.status_code == 200, path
        assert answer.headers["content-type"] in one["get"]["responses"]["200"]["content"], path


def test_every_parameter_is_known_and_every_other_refused(told: dict[str, Any], client: TestClient) -> None:
    values = {"where": "language:so", "by": "topic", "metric": "clients", "period": "2025", "each": "month", "of": ""}
    for path, one in told["paths"].items():
        asked = "/api" + path.replace("{id}", "clients").replace("{name}", "language")
        named = {one["name"] for one in one["get"].get("parameters", ()) if one["in"] == "query"}
        needed = {"metric": "clients"} if path == "/ask" else {}
        for name in named:
            known = next(p for p in one["get"]["parameters"] if p["name"] == name)["schema"]
            value = values.get(name) or next(iter(known.get("enum", [""])))
            assert client.get(asked, params=needed | {name: value}).status_code == 200, (path, name)
        answer = client.get(asked, params=needed | {"other": "x"})
        assert answer.json()["reason"] == "unknown_parameter"
        assert set(answer.json()["nearest"]) <= named | {
            "of"
        }  # which is described where there is something to choose from


def test_answers_and_refusals_are_of_their_schemas(told: dict[str, Any], client: TestClient) -> None:
    answers = [
        client.get(f"/api/ask?metric={metric}&by=language&period={NOW}").json()
        for metric in ("clients", "solved_share", "referral_days", "days_to_employment", "employed_by")
    ]
    assert sum(len(one["rows"]) for one in answers) > 50
    for one in answers:
        assert list(schema(told, "Answer").iter_errors(one)) == []
    broken = {**answers[0], "rows": [{**answers[0]["rows"][0], "value": "many"}]}
    assert list(schema(told, "Answer").iter_errors(broken))
    refused = client.get("/api/ask?metric=client").json()
    assert list(schema(told, "Problem").iter_errors(refused)) == []


def test_every_status_that_is_given_is_described(told: dict[str, Any]) -> None:
    for one in told["paths"].values():
        assert {str(status) for status in STATUSES} <= set(one["get"]["responses"])

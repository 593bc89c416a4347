"""What opens the interface, and which doors it opens with itself: none."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pages.access import open_interface, published
from tests.pages.access.test_guard import FOREIGN, Asked, options

__all__ = ["options"]

FROM_ELSEWHERE = [headers for headers in FOREIGN if "origin" in headers]
OF_ANOTHER_NAME = [headers for headers in FOREIGN if "host" in headers]


@pytest.mark.parametrize(
    ("said", "site", "is_open"),
    [(None, False, False), ("public", False, True), ("1", False, False), (None, True, True), ("off", True, False)],
)
def test_it_is_closed_unless_a_setting_opens_it_or_the_site_is_published(
    said: str | None, site: bool, is_open: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: TestClient
) -> None:
    monkeypatch.delenv(open_interface.SWITCH)
    if said is not None:
        monkeypatch.setenv(open_interface.SWITCH, said)
    if site:
        monkeypatch.setenv(published.FOLDER, str(tmp_path))
    assert open_interface.is_open() == is_open
    answer = client.get(
        "/api/ask?metric=clients", headers={"authorization": "Bearer x", "x-forwarded-for": "127.0.0.1"}
    )
    assert (answer.status_code == 404) == (not is_open)


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=str)
@pytest.mark.parametrize("path", ["/api", "/api/ask?metric=clients"])
def test_pages_of_other_sites_may_read_it_where_it_is_open(
    path: str, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Asked(path, "GET", "http", (), **headers).status == 200
    assert {Asked(path, method, "http", (), **headers).status for method in ("POST", "PUT", "DELETE")} == {403}
    monkeypatch.setenv(open_interface.SWITCH, "off")
    assert Asked(path, "GET", "http", (), **headers).status == 403


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=str)
def test_nothing_else_is_open_with_it(headers: dict[str, str]) -> None:
    for path in ("/", "/kysynta", "/apia", "/avaa", "/media/api", "/_stcore/upload_file/a/b", "/_stcore/api"):
        assert Asked(path, "GET", "http", (), **headers).status == 403
    assert Asked("/api", "GET", "websocket", (), **headers).sent == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize("headers", OF_ANOTHER_NAME, ids=str)
def test_another_name_is_refused_also_there(headers: dict[str, str]) -> None:
    assert Asked("/api", "GET", "http", (), **headers).status == 403

"""Headers close the local door, and open nothing."""

from __future__ import annotations

import pytest

from pages.access.closing import is_from_elsewhere, is_loopback

HERE = {"Host": "127.0.0.1:8501", "Origin": "http://127.0.0.1:8501"}


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8501", "localhost:80", "[::1]:8501", "127.8.9.1", "LOCALHOST"]
)
def test_loopback_hosts(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [None, "", "0.0.0.0", "10.0.0.4:8501", "tilannekuva.fi", "localhost.evil.fi", "127.0.0.1.evil.fi", "[::1", "x:y:z"],
)
def test_every_other_host_is_not(host: str | None) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "marks",
    [
        {"Host": "tilannekuva.kunta.fi"},
        {"Origin": "https://tilannekuva.kunta.fi"},
        {"Origin": "null"},
        {"X-Forwarded-For": "10.0.0.4"},
        {"x-forwarded-proto": "https"},
        {"Forwarded": "for=10.0.0.4"},
        {"Via": "1.1 proxy"},
        {"X-Real-IP": "10.0.0.4"},
    ],
)
def test_any_sign_of_a_proxy_or_another_host_is_protected(marks: dict[str, str]) -> None:
    assert not is_from_elsewhere(HERE)
    assert is_from_elsewhere(HERE | marks)


def test_without_headers_nothing_is_known() -> None:
    assert is_from_elsewhere({})

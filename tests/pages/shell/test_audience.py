"""Exact values never leave the machine the app runs on."""

from __future__ import annotations

import pytest

from pages.shell.audience import internal_allowed, is_loopback

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


@pytest.mark.parametrize(("switch", "allowed"), [(None, True), ("1", True), ("0", False)])
def test_at_the_machine_itself_the_switch_decides(switch: str | None, allowed: bool) -> None:
    assert internal_allowed("127.0.0.1", HERE, switch) is allowed


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.168.1.4"])
def test_a_server_open_to_the_network_is_protected(address: str | None) -> None:
    assert not internal_allowed(address, HERE, None)


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
    assert not internal_allowed("127.0.0.1", HERE | marks, None)


def test_without_headers_nothing_is_known() -> None:
    assert not internal_allowed("127.0.0.1", {}, None)

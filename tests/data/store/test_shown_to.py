"""Releases and how many have been shown each: counted from the log, which a damaged or an endless line does not keep from it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.store import shown_to
from data.store.acting import record
from data.store.audit import AuditLog, What
from data.store.releases import follow, open_to_others
from data.store.shown_to import shown_releases
from tests.metrics.made import store_of


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Two releases; the first one asked by visitors twice, by two people who have signed in, and taken out by one of them."""
    rows = [{"client": 1 + number, "occurred_on": date(2025, 12, 1 + number % 31)} for number in range(60)]
    made = store_of(tmp_path / "store", {"encounter": rows})
    open_to_others(made)
    lines: list[tuple[What, str]] = [
        ("asked", "visitor"), ("asked", "visitor"), ("asked", "entra:1"), ("asked", "entra:1"), ("exported", "entra:1"),
        ("asked", "entra:2"), ("asked", "local"), ("asked", "command line:root"), ("exported", "visitor"),
    ]  # fmt: skip
    for what, who in lines:
        record(made.path, what, {"question": "clients", "release": 1}, who)
    record(made.path, "asked", {"question": "clients", "generation": 1}, "entra:3")
    follow(made, "now")
    record(made.path, "sent", {"question": "report", "release": 2, "recipients": 4, "failed": 1}, "server")
    return made.path


def test_each_release_with_how_many_have_seen_it(store: Path) -> None:
    second, first = shown_releases(store, 12)
    assert (first.number, first.visitors, first.people, first.files, first.recipients) == (1, 2, 2, 2, 0)
    assert (second.number, second.visitors, second.people, second.files, second.recipients) == (2, 0, 0, 0, 4)
    assert first.until == second.until == date(2025, 12, 31)
    assert first.days == (first.made - date(2025, 12, 31)).days if first.made else False
    assert [one.number for one in shown_releases(store, 1)] == [2]


def test_who_it_was_is_not_told(store: Path) -> None:
    assert "entra" not in repr([(one.people, one.visitors) for one in shown_releases(store, 12)])
    assert "entra" not in repr(shown_releases(store, 12))


def test_what_is_no_line_is_passed_over(store: Path) -> None:
    before = repr(shown_releases(store, 12))
    file = AuditLog(store).files()[-1]
    odd = [
        b'{"release":',
        b"[]",
        b'{"what":"asked","who":1,"about":{"release":"x"}}',
        b'{"what":"asked","about":{"release":1}}',
        b"\xff",
    ]
    odd += [b'{"what":"asked","who":"visitor","about":[],"x":{"release":1}}']
    file.write_bytes(b"\n".join(odd) + b"\n" + file.read_bytes())
    assert repr(shown_releases(store, 12)) == before


def test_a_long_log_is_read_from_its_end(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = AuditLog(store).files()[-1]
    file.rename(file.with_name("2020-01.jsonl"))
    file.write_bytes(b'{"what":"asked","who":"visitor","about":{"release":9},"release":1}\n')
    monkeypatch.setattr(shown_to, "MOST_BYTES", file.stat().st_size)
    assert [one.number for one in shown_releases(store, 12)] == [9]


def test_a_store_without_a_log_has_none(tmp_path: Path) -> None:
    assert shown_releases(tmp_path, 12) == ()

"""Visitors fill their part of the log and no more; what is left out is told, and nobody else's line is."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store import allowance
from data.store.acting import Waiting
from data.store.audit import AuditLog
from data.store.audit_check import check


class Asking:
    """A store, a clock, and people who ask."""

    def __init__(self, store: Path) -> None:
        (store / "store.json").touch()
        self.store, self.time = store, 0.0
        self.waiting = Waiting(pause=3600, clock=lambda: self.time)

    def ask(self, count: int, who: str = "visitor", text: str = "clients") -> None:
        for number in range(count):
            words = f"{text} {number} {self.time}"
            self.waiting.note(self.store, "asked", lambda words=words: {"question": words}, who, (who, words))  # type: ignore[misc]

    def lines(self, what: str, who: str) -> list[object]:
        self.waiting.flush(at_end=False)
        return [
            line.about.get("lines", "") for line in AuditLog(self.store).lines() if (line.what, line.who) == (what, who)
        ]


@pytest.fixture
def asking(tmp_path: Path) -> Asking:
    return Asking(tmp_path)


def test_a_flood_of_questions_fills_the_hours_part_and_crowds_nobody_out(asking: Asking) -> None:
    for _ in range(20):
        asking.ask(3_000)
        asking.ask(5, "entra:1", "mine")
        asking.time += 1
    assert len(asking.lines("asked", "visitor")) == allowance.MOST_LINES
    assert len(asking.lines("asked", "entra:1")) == 100
    assert asking.lines("missed", "log") == []
    assert sum(file.stat().st_size for file in AuditLog(asking.store).files()) < allowance.MOST_BYTES
    assert check(asking.store).is_whole


def test_what_was_left_out_is_published_at_once_and_once_an_hour(asking: Asking) -> None:
    asking.ask(allowance.MOST_LINES)
    assert asking.lines("missed", "visitor") == []
    asking.ask(7, text="more")
    assert asking.lines("missed", "visitor") == [7]
    for _ in range(100):
        asking.ask(2, text="still more")
        asking.time += 30
    assert asking.lines("missed", "visitor") == [7], "a line for each would be a flood of its own"
    asking.time += 601
    assert asking.lines("missed", "visitor") == [7, 200]
    asking.ask(3, text="in the next hour")
    assert len(asking.lines("asked", "visitor")) == allowance.MOST_LINES + 3


def test_what_was_left_out_is_told_when_the_program_ends(asking: Asking) -> None:
    asking.ask(allowance.MOST_LINES + 1)
    assert asking.lines("missed", "visitor") == [1]
    asking.ask(4, text="more")
    assert asking.lines("missed", "visitor") == [1]
    asking.waiting.flush()
    assert asking.lines("missed", "visitor") == [1, 4]


def test_long_lines_fill_it_sooner(asking: Asking) -> None:
    asking.ask(allowance.MOST_LINES, text="ä" * 2_000)
    assert 200 < len(asking.lines("asked", "visitor")) < 260
    size = sum(file.stat().st_size for file in AuditLog(asking.store).files())
    assert size == pytest.approx(allowance.MOST_BYTES, rel=0.02)


def test_a_flood_does_not_hide_that_somebody_tries_keys(asking: Asking) -> None:
    asking.ask(allowance.MOST_LINES + 1)
    asking.waiting.note(asking.store, "key_refused", dict, "visitor")
    assert len(asking.lines("key_refused", "visitor")) == 1

"""What repeats without end is told some times an hour, and how many were left out."""

from __future__ import annotations

import json
import logging

from pages.access.logs import JsonLines
from pages.access.repeats import MOST, Seldom


def record(line: int = 1, name: str = "streamlit", error: Exception | None = None) -> logging.LogRecord:
    told = (type(error), error, None) if error else None
    return logging.LogRecord(name, logging.ERROR, "file.py", line, "it failed", (), told)


def test_a_flood_is_told_some_times_an_hour_and_how_much_was_left_out() -> None:
    time = [0.0]
    seldom = Seldom(lambda: time[0])
    assert [seldom(record()) for _ in range(500)] == [True] * MOST + [False] * (500 - MOST)
    time[0] = 3599
    assert not seldom(record())
    time[0] = 3600
    assert seldom(again := record())
    assert json.loads(JsonLines().format(again))["left_out"] == 501 - MOST
    assert seldom(then := record())
    assert "left_out" not in json.loads(JsonLines().format(then))


def test_it_hides_nothing_else() -> None:
    seldom = Seldom()
    for _ in range(100):
        seldom(record(error=TypeError()))
    assert seldom(record(error=ValueError()))
    assert seldom(record())
    assert seldom(record(line=2, error=TypeError()))
    assert seldom(record(name="pages", error=TypeError()))


def test_it_remembers_no_more_than_it_must() -> None:
    seldom = Seldom()
    for line in range(5_000):
        assert seldom(record(line))
    assert len(seldom._told) < 1_000

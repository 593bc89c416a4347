"""Enrolments and outcomes for tests, whose days are counted from 2 January 2023."""

from datetime import date, timedelta
from typing import Any

START = date(2023, 1, 2)
LATE = 800
"""Day on which everyone not said otherwise is still followed."""


def enrolled(
    client: int, followed: int | None = LATE, *, on: int = 0, ended: int | None = None, **more: Any
) -> dict[str, Any]:
    """An enrolment; all days are days from 2 January 2023."""
    days = {"started_on": on, "followed_until": followed, "ended_on": ended}
    return {"client": client} | {k: START + timedelta(v) for k, v in days.items() if v is not None} | more


def outcome(client: int, on: int, kind: str = "employment_open", ended: int | None = None) -> dict[str, Any]:
    last = {} if ended is None else {"ended_on": START + timedelta(ended)}
    return {"client": client, "started_on": START + timedelta(on), "kind": kind} | last

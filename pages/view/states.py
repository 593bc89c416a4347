"""Why a value is not shown, in words: to protect people, or because the files leave it open."""

from __future__ import annotations

from collections.abc import Iterable

from data.texts import Texts, capital
from metrics.gate import Bound, State
from metrics.grammar.answer import Row
from metrics.model.definition import definitions
from metrics.model.needs import needs
from pages.i18n import formats

NOTED: tuple[State, ...] = ("small", "low", "high", "no_cases", "not_reached", "not_recorded", "immature", "no_data")
"""States that a figure explains, in the order of its notes."""


def notes(states: Iterable[State], t: Texts) -> tuple[str, ...]:
    """Return a sentence on every state that is there, except `shown`; `low` and `high` share one."""
    there = set(states)
    keys = dict.fromkeys("bounded" if state in ("low", "high") else state for state in NOTED if state in there)
    return tuple(t(f"state.note.{key}") for key in keys)


def all_notes(t: Texts) -> frozenset[str]:
    """Return every sentence that `notes` may give."""
    return frozenset(notes(NOTED, t))


def reason(rows: Iterable[Row], t: Texts) -> str:
    """Return why none of the rows has a value. What lies with the files outweighs the rest, since it can be mended.

    Of a metric that the files tell something of, months or places without a file are not why; one that they tell nothing of is
    named with what it needs, beside the others. Without any rows all that is known is that there is nothing large enough to be
    listed; rows that all have a value do not tell why a page shows none.
    """
    made = tuple(rows)
    if all(row.state == "shown" for row in made):
        return t("figure.no_data")
    told, untold = _by_files(made)
    state = _weightiest(told)
    said = [] if state is None else [t("state.note." + ("bounded" if state in ("low", "high") else state))]
    if untold:
        said.append(missing((table for row in untold for table in needs(definitions()[row.metric]).every_table), t))
    return " ".join(said)


def in_short_of(rows: Iterable[Row], t: Texts) -> str:
    """Return the same in a few words with a capital letter."""
    told, _ = _by_files(rows)
    return capital(t("state." + (_weightiest(told) or "no_data")))


def _by_files(rows: Iterable[Row]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Return the rows without a value whose files tell something, and those of metrics without any file."""
    without = [row for row in rows if row.state != "shown"]
    told = tuple(row for row in without if row.state != "no_data")
    known = {row.metric for row in told}
    return told, tuple(row for row in without if row.metric not in known)


def _weightiest(rows: Iterable[Row]) -> State | None:
    there = {row.state for row in rows}
    return next((one for one in NOTED[::-1] if one in there), None)


def missing(tables: Iterable[str], t: Texts) -> str:
    """Return that nothing has been imported of these tables."""
    return t("state.reason.no_data", tables=", ".join(t("table." + table) for table in dict.fromkeys(tables)))


def fields_missing(names: str, fields: Iterable[str], t: Texts) -> str:
    """Return that metrics are not told since no file has a field; of several one would do. names: of metrics."""
    return t("state.fields_lack", names=names, fields=" / ".join(t("field." + field) for field in fields))


def is_said(row: Row) -> bool:
    """Return whether a row has something that a sentence or a large number can say: a value, or its bound."""
    return row.value is not None or row.bound is not None


def in_short(row: Row, t: Texts) -> str:
    """Return why a row has no value, in a few words with a capital letter, as beside a dash."""
    text = t("state." + row.state)
    return capital(text)


def is_without_data(rows: Iterable[Row]) -> bool:
    """Return whether no file has what any of the rows needs."""
    made = tuple(rows)
    return bool(made) and all(row.state == "no_data" for row in made)


def known_text(row: Row, t: Texts) -> str:
    """Return which percentage of the cases behind a share is known, as text; empty where nothing can be unknown, or is."""
    if row.known is None or row.known == 100:
        return ""
    return formats.bound(row.known, "%", t) if isinstance(row.known, Bound) else formats.percent(row.known, t.lang)

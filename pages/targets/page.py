"""The page Tavoitteet ja merkinnät: targets of metrics, notes on events, and watches; editing needs the internal right."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.texts import Texts
from metrics.model.dimensions import label
from pages.access import session
from pages.figures import tables
from pages.figures.target_marks import Ledger, Note, Target, area_text, ledger_of, metric_text, value_text
from pages.i18n import formats
from pages.shell import actions
from pages.shell.asking import published_codes
from pages.shell.opening import over_store
from pages.shell.screen_only import screen_only
from pages.shell.serving import Serving
from pages.targets import forms as forms
from pages.targets import watches
from pages.view.table import of_texts

WORDS = range(8)
"""Columns that hold text: all of them, in these tables."""


@over_store("targets")
def render(served: Serving, t: Texts) -> None:
    """Draw tables of targets, notes and watches in force, the forms for users with the right, and the history."""
    st.markdown(t("targets.intro"))
    actions.show_outcome(forms.OUTCOME)
    _draw(served, ledger_of(served), t)


def _draw(served: Serving, ledger: Ledger, t: Texts) -> None:
    shown = {
        "targets.targets.none": _show(
            "targets.targets", ("metric", "area", "year", "value"), [_target(one, t) for one in ledger.targets()], t
        ),
        "targets.notes.none": _show("targets.notes", ("day", "text", "area"), [_note(n, t) for n in ledger.notes()], t),
        "watch.none": watches.show_list(served, t),
    }
    if lacking := [t(key) for key, is_shown in shown.items() if not is_shown]:
        st.markdown(" ".join(lacking))
    if session.may("steward"):
        with screen_only("forms"):
            _forms(served, ledger, t)
    else:
        st.info(t("targets.no_right"))
    _history(ledger, t)


def _forms(served: Serving, ledger: Ledger, t: Texts) -> None:
    st.header(t("targets.write"))
    areas = _offered("municipality", served, t)
    left, right = st.columns(2, gap="medium")
    with left:
        forms.target_form(ledger, areas, served.closed_until.year, t)
    with right:
        forms.note_form(ledger, areas, served.closed_until, t)
    forms.withdraw(ledger, t)
    watches.form(served, areas, _offered("language", served, t), t)


def _history(ledger: Ledger, t: Texts) -> None:
    """Draw every line ever written, newest first."""
    targets, notes = ledger.target_history()[::-1], ledger.note_history()[::-1]
    if not targets and not notes:
        return
    with st.expander(t("targets.history")):
        st.caption(t("targets.history.note"))
        if targets:
            rows = [(*_when(one, t), *_target(one, t)) for one in targets]
            _table(t("targets.targets"), ("time", "what", "metric", "area", "year", "value"), rows, t)
        if notes:
            rows = [(*_when(one, t), *_note(one, t)) for one in notes]
            _table(t("targets.notes"), ("time", "what", "day", "text", "area"), rows, t)


def _show(title: str, header: Sequence[str], rows: Sequence[tuple[str, ...]], t: Texts) -> bool:
    """Draw a heading and a table, and return whether there was anything to draw."""
    if rows:
        st.header(t(title))
        _table(t(title + ".caption"), header, rows, t)
    return bool(rows)


def _table(caption: str, header: Sequence[str], rows: Sequence[tuple[str, ...]], t: Texts) -> None:
    table = of_texts((t("targets." + name) for name in header), rows)
    st.html(tables.to_html(table, caption, words=WORDS))


def _target(one: Target, t: Texts) -> tuple[str, ...]:
    return metric_text(one.metric, t), area_text(one.municipality, t), str(one.year), value_text(one, t)


def _note(note: Note, t: Texts) -> tuple[str, ...]:
    return formats.day(note.day, t.lang), note.text, area_text(note.municipality, t)


def _when(line: Target | Note, t: Texts) -> tuple[str, str]:
    return formats.day(line.time, t.lang), t(f"targets.what.{line.what}")


def _offered(dimension: str, served: Serving, t: Texts) -> tuple[str, ...]:
    """Return the codes of a dimension with a published number of clients, by name."""
    codes = published_codes(served, dimension)
    return tuple(sorted(codes, key=lambda code: label(None, dimension, code, t.lang, served.places)))

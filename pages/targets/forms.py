"""Forms for targets and notes: set, write and withdraw. Only for users who may see exact values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from data.steward.lines import StewardError
from data.steward.targets_and_notes import LEAST_YEAR, LONGEST_NOTE, MOST_YEAR, WHOLE_AREA, Ledger
from data.texts import Texts
from metrics.model.definition import definitions, value_limits
from metrics.model.labels import distinct
from pages.figures.target_marks import area_text, metric_text, note_text, value_text
from pages.i18n import formats
from pages.shell import actions

OUTCOME = "targets_outcome"


def metrics() -> tuple[str, ...]:
    """Return the metrics a target can be set for: those that need no breakdown."""
    return tuple(definition.id for definition in definitions().values() if not definition.requires)


def target_form(ledger: Ledger, areas: Sequence[str], this_year: int, t: Texts) -> None:
    """Draw the form that sets or replaces a target."""

    def set_it() -> str:
        state = st.session_state
        metric, value = state["target_metric"], number(state["target_value"], t)
        year, area = int(state["target_year"]), state["target_area"]
        made = ledger.set_target(metric, year, value, area, known=value_limits())
        state["target_value"] = ""
        return t("targets.saved", name=metric_text(metric, t), value=value_text(made, t), year=year)

    with st.form("target_form"):
        st.subheader(t("targets.set"))
        places, years = (WHOLE_AREA, *areas), [str(year) for year in range(this_year - 2, this_year + 6)]
        st.selectbox(t("targets.metric"), metrics(), key="target_metric", format_func=lambda m: metric_text(m, t))
        st.selectbox(t("targets.area"), places, key="target_area", format_func=lambda code: area_text(code, t))
        st.selectbox(t("targets.year"), years, index=2, key="target_year")
        st.text_input(t("targets.value"), key="target_value", help=t("targets.value.help"))
        st.form_submit_button(t("targets.save"), icon=":material/flag:", on_click=lambda: attempt(set_it, t))


def note_form(ledger: Ledger, areas: Sequence[str], today: date, t: Texts) -> None:
    """Draw the form that writes a note on a day."""

    def write() -> str:
        state = st.session_state
        ledger.write_note(state["note_day"], state["note_text"], state["note_area"])
        state["note_text"] = ""
        return t("targets.note_saved")

    with st.form("note_form"):
        st.subheader(t("targets.note"))
        least, most = date(LEAST_YEAR, 1, 1), date(MOST_YEAR, 12, 31)
        st.date_input(t("targets.day"), today, min_value=least, max_value=most, format="DD.MM.YYYY", key="note_day")
        st.text_input(t("targets.text"), key="note_text", max_chars=LONGEST_NOTE, help=t("targets.text.help"))
        places = (WHOLE_AREA, *areas)
        st.selectbox(t("targets.area"), places, key="note_area", format_func=lambda code: area_text(code, t))
        st.form_submit_button(t("targets.save"), icon=":material/edit_note:", on_click=lambda: attempt(write, t))


def withdraw(ledger: Ledger, t: Texts) -> None:
    """Draw the form that withdraws a target or a note; its line stays in the history."""
    labels = {f"target {one.key}": f"{metric_text(one.metric, t)}, {area_text(one.municipality, t)} {one.year}: "
              f"{value_text(one, t)}" for one in ledger.targets()}  # fmt: skip
    labels |= {f"note {note.key}": note_text(note, t) for note in ledger.notes()}
    labels = distinct(labels)
    if not labels:
        return

    def remove() -> str:
        kind, _, key = st.session_state["steward_withdraw"].partition(" ")
        (ledger.withdraw_target if kind == "target" else ledger.withdraw_note)(key)
        return t("targets.withdrawn")

    with st.form("withdraw_form"):
        st.subheader(t("targets.withdraw"))
        st.selectbox(t("targets.which"), tuple(labels), key="steward_withdraw", format_func=labels.__getitem__)
        st.form_submit_button(t("targets.remove"), icon=":material/delete:", on_click=lambda: attempt(remove, t))


def attempt(act: Callable[[], str], t: Texts) -> None:
    """Run an action and keep its outcome for the next run. See `actions.attempt`."""
    actions.attempt(OUTCOME, act, t, "targets.no_right")


def number(text: str, t: Texts) -> float:
    """Return a number typed in the format of the user's language. Raises StewardError("value") when it is none."""
    value = formats.parsed(text, t.lang)
    if value is None:
        raise StewardError("value")
    return value

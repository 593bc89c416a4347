"""The generations of the store, and rollback to an earlier one after confirmation."""

from __future__ import annotations

import streamlit as st

from data.coverage.release_words import status_lines
from data.coverage.repeating import roll_back
from data.store.generation import Generation
from data.store.releases import moves_visitors, release_status, unless_busy
from data.store.store import Store
from data.store.versions import Version, versions
from data.texts import Texts
from pages.figures import tables
from pages.i18n import formats
from pages.importing.session import ImportSession
from pages.shell import actions
from pages.view.table import of_texts

COUNTED = ("encounter", "referral", "enrolment")
"""Tables whose numbers of rows are in the history."""
_SAID = "import_rolled_back"
"""Session state: that one has gone back."""
_CAUSE = "import: "
_DONE = {"sample ": "made_up", "undo: delivery ": "undone", "delete: ": "deleted"}
"""Beginnings of causes that are no files, and the words for them."""


def cause_of(files: list[str]) -> str:
    """Return the cause of a generation from the names of its files, in the same form as on the command line."""
    return _CAUSE + ", ".join(files)


def show_history(store: Store, session: ImportSession, t: Texts) -> None:
    """Draw the table of generations, newest first, damaged ones too, and the rollback; nothing before the first publication."""
    found = tuple(reversed(versions(store)))
    if not found:
        return
    st.header(t("import.history"))
    if actions.show_outcome(_SAID):
        _say_visitors(store, t)
    header = tuple(t("import.history." + name) for name in ("number", "state", "time", "cause", *COUNTED, "clients"))
    lines = [_line(one, t) for one in found]
    st.html(tables.to_html(of_texts(header, lines), t("import.history.caption"), words=(1, 2, 3)))
    others = [one.generation for one in found if one.generation and one.is_whole and not one.is_serving]
    if others:
        serving = next((one for one in found if one.is_serving and one.is_whole), None)
        _rollback(store, session, serving, others, t)


def totals(generation: Generation, t: Texts) -> str:
    """Return the numbers of rows and clients of a generation, as the end of a sentence."""
    parts = [t(f"import.total.{name}", count=formats.number(generation.rows.get(name, 0), t.lang)) for name in COUNTED]
    return ", ".join([*parts, t("import.total.clients", count=formats.number(generation.clients, t.lang))])


def show_published(generation: Generation, store: Store, t: Texts) -> None:
    """Draw what has been published, and what visitors see of it once the store is open to them."""
    st.success(_in_use(generation, t))
    _say_visitors(store, t)


def _in_use(generation: Generation, t: Texts) -> str:
    return t("import.published", number=generation.number, totals=totals(generation, t))


def _say_visitors(store: Store, t: Texts) -> None:
    with actions.store_errors_shown(t), unless_busy():
        if store.is_open:
            st.info(" ".join(status_lines(release_status(store), t.lang, lambda day: formats.day(day, t.lang))))


def when(generation: Generation, t: Texts) -> str:
    """Return day and time of publication."""
    return formats.moment(generation.created, t)


def _from(cause: str, t: Texts) -> str:
    """Return what a version was made from: names of files, or what was done instead, in words."""
    for start, key in _DONE.items():
        if cause.startswith(start):
            return t("import.history." + key, what=cause.removeprefix(start))
    return cause.removeprefix(_CAUSE)


def _line(one: Version, t: Texts) -> tuple[str, ...]:
    states = [t("import.history.serving")] if one.is_serving else []
    states += [] if one.is_whole else [t("import.history.damaged")]
    made = one.generation
    return (
        str(one.number),
        ", ".join(states) or "–",
        *(
            (
                when(made, t),
                _from(made.cause, t),
                *(formats.number(made.rows.get(name, 0), t.lang) for name in COUNTED),
                formats.number(made.clients, t.lang),
            )
            if made
            else ["–"] * (len(COUNTED) + 3)
        ),
    )


def _rollback(
    store: Store, session: ImportSession, serving: Version | None, others: list[Generation], t: Texts
) -> None:  # fmt: skip
    by_number = {one.number: one for one in others}
    chosen = st.selectbox(
        t("import.rollback.to"),
        list(by_number),
        key="import_rollback_to",
        format_func=lambda number: t("import.rollback.option", number=number, when=when(by_number[number], t)),
        width=360,
    )
    if session.rollback_to != by_number[chosen].token:
        session.rollback_to = None
        if st.button(t("import.rollback"), key="import_rollback", icon=":material/undo:"):
            session.rollback_to = by_number[chosen].token
            st.rerun()
        return
    if serving is None:
        st.warning(t("import.rollback.sure_damaged", number=chosen))
    else:
        st.warning(t("import.rollback.sure", number=chosen, now=serving.number))
    if moves_visitors(store, chosen):
        st.warning(t("release.rollback"))
    yes, no = st.columns(2, width=480)
    if no.button(t("import.rollback.no"), key="import_rollback_no", width="stretch"):
        session.rollback_to = None
        st.rerun()
    if yes.button(t("import.rollback.yes", number=chosen), key="import_rollback_yes", type="primary", width="stretch"):
        done = roll_back(store, chosen, accepted=True)
        session.received((), None)
        actions.remember(_SAID, ("success", t("import.rolled_back", done=_in_use(done, t))))
        st.rerun()

"""Taking data out on the page: undo a delivery, delete a source's rows, forget a person. Each in two steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from data.coverage.deliveries import Delivery
from data.coverage.removal_log import is_listed, list_beside_keys
from data.coverage.removals import delete_source
from data.coverage.sources import Source, name_of
from data.coverage.undoing import undo_delivery, undoing_lines
from data.ingest.forgetting import SeveralRegistersError, forget_client, forgotten_lines, registers
from data.texts import Texts, capital
from metrics.watching.evaluation import evaluate
from pages.i18n import formats
from pages.shell import actions, publishing
from pages.shell.actions import store_errors_shown
from pages.shell.serving import Serving
from pages.sources.counting import undoing_of
from pages.view.sentences import plain

SAID = "sources_said"
_ANY = -1
"""Of the registers: whichever has the number."""


def forms(
    served: Serving, known: Sequence[Source], had: Sequence[Delivery], names: Mapping[int, str], t: Texts
) -> None:  # fmt: skip
    """The three forms. Nothing for the sample municipality's store, whose made-up rows are made anew as a whole."""
    if served.store.is_sample:
        return
    st.header(t("sources.remove"))
    undo, delete, forget = st.columns(3, gap="medium")
    with undo, st.container(border=bool(had)):
        _undo(served, had, names, t)
    with delete:
        _delete(served, known, names, t)
    with forget:
        _forget(served, t)


def _undo(served: Serving, had: Sequence[Delivery], names: Mapping[int, str], t: Texts) -> None:
    """The choice of a delivery; what undoing it does is told before the yes."""
    labels = {
        one.number: f"{one.number}: {names.get(one.source, '–')}, {one.file} ({formats.day(one.made, t.lang)})"
        for one in reversed(had)
    }
    if not labels:
        return
    st.subheader(t("sources.undo"))
    st.markdown(t("sources.undo.help"))
    number = st.selectbox(
        capital(t("sources.delivery")), list(labels), None, key="sources_undo", format_func=lambda one: labels[one],
        placeholder=t("sources.undo.choose"),
    )  # fmt: skip
    if number is None:
        return
    with store_errors_shown(t):
        planned = undoing_of(served, number)
        for line in undoing_lines(planned, t.lang):
            st.markdown(f"- {line}")

        def act() -> str:
            generation, done = undo_delivery(served.store, number, accepted=planned.lost)
            evaluate(served.store)
            done_text = t("sources.undone", count=done.leaving, returned=done.returning, number=generation.number)
            return done_text + _unless_listed(served, t)

        def begin() -> None:
            st.session_state["sources_undo"] = None
            publishing.attempt(SAID, act, t, "sources.no_right")

        with st.form("sources_undo_form"):
            _submit("undo", begin, t, t("sources.sure_lost", count=planned.lost) if planned.lost else None)


def _unless_listed(served: Serving, t: Texts) -> str:
    """Return that a deletion is not in the list beside the keys, where it is not."""
    path = list_beside_keys(served.store.path)
    return "" if is_listed(served.store.path) else "\n\n" + t("removal.not_listed", path=plain(str(path)))


def _delete(served: Serving, known: Sequence[Source], names: Mapping[int, str], t: Texts) -> None:
    by_id = {source.id: source for source in known}

    def begin() -> None:
        source, chosen = by_id[st.session_state["sources_delete"]], st.session_state["sources_delete_period"]
        period = (chosen[0], chosen[1]) if len(chosen) == 2 else None

        def act() -> str:
            generation, rows = delete_source(served.store, source, period)
            evaluate(served.store)
            return t("removal.deleted", count=rows, number=generation.number) + _unless_listed(served, t)

        publishing.attempt(SAID, act, t, "sources.no_right")

    with st.form("sources_delete_form"):
        st.subheader(t("sources.delete"))
        st.markdown(t("sources.delete.help"))
        st.selectbox(
            capital(t("sources.source")),
            list(by_id),
            key="sources_delete",
            format_func=lambda one: names[by_id[one].number],
        )
        st.date_input(t("sources.delete.period"), [], format="DD.MM.YYYY", key="sources_delete_period")
        _submit("delete", begin, t)


def _forget(served: Serving, t: Texts) -> None:
    """A client number; of which register is asked where there are several, and needed where several have the number."""
    spaces = registers(served.store)

    def act() -> str:
        client, place = str(st.session_state["sources_forget"]), st.session_state.get("sources_forget_register", _ANY)
        try:
            done = forget_client(served.store, client, None if place == _ANY else spaces[place][0])
        except SeveralRegistersError as error:
            raise error.in_words(t.lang) from None
        st.session_state["sources_forget"] = ""
        evaluate(served.store)
        return "\n\n".join(map(plain, forgotten_lines(done, served.store, t.lang)))

    with st.form("sources_forget_form"):
        st.subheader(t("sources.forget"))
        st.markdown(t("sources.forget.help"))
        st.text_input(t("sources.forget.client"), key="sources_forget", autocomplete="off")
        if len(spaces) > 1:
            names = [", ".join(name_of(source, t.lang) for source in sources) for sources in spaces]
            st.selectbox(
                t("sources.forget.register"), [_ANY, *range(len(spaces))], key="sources_forget_register",
                format_func=lambda one: t("sources.forget.any_register") if one == _ANY else names[one],
            )  # fmt: skip
        _submit("forget", lambda: actions.attempt(SAID, act, t, "sources.no_right"), t)


def _submit(name: str, begin: Callable[[], None], t: Texts, sure: str | None = None) -> None:
    """The yes (in words of its own, when more than rows removed is agreed to) and the button; without it nothing is done."""
    st.checkbox(sure or t("sources.sure"), key=f"sources_sure_{name}")

    def do() -> None:
        if not st.session_state[f"sources_sure_{name}"]:
            actions.remember(SAID, ("error", t("sources.not_sure")))
            return
        st.session_state[f"sources_sure_{name}"] = False
        begin()

    st.form_submit_button(t("sources." + name), icon=":material/delete:", on_click=do)

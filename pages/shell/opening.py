"""Opening of a page: its heading, the current store, and messages when there is nothing to show.

Every page is wrapped by `over_store`, so that no page handles a missing or damaged store itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st

from data.refusal import Refusal
from data.store.kept import is_kept
from data.store.store import StoreError, default_store
from data.store.trouble import trouble_of
from data.texts import Language, Texts, texts
from metrics.grammar.question import QuestionError
from pages.access import logs
from pages.shell import example_mark, first_steps, noting
from pages.shell.serving import Serving, imported_tables, serving
from pages.shell.telling import refusal_text
from pages.view.address import in_address

log = logging.getLogger(__name__)

Draw = Callable[[Serving, Texts], None]
Under = Callable[[Serving, Texts, bool], None]
UNDER_HEADING: ContextVar[Under | None] = ContextVar("under_heading", default=None)
"""What the frame draws under the heading of every page that has one, the answer to a question; it is told whether the page may
show exact values."""


def over_store(
    page_id: str,
    *,
    is_titled: Callable[[], bool] = lambda: True,
    newest: Callable[[], bool] = lambda: False,
    is_marked: bool = False,
) -> Callable[[Draw], Callable[[Language], None]]:
    """Return a decorator that makes a page of a function drawing what is under the heading.

    page_id: the page's id in the registry; is_titled: whether the page has its heading on this run. The page is called
    with the user's language; newest: whether it shows the newest import, rather than what is released to visitors;
    is_marked: whether the page itself marks figures of the example municipality.
    """

    def decorate(draw: Draw) -> Callable[[Language], None]:
        def render(lang: Language) -> None:
            t = texts(lang)
            if is_titled():
                st.title(t("page." + page_id))
            # Around all that asks anything, filters and lists too: whoever waits for longer than a moment sees why.
            with errors_shown(page_id, t), st.spinner(t("page.computing")):
                served = serving(newest=newest(), of=in_address("of"), period=in_address("period"))
                if served is None:
                    _nothing_to_show(t)
                else:
                    with _drawn_again_where_gone(served):
                        noting.begin(page_id, served)
                        if served.is_example and is_titled() and not is_marked:
                            example_mark.mark(t, st.container(horizontal=True))
                        if (under := UNDER_HEADING.get()) and is_titled():
                            under(served, t, newest())
                        draw(served, t)

        return render

    return decorate


@contextmanager
def _drawn_again_where_gone(served: Serving) -> Iterator[None]:
    """Draw a page anew whose state of the data goes meanwhile: a release takes another's place, or somebody is forgotten."""
    try:
        yield
    except StoreError as error:
        if error.reason != "no_generation" or is_kept(served.store, served.generation):
            raise
        st.rerun()


def _nothing_to_show(t: Texts) -> None:
    """Draw where to begin when nothing has been imported; or what has been, and what is needed besides."""
    there, missing = imported_tables()
    if not there:
        first_steps.show(t)
        return
    names = (", ".join(t("table." + table) for table in tables) for tables in (there, missing))
    st.info(t("page.undated", **dict(zip(("there", "missing"), names, strict=True))))


@contextmanager
def errors_shown(page_id: str, t: Texts) -> Iterator[None]:
    """Show an exception raised in the block as a message with advice; log its place when it is a programming error."""
    try:
        yield
    except QuestionError as error:
        st.info(refusal_text(error, t))
    except Refusal as error:
        st.error(refusal_text(error, t))
    except Exception as error:
        # Only its place is logged: the message of an exception may contain personal data.
        log.error("page %s: %s", page_id, logs.told_of(error))
        found = trouble_of(error, default_store().path, "", writing=True)
        st.error(refusal_text(found, t) if found else t("page.failed"))

"""Opening a page: its heading, the store behind it, and in words what to do when there is nothing that can be shown.

Every page is opened here: no page asks by itself whether there is a store, or says by itself what is wrong with it.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from data.refusal import Refusal
from data.texts import Language, Texts, texts
from metrics.grammar.question import QuestionError
from pages.shell.serving import Serving, serving
from pages.view import sentences

log = logging.getLogger(__name__)

Draw = Callable[[Serving, Texts], None]


def over_store(
    page_id: str, *, is_titled: Callable[[], bool] = lambda: True
) -> Callable[[Draw], Callable[[Language], None]]:
    """Make a page of a function that draws what is under the heading from the store that serves.

    is_titled: whether the page has its heading this time. The page is called with the reader's language.
    """

    def decorate(draw: Draw) -> Callable[[Language], None]:
        def render(lang: Language) -> None:
            t = texts(lang)
            if is_titled():
                st.title(t("page." + page_id))
            with said_if_it_fails(page_id, t):
                served = serving()
                if served is None:
                    st.info(t("page.empty"))
                else:
                    draw(served, t)

        return render

    return decorate


@contextmanager
def said_if_it_fails(page_id: str, t: Texts) -> Iterator[None]:
    """Say in words why the block could not go on and what to do; log where, when it is the program's own fault."""
    try:
        yield
    except QuestionError as error:
        st.info(sentences.refusal_text(error, t))
    except Refusal as error:
        st.error(sentences.refusal_text(error, t))
    except Exception as error:
        # Where it happened, never what it said: an error's text may hold a value of someone's record.
        frames = traceback.extract_tb(error.__traceback__)
        log.error(
            "page %s: %s at %s",
            page_id,
            type(error).__name__,
            [f"{f.filename}:{f.lineno}" for f in frames[-4:]],
        )
        st.error(t("page.failed"))

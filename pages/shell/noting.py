"""What pages tell the log: who asks what, and who takes a figure out. Every download button of the pages is made here."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.store.acting import WAITING, About, record, state_of, who
from data.store.allowance import VISITOR
from data.store.store import default_store
from data.texts import texts
from metrics.grammar.question import Question
from pages.access import session
from pages.access.media import NotHandedOutError
from pages.shell.serving import Serving
from pages.view.address import in_address, language_of
from pages.view.state import Known, View

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Drawing:
    """A page that is being drawn: for whom, and from what. about: what lines of the log tell of it."""

    store: Path
    who: str
    about: About = field(default_factory=dict)


_drawing: ContextVar[Drawing | None] = ContextVar("drawing", default=None)


def begin(page_id: str = "", served: Serving | None = None, by: str = "") -> None:
    """A page is drawn from now on.

    by: for whom, where that is known; else it is asked here and once, because a page asks a dozen questions.
    """
    about: About = {"page": page_id} if page_id else {}
    store = served.store if served else default_store()
    _drawing.set(Drawing(store.path, by or who(), about | (state_of(served.generation) if served else {})))


def viewed(view: View, known: Known) -> None:
    """It is drawn for a view."""
    drawn = _current()
    params = {name: code for name, code in view.to_params(known).items() if name not in ("lang", "audience")}
    shown: About = {"view": urlencode({"period": view.period, **params}), "audience": view.audience}
    _drawing.set(replace(drawn, about=drawn.about | shown))


def asked(serving: Serving, question: Question) -> None:
    """A question has been answered. Asked again by the same person within the hour, it is no new line."""
    generation = serving.generation
    told(question, generation.token, lambda: {"question": question.words, **state_of(generation)})


def told(what: object, token: str, about: Callable[[], About]) -> None:
    """Something has been shown that was answered from a state of the data; to nobody, where the server looks at itself."""
    drawn = _current()
    if drawn.who != session.SELF:
        WAITING.note(drawn.store, "asked", about, drawn.who, (drawn.store, drawn.who, what, token))


def download(
    label: str, data: bytes | str | Callable[[], bytes], *, file_name: str, mime: str, key: str,
    icon: str = ":material/download:", width: Literal["stretch", "content"] = "content", place: DeltaGenerator | None = None,
) -> None:  # fmt: skip
    """Draw a download button. The file is handed out once the log has a line of it, or cannot be written, and to nobody who
    has lost a right since: a window that is left open shows what it did, but gives nothing more.

    Visitors' lines are written a little later, many at once: each alone would let anybody keep the disk and the log busy.
    data: the file, or what makes it when it is clicked; key: unique on the page.
    """
    drawn, t = _current(), texts(language_of(in_address("lang")))
    still_held = session.still_held()
    held = still_held()

    def handed_out() -> bytes | str:
        if still_held() != held:
            raise NotHandedOutError(t("export.over"))
        try:
            content = data() if callable(data) else data
        except Exception as error:  # whatever it is, whoever has clicked is waiting for a word
            log.warning("a file could not be made", exc_info=True)
            raise NotHandedOutError(t("export.failed")) from error
        about: About = {"file": file_name, **drawn.about}
        if drawn.who == VISITOR:
            WAITING.note(drawn.store, "exported", lambda: about, VISITOR)
        else:
            record(drawn.store, "exported", about, drawn.who)
        return content

    button = place.download_button if place else st.download_button
    button(label, handed_out, file_name=file_name, mime=mime, key=key, on_click="ignore", icon=icon, width=width)


def _current() -> Drawing:
    """The page that is being drawn; what is drawn outside of one is for whoever asks."""
    return _drawing.get() or Drawing(default_store().path, who())

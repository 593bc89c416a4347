"""What a change by hand does, and what only looks like one does not.

The address says what every choice of a page is. The browser sends its choices with every click as they stand there, which may be
as they were before the page was last drawn. Some of them look like a change and are none:

- Back and Forward send choices that are past by then, when one is pressed soon after the other;
- a choice list sends the label of what is chosen. Somebody who clicks on while a page in another language is on its way sends
  the label in the former one, which the page has no more;
- a choice that another one has changed, such as by its mark, is sent as it was by whoever clicks on before that has come;
- what a choice is told comes over what has been chosen meanwhile, and is sent by whoever clicks on then. Tabs are told with every
  drawing which is open: of two clicked in a row the first one opens once more before the second does.

Whoever chooses while a page in another language is on its way would thus see what was chosen before, over figures of what is
chosen now. A choice that is changed soon after it has been told is therefore told once more.

A choice that is not in the address has no other place than the browser, which would send a label of the former language for ever:
after a change of language what is chosen is told again, in the words of the new one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from functools import wraps

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx
from streamlit.runtime.state.safe_session_state import SafeSessionState

from pages.shell import on_top

Act = Callable[[], None]
_AT, _TOLD, _TELLING, _WORDS, _SENT = (
    "choices_at", "choices_told", "choices_telling", "choices_words", "choices_sent"
)  # fmt: skip
"""The page that was drawn last and its language, which of its choices have told the browser what they show, which do so in this
run, the language of the last page that was drawn to its end, and what each choice has told of late, and when.
"""


def by_hand(key: str, options: Container[str] | None = None, *, is_told_anyhow: bool = False) -> Callable[[Act], Act]:
    """Return a decorator of what acts on a change of a choice, so that it does when somebody has made the change, and on top of
    changes that the browser has not heard of.

    key: of the choice; options: what can be chosen, as the session state has it; None for text; is_told_anyhow: whether Streamlit
    tells it with every drawing.
    """

    on_top.drawn(key)

    def decorate(act: Act) -> Act:
        @wraps(act)
        def changed() -> None:
            with on_top.uninterrupted() as surely:
                if not _goes_through_history() and (
                    options is None or surely(lambda: _is_among(st.session_state[key], options))
                ):
                    on_top.choose(key, act, in_doubt=is_told_anyhow and surely(lambda: _may_have_come_late(key)))

        return changed

    return decorate


def show(key: str, value: object, *, is_told_anyhow: bool = False) -> None:
    """Let a choice show a value, if it is not what the browser has sent. is_told_anyhow: as for `by_hand`.

    Whatever is set goes to the browser, also what it shows anyhow; on a slow line it would take back what has been chosen since.
    But a choice of the same name on another page is another one to the browser, which begins with its own first option; and the
    browser has what is chosen as a label, which stays that of the language before.
    """
    told = _drawn_last()[0] == _page() and key in st.session_state.get(_TOLD, ())
    if not told or key not in st.session_state or st.session_state[key] != value:
        _tell(key, value)
    elif is_told_anyhow and [one for one, _ in _sent().get(key, ())][-1:] != [value]:
        _note_sent(key, value)
    st.session_state.setdefault(_TELLING, set()).add(key)


def _tell(key: str, value: object) -> None:
    st.session_state[key] = value
    _note_sent(key, value)


def _note_sent(key: str, value: object) -> None:
    every = _sent()
    every[key] = [*every.get(key, ()), (value, time.monotonic())][-on_top.MOST :]


def _sent() -> dict[str, list[tuple[object, float]]]:
    found: dict[str, list[tuple[object, float]]] = st.session_state.setdefault(_SENT, {})
    return found


def _is_on_its_way(at: float) -> bool:
    return time.monotonic() - at < on_top.ON_ITS_WAY


def _may_have_come_late(key: str) -> bool:
    """Return whether what a choice is now may be what it was told, which has come over what had been chosen meanwhile."""
    told = [at for value, at in _sent().get(key, ()) if value == st.session_state.get(key)]
    return bool(told) and (on_top.is_behind() or _is_on_its_way(told[-1]))


@contextmanager
def telling(language: Callable[[], str]) -> Iterator[None]:
    """Note what the choices of a page have told the browser; nothing of a run that the next click stops: they tell it again.

    language: looks up that of the page.
    To be entered first of all: the browser forgets the choices of a page as soon as a run of another one has begun, also where
    Back and Forward in a row stop that one at once.
    """
    with on_top.uninterrupted() as surely:
        surely(lambda: _begin_telling(language()))
    try:
        yield
    except RerunException:
        raise
    except BaseException:
        _note_told(language())
        raise
    _note_told(language())


def tell_in(language: str) -> None:
    """Tell what is chosen in a language, where the page is of another one than `telling` has begun with: it was in doubt."""
    if _drawn_last()[1] != language:
        with on_top.uninterrupted() as surely:
            surely(lambda: _begin_telling(language))


def forget_told(state: SafeSessionState) -> None:
    """Note in the state of a session that its browser has heard nothing of what was told."""
    state[_TOLD], state[_SENT] = set(), {}


def _begin_telling(language: str) -> None:
    if st.session_state.get(_WORDS, language) != language:
        shown = st.session_state.get(_TOLD, set()) | st.session_state.get(_TELLING, set())
        for key, value in dict(st.session_state).items():
            if _is_chosen(value) and key not in shown:
                _tell(str(key), value)
    if _drawn_last() != (_page(), language):
        st.session_state[_TOLD] = set()
        st.session_state[_AT] = _page(), language
    st.session_state[_TELLING] = set()
    _tell_once_more()


def _tell_once_more() -> None:
    """Let those choices tell again what they are that were changed before what they had told may have come."""
    for key, every in tuple(_sent().items()):
        (told, at), now = every[-1], st.session_state.get(key)
        if not _is_on_its_way(at):
            continue
        if now != told and key in st.session_state[_TOLD]:
            st.session_state[_TOLD].discard(key)
        elif now != told and _is_chosen(now):
            _tell(key, now)


def _is_chosen(value: object) -> bool:
    """Return whether a value can be what is chosen; None is nothing. Streamlit lets nobody set those of buttons and files."""
    if isinstance(value, list | tuple):
        return bool(value) and all(map(_is_chosen, value))
    return isinstance(value, str | int) and not isinstance(value, bool)


def _note_told(language: str) -> None:
    st.session_state[_WORDS] = language
    # A run may begin without the name of its page, as at the first look.
    page, told = _drawn_last()
    before = st.session_state[_TOLD] if page == _page() else set()
    st.session_state[_TOLD] = before | st.session_state[_TELLING]
    st.session_state[_AT] = _page(), told


def _drawn_last() -> tuple[str, str]:
    found: tuple[str, str] = st.session_state.get(_AT, ("", ""))
    return found


def _page() -> str:
    context = get_script_run_ctx(suppress_warning=True)
    return context.page_script_hash if context else ""


def _is_among(chosen: object, options: Container[str]) -> bool:
    every = chosen if isinstance(chosen, list | tuple) else [chosen]
    return all(one in options for one in every)


def _goes_through_history() -> bool:
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation

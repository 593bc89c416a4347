"""Changes of the address on top of each other, where the browser has not heard of the last one yet.

With every click the browser sends the address and all choices as they stand there. On a slow line two clicks in a row come with
the same ones, and the second would undo the first. What was made of which address is therefore kept, and what the choices
were there: whoever clicks on at an address of which another has been made meanwhile, clicks on that one. A choice that is
sent as it was there may be one that the page has not redrawn yet, or one that was made by hand: by hand if nothing else was.

The browser writes an address that it is told over the one that is there by then, which after a link or Back is another page's.
A page that is drawn at another address than the last one told, and soon after it, therefore tells its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx

from pages.view.state import PARAMETERS

P = ParamSpec("P")
T = TypeVar("T")
Address = tuple[tuple[str, tuple[str, ...]], ...]
_MADE, _DRAWN, _RUN = "address_made", "address_drawn", "address_run"
MOST = 8
"""Addresses that are kept: as many clicks as one makes before the first has come."""
ON_ITS_WAY = 3.0
"""Seconds after a change for which a click or Back may be of a browser that had not heard of it."""


@dataclass(frozen=True)
class _Made:
    """made: the address that changes have made; of: those that it was made of, which the browser may still send; by: the choices
    by which it was made since one was changed by something else, such as its mark; at: when, by the clock of the machine.
    """

    made: Address
    of: tuple[Address, ...]
    by: frozenset[str] = frozenset()
    at: float = field(default_factory=time.monotonic)


@dataclass(eq=False)
class _Run:
    """What is kept between the changes by hand of one run and its beginning.

    of: what Streamlit makes anew for each run; sent: the address as the browser has sent it; acted: whether anything has been
    changed; doubted: what may be no change by hand; before: a run that was stopped before its beginning, until it is settled.
    """

    of: object
    sent: Address
    acted: bool = False
    doubted: list[Callable[[], None]] = field(default_factory=list)
    before: _Run | None = None

    def settle_before(self) -> None:
        """Do what is left of the run before."""
        if self.before is not None:
            try:
                self.before.settle()
            except RerunException:  # when it was done
                self.before, self.acted = None, False
                raise
            self.before, self.acted = None, False

    def settle(self) -> None:
        """Do what was in doubt if nothing else has been done."""
        self.settle_before()
        request = None
        for act in () if self.acted else self.doubted:
            try:
                act()
            except RerunException as interrupted:  # when it was done
                request = interrupted
        if request is not None:
            raise request


def _this_run() -> _Run:
    """Return what is kept of this run, after what is left of one that the next click has stopped before its beginning."""
    context = get_script_run_ctx(suppress_warning=True)
    of = context and context.parallel_coordinator
    last: _Run | None = st.session_state.get(_RUN)
    if last is not None and last.of is of:
        return last
    run = st.session_state[_RUN] = _Run(of, _address(), before=last)
    run.settle_before()
    return run


def on_top(act: Callable[P, None], by: str = "") -> Callable[P, None]:
    """Return what changes the address, so that it changes the one that the browser will have. by: the choice that changes it."""

    @wraps(act)
    def acts(*args: P.args, **kwargs: P.kwargs) -> None:
        with uninterrupted() as surely:
            run = surely(_this_run)
            here, sent = surely(_address), run.sent
            last: _Made | None = surely(lambda: st.session_state.get(_MADE))
            if last is None or not {here, sent} & {last.made, *last.of}:
                last = _Made(here, ())
            if here in last.of:
                surely(lambda: _write(last.made))
            surely.once(partial(act, *args, **kwargs))
            made = surely(_address)
            of = dict.fromkeys(one for one in (*last.of, last.made, sent, here) if one != made)
            now = _Made(made, tuple(of)[-MOST:], last.by | {by} if by else frozenset())
            surely(lambda: st.session_state.update({_MADE: now}))
            run.acted = True

    return acts


class _Surely:
    """Does things again that Streamlit has interrupted: it stops at whatever touches its state when another click comes, also
    within a change by hand, which would be lost.
    """

    request: RerunException | None = None

    def __call__(self, do: Callable[[], T]) -> T:
        """Do what may be done twice until it is done."""
        while True:
            try:
                return do()
            except RerunException as request:
                self.request = request

    def once(self, change: Callable[[], None]) -> None:
        """Change the address: it is done when the address is another, even if it was interrupted in telling the browser so."""
        before = self(_address)
        while True:
            try:
                return change()
            except RerunException as request:
                self.request = request
                if self(_address) != before:
                    return None


@contextmanager
def uninterrupted() -> Iterator[_Surely]:
    """Give what does things surely, and let the next click have its turn when all are done."""
    surely = _Surely()
    yield surely
    if surely.request is not None:
        raise surely.request


def begin() -> None:
    """Do what was in doubt when nothing else has been done, and forget what was made of which address where a page is drawn at
    another: by Back, or by a link to where one was. Where the browser may hear of the last one late, tell it this one.

    To be called first of all when a page is drawn, after all changes by hand.
    """
    _this_run().settle()
    del st.session_state[_RUN]
    context = get_script_run_ctx(suppress_warning=True)
    by_history = context is not None and context.is_history_navigation
    with uninterrupted() as surely:
        last: _Made | None = surely(lambda: st.session_state.get(_MADE))
        here = surely(_address)
        if last is None or (last.made == here and not by_history):
            return
        if last.made == here or time.monotonic() - last.at >= ON_ITS_WAY:
            surely(lambda: st.session_state.pop(_MADE, None))
            return
        meant = here if by_history else _as_changed(here, last)
        surely(lambda: _write(meant))
        # What has been told may be late for the next page too.
        told = _Made(here, ()) if meant == here else _Made(meant, (*last.of, last.made, here)[-MOST:], last.by)
        surely(lambda: st.session_state.update({_MADE: told}))


def _as_changed(sent: Address, last: _Made) -> Address:
    """Return an address with the language and the filters that were changed last, if it has those of before: that of a link that
    was drawn before the change.
    """
    before, changed = _along(sent), _along(last.made)
    if before not in {_along(one) for one in last.of} - {changed}:
        return sent
    return tuple(sorted({*changed, *(one for one in sent if one not in before)}))


def _along(address: Address) -> Address:
    """Return what of an address goes along to every page."""
    return tuple(one for one in address if one[0] in PARAMETERS)


def choose(key: str, act: Callable[[], None], *, in_doubt: bool = False) -> None:
    """Do what the change of a choice does; if it is in doubt, or may be one that the page has not redrawn yet, only when nothing
    else is done.
    """
    with uninterrupted() as surely:
        if not in_doubt and not surely(lambda: _may_be_as_before(key)):
            on_top(act, key)()
        else:
            surely(_this_run).doubted.append(on_top(act, key))


def drawn(key: str) -> None:
    """Note what a choice is at the address that is being drawn."""
    every: dict[Address, dict[str, object]] = st.session_state.setdefault(_DRAWN, {})
    every.setdefault(_address(), {})[key] = st.session_state.get(key)
    for old in list(every)[:-MOST]:
        del every[old]


def is_behind() -> bool:
    """Return whether the browser that clicks has not heard of the last change."""
    last: _Made | None = st.session_state.get(_MADE)
    return last is not None and _this_run().sent in last.of


def _may_be_as_before(key: str) -> bool:
    last: _Made | None = st.session_state.get(_MADE)
    if last is None or key in last.by:
        return False
    there = [st.session_state.get(_DRAWN, {}).get(one, {}) for one in last.of]
    return any(key in one and one[key] == st.session_state.get(key) for one in there)


def _address() -> Address:
    return tuple(sorted((name, tuple(st.query_params.get_all(name))) for name in st.query_params))


def _write(address: Address) -> None:
    """Tell the browser an address in the order in which it has it, else in that of filters: another order is another address."""
    values = {name: list(those) for name, those in address}
    order = list(st.query_params) if address == _address() else PARAMETERS
    place = {name: at for at, name in enumerate(order)}
    st.query_params.from_dict(
        {name: values[name] for name in sorted(values, key=lambda one: place.get(one, len(place)))}
    )

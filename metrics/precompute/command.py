"""Precomputation by commands: before what they publish is visible or, where that is at once, before they end."""

from __future__ import annotations

import sys
from pathlib import Path

from data.refusal import Refusal
from data.store.generation import Generation
from data.store.ready import Waiter, reason_text
from data.store.store import Store
from data.texts import message
from metrics.audience import PROTECTED
from metrics.precompute.progress import on_stderr
from metrics.precompute.switch import is_wanted
from metrics.registry.in_force import use
from metrics.warming import make, opened

_SECONDS = 60.0
"""That a command stays for them: in a very large store the app makes the rest."""


def make_after(path: Path, lang: str) -> None:
    """Make what everybody's pages open with; filters, and exact figures, are left to the app.

    Raises nothing, for what the command was asked for is done; whoever looks at a figure is told what is wrong.
    """
    if not is_wanted() or not path.is_dir():
        return
    store = Store(path)
    try:
        use(store)
        make(store, opened(store, (PROTECTED,)), on_stderr(lang), seconds=_SECONDS)
    except (Refusal, KeyboardInterrupt):
        print(message("cli.cells_left", lang), file=sys.stderr)


def make_before(store: Store, made: Generation, draft: Path, lang: str) -> None:
    """Make figures of a draft while the command waits, and say how far that has come. Raises as `PrecomputedDraft`."""
    from metrics.precompute.before_publication import PrecomputedDraft

    def left(why: str) -> None:
        print(message("release.cells_left", lang, why=message(reason_text(why), lang)), file=sys.stderr)

    PrecomputedDraft()(store, made, draft, Waiter(on_stderr(lang, "release.building"), left))

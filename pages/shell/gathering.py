"""What a page asks is counted in one scan for each fact and breakdown, before the first of its figures is drawn.

A page asks while it draws. What it asked when it was last drawn, by anybody and with whatever filters, tells what it is about to
ask: whatever it then asks besides is counted by itself, as before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from metrics.grammar.period import Each
from metrics.model.definition import definitions
from metrics.together import count_together
from pages.shell.asking import compose, is_answered
from pages.shell.serving import Serving
from pages.view.state import View


@dataclass(frozen=True)
class Wish:
    """A question of a page without the view's filters and period. every: of all time, not of the view's period."""

    metrics: tuple[str, ...]
    by: tuple[str, ...]
    each: Each | None = None
    every: bool = False


_wishes: dict[tuple[str, str], tuple[Wish, ...]] = {}
"""By page and open tab, what it asked when it was last drawn; it tells nothing of who looked at what."""


def learn(page_id: str, tab: str, wishes: Iterable[Wish]) -> None:
    """Keep what a page has asked while it was drawn. tab: one that it has, empty for the first."""
    _wishes[page_id, tab] = tuple(wishes)


def gather(page_id: str, tab: str, serving: Serving, view: View) -> None:
    """Count what the page is about to ask. Raises StoreError, KeyFileError."""
    if serving.package is not None:
        return
    questions = []
    known = definitions()
    for wish in _wishes.get((page_id, tab), ()):
        if not known.keys() >= set(wish.metrics):
            continue  # other definitions are in force by now
        period = "all" if wish.every else None
        question = compose(view, wish.metrics, wish.by, each=wish.each, period=period).question
        if not is_answered(serving, question):
            questions.append(question)
    if len(questions) > 1:
        count_together(questions, serving.store, serving.generation)

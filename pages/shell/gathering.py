"""What a page asks is counted in one scan for each fact and breakdown, before the first of its figures is drawn.

A page asks while it draws. What it asked when it was last drawn, by anybody and with whatever filters, tells what it is about to
ask: whatever it then asks besides is counted by itself, as before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from data.store.generation import Generation
from metrics.change.earlier import Earlier
from metrics.grammar.period import Each
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from metrics.together import count_together
from pages.shell.asking import compose, compose_beside, is_answered
from pages.shell.serving import Serving
from pages.view.state import View


@dataclass(frozen=True)
class Wish:
    """A question of a page without the view's filters and period.

    every: of all time, not of the view's period; before: of what the view is compared with.
    """

    metrics: tuple[str, ...]
    by: tuple[str, ...]
    each: Each | None = None
    every: bool = False
    before: bool = False


_wishes: dict[tuple[str, str], tuple[Wish, ...]] = {}
"""By page and open tab, what it asked when it was last drawn; it tells nothing of who looked at what."""


def learn(page_id: str, tab: str, wishes: Iterable[Wish]) -> None:
    """Keep what a page has asked while it was drawn. tab: one that it has, empty for the first."""
    _wishes[page_id, tab] = tuple(wishes)


def gather(page_id: str, tab: str, serving: Serving, view: View, earlier_than: Callable[[str], Earlier | None]) -> None:
    """Count what the page is about to ask. earlier_than: what a period is compared with. Raises StoreError, KeyFileError."""
    if serving.package is not None:
        return
    questions: dict[Generation, list[Question]] = {}
    known = definitions()
    for wish in _wishes.get((page_id, tab), ()):
        if not known.keys() >= set(wish.metrics):
            continue  # other definitions are in force by now
        asked = _asked(wish, serving.generation, view, earlier_than)
        if asked and not is_answered(replace(serving, generation=asked[0]), asked[1]):
            questions.setdefault(asked[0], []).append(asked[1])
    for generation, together in questions.items():
        if len(together) > 1:
            count_together(together, serving.store, generation)


def _asked(
    wish: Wish, generation: Generation, view: View, earlier_than: Callable[[str], Earlier | None]
) -> tuple[Generation, Question] | None:
    """Return a wish as a question, with the generation it is asked of; None where the view is compared with nothing there."""
    period = "all" if wish.every else view.period
    if not wish.before:
        return generation, compose(view, wish.metrics, wish.by, each=wish.each, period=period).question
    if view.other:
        there = compose_beside(view, wish.metrics, wish.by, each=wish.each, period=period)
        return (generation, there.question) if there else None
    side = earlier_than(period)
    return (side.generation, compose(view, wish.metrics, wish.by, period=side.period).question) if side else None

"""Who is told of questions whose cells are not there, and makes them behind whoever asked; nobody, but in the app."""

from __future__ import annotations

from collections.abc import Callable

from data.store.generation import Generation
from metrics.grammar.question import Question

Taker = Callable[[Question, Generation], None]
_takers: list[Taker] = []


def tell(taker: Taker | None) -> None:
    """From now on tell somebody; None: nobody, and whoever asks makes the cells."""
    _takers[:] = [taker] if taker else []


def telling(question: Question, generation: Generation) -> Callable[[], None] | None:
    """Return what tells of a question that its cells are not there, None when there is nobody to tell."""
    taker = next(iter(_takers), None)  # by one look: the app may be ending
    return (lambda: taker(question, generation)) if taker else None

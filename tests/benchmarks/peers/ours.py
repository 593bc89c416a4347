"""The eight questions asked of Tilannekuva itself, with exact figures or as visitors get them."""

from __future__ import annotations

from data.store.store import Store
from metrics.ask import ask
from metrics.audience import Audience
from tests.benchmarks.peers.figures import CHARTS, NUMBERS, Answerer, Figures, Key
from tests.benchmarks.questions import page_questions

_SEVERAL = {"numbers": NUMBERS, "numbers_before": NUMBERS, "months": NUMBERS[:2], "times": ("",)}
"""Charts whose keys begin with the metric."""


def ours(store: Store, audience: Audience) -> Answerer:
    """Whoever answers from the cells of a store, by way of all that a question goes through."""

    def answer(language: str) -> Figures:
        found: Figures = {}
        for chart, question in zip(CHARTS, page_questions(language, audience), strict=True):
            figures: dict[Key, float] = {}
            for row in ask(question, store).rows:
                if row.value is None:  # left out: too few, or not covered
                    continue
                codes = tuple(code for name, code in row.codes.items() if name != "language")
                period = (row.period,) if question.each else ()
                quantile = (str(row.quantile),) if row.quantile else ()
                metric = (row.metric,) if chart in _SEVERAL else ()
                figures[*metric, *codes, *period, *quantile] = row.value
            found[chart] = figures
        return found

    return answer

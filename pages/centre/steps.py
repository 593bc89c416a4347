"""The way of clients as steps: guidance, the competence centre, training and work, each as people in the period."""

from __future__ import annotations

from dataclasses import dataclass, replace

from metrics.grammar.answer import Row
from metrics.grammar.question import MOST_DIMENSIONS
from metrics.model.definition import definitions
from pages.charts.bars import bars
from pages.figures import figure
from pages.figures.figure import Figure
from pages.shell.asking import FigureRows
from pages.shell.page import Page
from pages.view.points import DataPoint
from pages.view.sentences import period_text
from pages.view.state import SLOTS, Choice
from pages.view.table import pivot
from pages.view.values import published

MOST_FILTERS = MOST_DIMENSIONS - 1
"""Filters that fit beside the service by which clients of guidance are told."""


@dataclass(frozen=True)
class Step:
    """One step: its name in text keys, the metric that counts its clients, and the service of whose encounters."""

    key: str
    metric: str
    service: str = ""

    @property
    def codes(self) -> dict[str, str]:
        """The cell of its metric that counts it, by dimension."""
        return {"service": self.service} if self.service else {}


STEPS = (
    Step("guidance", "clients", "guidance"),
    Step("referred", "centre_referred"),
    Step("started", "centre_starters"),
    Step("training", "training_starters"),
    Step("work", "work_starters"),
)


def show(page: Page) -> None:
    """Draw the steps as bars, with those of the earlier time; filters are those that all steps can take."""
    t, (same, left_out) = page.t, alike(page)
    now = [_row(found, step) for step, found in zip(STEPS, _asked(same), strict=True)]
    then = [_row(found, step) for step, found in zip(STEPS, _asked_before(same), strict=True)]
    first = same.ask("centre_starters")
    rows = tuple(row for row in now if row is not None)
    question = replace(first.composed.question, metrics=tuple(step.metric for step in STEPS))
    found = replace(first, composed=replace(first.composed, question=question, left_out=left_out), rows=rows)
    cells = _cells(page, now, "now", period_text(page.view.period, t))
    before = _cells(page, then, "before", page.before_label) if any(then) else []
    chart = bars(cells, t, x_title=t("unit.clients"), before={cell.x: cell for cell in before})
    tick = figure.tick_note(cells, before, page, period_text(page.earlier.period, t) if page.earlier else "")
    said = f"{cells[0].text}, {cells[-1].text}"
    shown = Figure(
        "steps", t("centre.steps"), t("centre.steps.alt", ends=said), t("unit.clients"),
        (t("centre.steps.note"), *figure.hidden_note(cells, page)), marks=tick,
        also=tuple(step.metric for step in STEPS if step.metric != "centre_starters"), counts=True,
    )  # fmt: skip
    figure.show(page, shown, found, chart, pivot([*cells, *before], t("centre.step")))


def alike(page: Page) -> tuple[Page, tuple[Choice, ...]]:
    """Return the page with the filters that every step can take, so that steps are of the same people, and the other filters."""
    allowed = set.intersection(*(set(definitions()[step.metric].allowed) for step in STEPS))
    kept = [choice for choice in page.view.choices if choice.dimension in allowed][:MOST_FILTERS]
    view = page.view
    for slot in SLOTS:
        if view.slot(slot) not in kept:
            view = view.with_slot(slot, None)
    return replace(page, view=view), tuple(choice for choice in page.view.choices if choice not in kept)


def _asked(page: Page) -> list[FigureRows]:
    return [page.ask(step.metric, by=tuple(step.codes)) for step in STEPS]


def _asked_before(page: Page) -> list[FigureRows | None]:
    return [page.ask_before(step.metric, by=tuple(step.codes)) for step in STEPS]


def _row(found: FigureRows | None, step: Step) -> Row | None:
    return next(iter(found.of(step.metric, **step.codes)), None) if found else None


def _cells(page: Page, rows: list[Row | None], series: str, label: str) -> list[DataPoint]:
    made = []
    for step, row in zip(STEPS, rows, strict=True):
        value = row.value if row else None
        state = row.state if row else "no_cases"
        name = page.t("centre.step." + step.key)
        made.append(DataPoint(step.key, name, series, label, value, published(row, page.t), state=state))
    return made

"""Published figures of a hypothesis' metric: questions of the closed grammar, answered for the protected audience.

The modules named `published_…` read nothing else of the store. What they tell is therefore either a number that any page shows,
or is computed from such numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from data.store.generation import Generation
from data.store.store import Store
from metrics.audience import PROTECTED
from metrics.change.noise import base_of_rounding, largest_base, rounding_variance, spread_of
from metrics.gate import EVENT_BASES, NOT_RECORDED, OF_FILES, SHARE_FROM, SHOWN_FROM, TOGETHER_FROM
from metrics.grammar.answer import Row
from metrics.grammar.period import Each
from metrics.grammar.question import Question
from metrics.hypotheses.hypothesis import Hypothesis
from metrics.measures.inquiry import Inquiry, denominator, share_countings
from metrics.measures.rows import rows
from metrics.model.kinds import Share

_LACKING = {state.state for state in OF_FILES} - {NOT_RECORDED.state}
MEDIAN = 0.5


@dataclass(frozen=True)
class Number:
    """A published number, or a sum or difference of such: `noise` is the variance of its rounding."""

    value: float
    noise: float = 0.0

    def __add__(self, other: Number) -> Number:
        return Number(self.value + other.value, self.noise + other.noise)

    def __sub__(self, other: Number) -> Number:
        return Number(self.value - other.value, self.noise + other.noise)


@dataclass(frozen=True)
class PublishedFigure:
    """The published rows of one cell, one for each horizon or quantile, with the numbers behind them.

    people: clients, without anonymous visitors, of whom nobody knows how many people they are; size: what the figure is of,
    clients or events. Both None where they are not published. happened, dated: of a share in which something happens by a
    day, to how many it has happened and of how many of them the day is recorded; 0 where not published.
    """

    rows: tuple[Row, ...]
    people: Number | None
    size: Number | None
    of_clients: bool
    happened: float = 0.0
    dated: float = 0.0

    @property
    def row(self) -> Row:
        """The row of a metric with one, or that of the median."""
        return next((row for row in self.rows if row.quantile in (None, MEDIAN)), self.rows[0])

    def at(self, months: int) -> Row | None:
        """Return the row of a horizon, None where the metric does not have it."""
        return next((row for row in self.rows if row.horizon == months), None)

    @property
    def is_covered(self) -> bool:
        """Whether files cover the figure's time and place, and the time to follow has passed."""
        return self.row.state not in _LACKING

    @property
    def spread(self) -> float:
        """Overdispersion of the events by client (`metrics.change.noise`), 1 where clients are counted."""
        if self.of_clients or self.people is None or self.size is None:
            return 1.0
        return spread_of(self.size.value / self.people.value)

    @cached_property
    def share(self) -> tuple[Number, Number] | None:
        """Numerator and denominator of a share, None where one of them is not published."""
        row = self.row
        top, bottom = row.numerator, row.denominator
        is_known_part_told = row.known is not None or (row.whole or 0.0) < SHARE_FROM
        if top is None or not bottom or row.state == NOT_RECORDED.state or not is_known_part_told:
            return None
        below = self.number(bottom)
        return Number(top, min(self.number(top).noise, below.noise)), below

    @property
    def known(self) -> tuple[float, float]:
        """How many of the share's denominator are known, and the whole of it; zeros where it is known by nature or not published.

        A suppressed number of the known is taken as large as it may be.
        """
        row = self.row
        return _as_large_as_may_be(row.denominator, row.whole or 0.0, self.of_clients), row.whole or 0.0

    @property
    def most_people(self) -> float:
        """How many people there are at most, as far as published numbers tell: each event may be another anonymous visitor's."""
        people = self.people.value if self.people else SHOWN_FROM - 1.0
        return people if self.of_clients or not self.size else max(people, self.size.value)

    @property
    def waiting(self) -> float:
        """Mean square of the number of events of those who are new to a breakdown and still wait (`cube.admission`)."""
        if not self.row.codes or not self.size or not self.people:
            return 0.0
        each = 1.0 if self.of_clients else self.size.value / self.people.value
        return each**2 * (TOGETHER_FROM - 1) ** 2 / 3

    def number(self, published: float) -> Number:
        """Return a published number of the figure's clients or events with the variance of its rounding.

        The base of events is not published. It is the largest that divides the number and that is to be reckoned with.
        """
        base = base_of_rounding(published, "clients" if self.of_clients else "events")
        if not self.of_clients:
            base = min(base, largest_base(published, self.spread) if self.people else EVENT_BASES[-1])
        return Number(published, rounding_variance(base))


@dataclass(frozen=True)
class PublishedFigures:
    """The published figures of a hypothesis' metric in a generation."""

    hypothesis: Hypothesis
    store: Store
    generation: Generation

    def read(
        self, where: Mapping[str, str] | None = None, by: tuple[str, ...] = (), *, each: Each | None = None,
        period: str | None = None,
    ) -> dict[tuple[str, ...], PublishedFigure]:  # fmt: skip
        """Return the figures by period and codes (those of `by` first), in the order of periods and code lists.

        where: dimensions fixed to a code; each: a figure per month, quarter or year; period: by default the hypothesis' own.
        Raises QuestionError, StoreError.
        """
        inquiry = self._inquiry(where or {}, by, each, period)
        found = dict[tuple[str, ...], list[Row]]()
        for row in rows(inquiry, self.hypothesis.definition):
            found.setdefault((row.period, *(row.codes[name] for name in inquiry.dimensions)), []).append(row)
        return self._with_numbers(inquiry, found)

    def one(self, where: Mapping[str, str] | None = None, *, period: str | None = None) -> PublishedFigure | None:
        """Return the figure of one cell; None where a code has no published number. Raises as `read`."""
        return next(iter(self.read(where, period=period).values()), None)

    def sizes(self, where: Mapping[str, str], by: tuple[str, ...] = ()) -> dict[tuple[str, ...], float | None]:
        """Return what the figures of `read` are of, None where not published, without the figures: curves and medians need far
        more cells. Raises as `read`.
        """
        definition, inquiry = self.hypothesis.definition, self._inquiry(where, by)
        counting, unit = denominator(definition)
        cells = inquiry.cells(counting)
        return {key: inquiry.published(cells.cell(key), unit).value for key, _ in inquiry.keys(definition)}

    def _inquiry(
        self, where: Mapping[str, str], by: tuple[str, ...], each: Each | None = None, period: str | None = None
    ) -> Inquiry:
        fixed = tuple((name, (code,)) for name, code in where.items())
        question = Question(
            (self.hypothesis.outcome,), by, fixed, period or self.hypothesis.period, each, audience=PROTECTED
        )
        return Inquiry(question, self.store, self.generation)

    def _with_numbers(
        self, inquiry: Inquiry, found: Mapping[tuple[str, ...], list[Row]]
    ) -> dict[tuple[str, ...], PublishedFigure]:
        definition, measure, gate = self.hypothesis.definition, self.hypothesis.definition.measure, inquiry.gate
        counting, unit = denominator(definition)
        cells, of_clients = inquiry.cells(counting), unit == "clients"
        dates = (
            [inquiry.cells(one) for one in share_countings(definition, measure)[4:]]
            if isinstance(measure, Share)
            else []
        )
        made = {}
        for key, of in found.items():
            cell = cells.cell(key)
            people, size = gate.clients(cell).value, inquiry.published(cell, unit).value
            dated, happened = (
                (inquiry.published(one.cell(key), unit).value or 0.0 for one in dates) if dates else (0.0, 0.0)
            )
            counted = None if people is None else Number(people, rounding_variance(base_of_rounding(people, "clients")))
            plain = PublishedFigure(
                tuple(of), counted, None if size is None else Number(size), of_clients, happened, dated
            )
            made[key] = plain if size is None else replace(plain, size=plain.number(size))
        return made


def _as_large_as_may_be(part: float | None, whole: float, of_clients: bool) -> float:
    """Return a published part of a whole. A suppressed one is of few clients, who may have any number of events."""
    if part is not None:
        return part
    return min(SHOWN_FROM - 1.0, whole) if of_clients else whole

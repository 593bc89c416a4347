"""What a figure is compared with: the year before, the month before, or the same period as the last import knew it.

Two imports that differ by one client show that client, so that the internal audience alone may compare them
(docs/disclosure.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from data.store.generation import Generation
from data.store.store import Store, StoreError
from metrics.audience import Audience, is_exact
from metrics.gate import OF_FILES
from metrics.grammar.answer import Row
from metrics.grammar.period import Period, PeriodError
from metrics.grammar.question import QuestionError
from metrics.model.beginning import first_told

Against = Literal["year", "month", "import"]
AGAINST: tuple[Against, ...] = get_args(Against)
DEFAULT: Against = "year"
_OF_FILES = frozenset(value.state for value in OF_FILES)


@dataclass(frozen=True)
class Earlier:
    """The earlier side of a comparison.

    period, generation: to ask it of; is_called: whether a difference may be called a change. It may not while the period
    goes on, or went on at the last import: one side is then longer than the other. begins: from which day on the audience is
    told of data.
    """

    against: Against
    period: str
    generation: Generation
    is_called: bool
    begins: date | None

    @property
    def first_day(self) -> date | None:
        """First day of the period, None for all time."""
        return Period.parse(self.period).first_day


def earlier(against: Against, period: str, audience: Audience, store: Store, generation: Generation) -> Earlier:
    """Return what a period of a generation is compared with.

    Raises QuestionError: `compare_all`, `compare_month`, `compare_protected`, `compare_first`; StoreError.
    """
    parsed = Period.parse(period)
    if against == "import":
        if not is_exact(audience):
            raise QuestionError("compare_protected")
        before = previous_import(store, generation)
        if before is None:
            raise QuestionError("compare_first")
        ended = all(parsed.has_ended(one.closed_until) for one in (generation, before))
        return Earlier(against, period, before, ended, before.first_day)
    try:
        other = parsed.month_before() if against == "month" else parsed.year_before()
    except PeriodError:
        raise QuestionError("compare_month" if against == "month" else "compare_all", period=period) from None
    begins = first_told(store, generation, audience)
    return Earlier(against, str(other), generation, parsed.has_ended(generation.closed_until), begins)


def previous_import(store: Store, generation: Generation) -> Generation | None:
    """Return the generation that a generation was made from; None for the first one, and when it is kept no longer."""
    if generation.parent is None:
        return None
    try:
        return store.generation(generation.parent)
    except StoreError as error:
        if error.reason != "no_generation":
            raise
        return None


def on_known_ground(rows: Iterable[Row], side: Earlier) -> tuple[Row, ...]:
    """Return the rows of the earlier side that the store has data for, as far as deliveries or the first day of data tell.

    Without data there is no number to compare with, neither "under ten" nor zero.
    """
    start, first = side.begins, side.first_day
    if start is None or (first is not None and first < start.replace(day=1)):
        return ()
    return tuple(row for row in rows if row.state not in _OF_FILES)

"""The context in which one question is answered: its cells, its gate, and the keys of its rows."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import product
from math import prod

from data.coverage.extent import Place
from data.store.generation import Generation
from data.store.store import Store
from metrics.cube.amounts import Amounts
from metrics.cube.counting import Counting, CumulativeProfile
from metrics.cube.cube import Cube
from metrics.cube.index import Cells
from metrics.cube.lookup import Lookup, RowKey
from metrics.gate import Cell, Gate, PublishedValue
from metrics.grammar.answer import Row
from metrics.grammar.period import Period
from metrics.grammar.question import Question, ValidatedQuestion, validate
from metrics.measures.evidence import Evidence, evidence_of, extent_told, sources_at
from metrics.measures.lacking import telling
from metrics.model.beginning import first_told
from metrics.model.definition import Definition, wholes_of
from metrics.model.dimensions import codes, service_points
from metrics.model.facts import FACTS
from metrics.model.kinds import Count, Mean, Part, Quantile, Rate, Ratio, Share, ShareAt, ShareOf, Spread, both
from metrics.model.needs import without_amounts
from metrics.model.serving import generation_for

ALL_TIME = (Period(0, 0, "all"),)


class Inquiry:
    """A validated question with the generation it is answered from. Missing counts are computed at once.

    generation: by default the one that answers the audience. Raises QuestionError, StoreError, KeyFileError.
    """

    def __init__(self, question: Question, store: Store, generation: Generation | None = None) -> None:
        self.store = store
        self.generation = generation or generation_for(store, question.audience)
        self.places = tuple(service_points(store, self.generation, question.audience))
        self.asked: ValidatedQuestion = validate(
            question, self.generation, self.places, partial(first_told, store, self.generation, question.audience)
        )
        self.gate = Gate(question.audience, store.keys.noise)
        self.extent = extent_told(store, self.generation, exact=self.gate.exact)
        self.amounts = Amounts(store, self.generation, None if self.gate.exact else self.generation.closed_until)
        self.dimensions = question.dimensions
        self.only = dict(question.where)
        cube = Cube(store, self.generation, telling(question, self.generation))
        self.lookup = Lookup(cube, question.audience, self.only)
        self.periods = self.asked.periods
        self._known: dict[object, tuple[str, ...]] = {}
        self.lookup.warm(needed(self.asked.definitions), self.dimensions, self.periods)

    def evidence(self, period: str, place: Place | None, sources: frozenset[int] | None = None) -> Evidence:
        """Return what the files tell of a period and place. sources: those of a service point (`sources_at`), None for all."""
        exact = self.gate.exact
        return evidence_of(self.store, self.generation, Period.parse(period), place, exact=exact, sources=sources)

    def sources_at(self, point: str) -> frozenset[int] | None:
        """Return the sources that tell of a service point; None where that is not known."""
        return sources_at(self.store, self.generation, (point,), exact=self.gate.exact)

    def cells(self, counting: Counting, dimensions: tuple[str, ...] | None = None) -> Cells:
        """Return cells by (period, codes) for the question's dimensions, or for the given ones of them."""
        return self.lookup.counts(counting, self.dimensions if dimensions is None else dimensions, self.periods)

    def profiles(self, profile: CumulativeProfile) -> Cells:
        """Return cumulative cells by (period, codes)."""
        return self.lookup.profiles(profile, self.dimensions, self.periods)

    def published(self, cell: Cell, unit: str, scale: int = 1) -> PublishedValue:
        """Return the published number of clients or events of a cell. scale: see `Gate.events`."""
        return self.gate.clients(cell) if unit == "clients" else self.gate.events(cell, scale)

    def keys(self, definition: Definition) -> Iterator[tuple[RowKey, dict[str, str]]]:
        """Yield each row's key and codes: fixed codes always, others when their own all-time number is published.

        Which codes are listed depends on published numbers only, so that an empty row and a small one look the same.
        """
        choices = self._choices(definition)
        for period in self.periods:
            for chosen in product(*choices):
                yield (str(period), *chosen), dict(zip(self.dimensions, chosen, strict=True))

    def key_count(self, definition: Definition) -> int:
        """Return how many keys there are, before any of their cells is looked up."""
        return len(self.periods) * prod(map(len, self._choices(definition)))

    def _choices(self, definition: Definition) -> list[tuple[str, ...]]:
        return [self.only[name] if name in self.only else self._listed(definition, name) for name in self.dimensions]

    def _listed(self, definition: Definition, dimension: str) -> tuple[str, ...]:
        counting, unit = denominator(definition)
        every = codes(definition.id, dimension, self.places)
        key = counting, unit, dimension, every
        if key not in self._known:
            cells = self.lookup.counts(counting, (dimension,), ALL_TIME)
            self._known[key] = tuple(code for code in every if self.published(cells.cell(("all", code)), unit).value)
        return self._known[key]


def needed(chosen: Iterable[Definition]) -> tuple[Counting, ...]:
    """Return everything that metrics count, and what they are parts of."""
    every = (one for definition in chosen for one in (definition, *wholes_of(definition)))
    return tuple(dict.fromkeys(counting for definition in every for counting in countings(definition)))


def countings(definition: Definition) -> tuple[Counting, ...]:
    """Return everything that a metric counts, denominators included."""
    measure, fact = definition.measure, definition.of_fact
    match measure:
        case Count():
            return (part_counting(definition, measure),)
        case Ratio():
            return tuple(part_counting(definition, part) for part in sides(measure))
        case Share():
            return share_countings(definition, measure)
        case ShareAt():
            shares = map(measure.at, measure.horizons)
            return (Counting(fact), *(counting for one in shares for counting in share_countings(definition, one)))
        case ShareOf():
            return Counting(fact, measure.base), Counting(fact, measure.where)
        case Rate(count=Part() as part) | Spread(count=part):
            return (part_counting(definition, part),)
        case _:
            return (denominator(definition)[0],)


def denominator(definition: Definition) -> tuple[Counting, str]:
    """Return the counting of a metric's whole population and its unit; it decides which codes are listed."""
    measure, fact = definition.measure, definition.of_fact
    match measure:
        case Count():
            return part_counting(definition, measure), measure.unit
        case Ratio():
            return part_counting(definition, measure.denominator), measure.denominator.unit
        case Share():
            return share_countings(definition, measure)[3], measure.unit
        case ShareOf():
            return part_counting(definition, whole(measure)), measure.unit
        case Rate(count=Part() as part) | Spread(count=part):
            # Also a place whose amount is not known has a row, which says so.
            listed = part.model_copy(update={"where": without_amounts(definition, part.where)})
            return part_counting(definition, listed), part.unit
        case Quantile() | Mean():
            return Counting(fact, f"({measure.where}) AND {measure.value} IS NOT NULL"), "events"
        case _:
            return Counting(fact), "clients"


def sides(measure: Share | Ratio) -> tuple[Part, Part]:
    """Return numerator and denominator as parts; the numerator of a share is restricted to its denominator."""
    if isinstance(measure, Ratio):
        return measure.numerator, measure.denominator
    inside = both(measure.base, measure.numerator)
    return Part(unit=measure.unit, where=inside), Part(unit=measure.unit, where=measure.base)


def dating(measure: Share) -> tuple[Part, ...]:
    """Return those to whom it has happened of whom it is recorded when, and all of them; nothing where no time matters."""
    if not measure.happened:
        return ()
    happened = both(measure.base, f"({measure.happened})")
    return Part(unit=measure.unit, where=both(happened, f"({measure.dated})")), Part(unit=measure.unit, where=happened)


def whole(measure: Share | ShareOf) -> Part:
    """Return what a share would be of, were everything known."""
    return Part(unit=measure.unit, where=measure.denominator if isinstance(measure, Share) else measure.where)


def share_countings(definition: Definition, share: Share) -> tuple[Counting, ...]:
    """Return the countings of a share: numerator, rest of the known denominator, that itself, the whole one, those that date it.

    Numerator and rest wait to be counted in the same way (`metrics.cube.admission`), which the denominator as a whole does not.
    """
    top, bottom = sides(share)
    rest = Part(unit=share.unit, where=both(share.base, f"NOT coalesce(({share.numerator}), false)"))
    parts = (top, rest, bottom, whole(share), *dating(share))
    found = tuple(part_counting(definition, part) for part in parts)
    if not any(one.changes_later for one in found):
        return found
    beside = tuple(dict.fromkeys(part.where for part in parts))
    return tuple(replace(one, beside=beside) for one in found)


def part_counting(definition: Definition, part: Part) -> Counting:
    """Return the counting of one part of a metric."""
    fact = FACTS[part.fact] if part.fact else definition.of_fact
    return Counting(fact, part.where, part.weight)


def row(
    definition: Definition, codes: dict[str, str], period: str, value: PublishedValue, *,
    numerator: PublishedValue | None = None, denominator: PublishedValue | None = None, n: float | None = None,
    interval: tuple[float | None, float | None] = (None, None), horizon: int | None = None, quantile: float | None = None,
    whole: PublishedValue | None = None, known: PublishedValue | None = None,
) -> Row:  # fmt: skip
    """Return a row of published values.

    interval: lower and upper bound; n: by default the denominator's value; whole, known: what the denominator would be if
    everything were known, and the percentage that is.
    """
    below = denominator.value if denominator else None
    return Row(
        metric=definition.id, codes=codes, period=period, value=value.value, unit=definition.unit,
        state=value.state, bound=value.bound, n=below if n is None else n,
        numerator=numerator.value if numerator else None, denominator=below,
        lower=interval[0], upper=interval[1], horizon=horizon, quantile=quantile,
        whole=whole.value if whole else None, known=(known.bound or known.value) if known else None,
    )  # fmt: skip

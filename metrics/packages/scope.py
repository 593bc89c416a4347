"""What goes into a package: for which people and periods, which metrics, by which dimensions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from data.codes import code_list
from data.coverage.sources import Sources
from data.store.generation import Generation
from data.store.store import Store
from metrics.ask import ask
from metrics.grammar.period import Each, Period
from metrics.grammar.question import MOST_DIMENSIONS, Question, QuestionError, nearest
from metrics.model.definition import Definition, definitions
from metrics.model.dimensions import is_unknown, members
from metrics.model.facts.fact import GROUPINGS, REGISTER, base_of
from metrics.packages.errors import PackageError
from metrics.packages.manifest import PackedPeople, PackedQuestion

PLACE = "municipality"
GROUPS = tuple(name for name, group in GROUPINGS.items() if group.base == PLACE)
_EACH: tuple[Each, ...] = ("quarter", "month")


@dataclass(frozen=True)
class Scope:
    """population: whose figures; metrics, dimensions: of which nothing is left out where they are empty."""

    population: PackedPeople
    periods: tuple[str, ...]
    metrics: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()

    @property
    def where(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What every question fixes."""
        area = self.population
        return ((area.dimension, (area.code,)),) if area.dimension else ()

    def questions(self) -> tuple[PackedQuestion, ...]:
        """Return what a package answers: counts by up to two dimensions, others by one; of parts of a period, by one.

        Metrics of one fact that go by the same dimensions stand together. Raises QuestionError, and PackageError: `dimension`,
        `metric`, for what is named and of which nothing would be in the package.
        """
        self._check_named()
        together: dict[tuple[str, tuple[str, ...], Each | None], list[str]] = {}
        for definition in self._chosen():
            for by in self._breakdowns(definition):
                steps: tuple[Each | None, ...] = (None, *self._steps()) if len(by) <= 1 else (None,)
                for each in steps:
                    together.setdefault((definition.fact, by, each), []).append(definition.id)
        return tuple(PackedQuestion(metrics=tuple(ids), by=by, each=each) for (_, by, each), ids in together.items())

    def asked(self, one: PackedQuestion, period: str) -> Question:
        """Return the question of one period."""
        return Question(one.metrics, by=one.by, where=self.where, period=period, each=one.each)

    def periods_of(self, one: PackedQuestion) -> tuple[str, ...]:
        """Return the package's periods that a question can be asked of: a month has no quarters."""
        return tuple(period for period in self.periods if one.each is None or one.each in _finer(period))

    def _steps(self) -> tuple[Each, ...]:
        return tuple(each for each in _EACH if any(each in _finer(period) for period in self.periods))

    def _chosen(self) -> Iterator[Definition]:
        known = definitions()
        for name in self.metrics:
            if name not in known:
                raise QuestionError("unknown_metric", nearest(name, known), metric=name)
        for definition in known.values():
            is_there = not self.population.dimension or self.population.dimension in definition.allowed
            if is_there and (not self.metrics or definition.id in self.metrics):
                yield definition

    def _check_named(self) -> None:
        chosen = tuple(self._chosen())
        told = {definition.id for definition in chosen if next(self._breakdowns(definition), None) is not None}
        for name in self.metrics:
            if name not in told:
                raise PackageError("metric", metric=name)
        possible = tuple(dict.fromkeys(name for definition in chosen for name in self._free(definition)))
        for name in self.dimensions:
            if name not in possible:
                raise PackageError("dimension", nearest(name, possible) or possible, dimension=name)

    @property
    def _fixed(self) -> str:
        return base_of(self.population.dimension) if self.population.dimension else ""

    def _free(self, definition: Definition) -> list[str]:
        # Service points are each store's own register, of which nobody else knows the names.
        return [name for name in definition.allowed if name != REGISTER and base_of(name) != self._fixed]

    def _breakdowns(self, definition: Definition) -> Iterator[tuple[str, ...]]:
        fixed = self._fixed
        free = [name for name in self._free(definition) if not self.dimensions or name in self.dimensions]
        seen = set()
        for size in range(3 if definition.kind == "count" else 2):
            for some in combinations(free, size):
                by = tuple(dict.fromkeys((*definition.requires, *some)))
                bases = {base_of(name) for name in by} | ({fixed} - {""})
                fits = len(bases) == len(by) + len(self.where) <= MOST_DIMENSIONS
                if by not in seen and fits and not (set(definition.requires) & {self.population.dimension}):
                    seen.add(by)
                    yield by


def population_of(store: Store, generation: Generation, area: str | None) -> PackedPeople:
    """Return whose figures an area's are: a municipality's code or name, `region-02`, or everybody of the store.

    Raises PackageError: `area`, and `nobody` where it is not known whose everybody's are: whoever takes a package in could not
    tell whether another publisher counts them too.
    """
    if area is None:
        municipalities = own_municipalities(store, generation)
        if not municipalities:
            raise PackageError("nobody")
        return PackedPeople(municipalities=municipalities)
    group, _, code = area.rpartition("-")
    listed = code_list(GROUPINGS[group].list_name) if group in GROUPS else None
    if listed is not None and code in listed and code != listed.unknown:
        return PackedPeople(dimension=group, code=code, municipalities=tuple(sorted(members(group, code))))
    known = code_list(PLACE)
    for one in known.ids:
        names = {one, *(known.label(one, lang).casefold() for lang in ("fi", "sv", "en"))}
        if area.casefold() in names and one != known.unknown:
            return PackedPeople(dimension=PLACE, code=one, municipalities=(one,))
    raise PackageError("area", area=area)


def own_municipalities(store: Store, generation: Generation) -> tuple[str, ...]:
    """Return the municipalities whose people a store tells of: those that its data are said to be of, where every source says so;
    else those of which the number of clients is published.
    """
    said, known = {one.organisation for one in Sources.of(store.path).all()}, code_list(PLACE)
    if said and all(code in known and code != known.unknown for code in said):
        return tuple(sorted(said))
    rows = ask(Question(("clients",), by=(PLACE,)), store, generation).rows
    return tuple(sorted(row.codes[PLACE] for row in rows if not is_unknown(row.metric, PLACE, row.codes[PLACE])))


def _finer(period: str) -> tuple[Each, ...]:
    level = Period.parse(period).level
    return () if level == "month" else ("month",) if level == "quarter" else _EACH

"""The current store and generation as pages use them: periods, service points and closed months."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from data.store.generation import PERIOD_COLUMN, Generation
from data.store.store import Store, default_store
from metrics.audience import INTERNAL, OWN_BY, PROTECTED, Audience, is_exact_everywhere
from metrics.change.earlier import Against, previous_import
from metrics.grammar.period import Period, PeriodError, default_period, period_at, registered
from metrics.model.beginning import first_told
from metrics.model.definition import put_in_force
from metrics.model.dimensions import service_points
from metrics.packages.asking import held_periods
from metrics.packages.naming import by_area
from metrics.packages.opening import Package
from metrics.registry.in_force import use
from pages.access import published
from pages.shell import publications
from pages.view.state import Known


@dataclass(frozen=True)
class Serving:
    """A store with published data, at one generation; or a package, whose figures stand in place of the store's.

    places: names of service points by code and language; begins: from which day on whoever looks is told of data; packages: those
    of the package's publisher and area, itself first: what one does not hold is asked of the next; publications: names of the
    areas to choose from on a published site.
    """

    store: Store
    generation: Generation
    places: Mapping[str, Mapping[str, str]]
    begins: date | None
    packages: tuple[Package, ...] = ()
    publications: tuple[str, ...] = ("",)

    @property
    def package(self) -> Package | None:
        """The package that is shown; None where the store is."""
        return self.packages[0] if self.packages else None

    @property
    def origin(self) -> tuple[Path | None, str]:
        """What the figures are found from, as the head of a key in memory (`metrics.memory.at_the_head`)."""
        return None if self.packages else self.store.path, self.generation.token

    def of_packages(self, packages: tuple[Package, ...]) -> Serving:
        """Return the same over the figures of packages of one area. Nobody but its publisher knows its service points."""
        first = packages[0].generation
        return replace(self, generation=first, places={}, begins=first.first_day, packages=packages)

    @property
    def is_example(self) -> bool:
        """Whether the figures are made-up ones of the sample municipality."""
        return self.package.about.example if self.package else self.store.is_sample

    def each(self) -> tuple[Serving, ...]:
        """Return the same over each of its packages alone; over a store, itself."""
        return tuple(self.of_packages((one,)) for one in self.packages) or (self,)

    def for_visitors(self) -> Serving:
        """Return the same as visitors see it. Raises StoreError."""
        generation = self.store.released()
        places = service_points(self.store, generation, PROTECTED)
        return replace(self, generation=generation, places=places, begins=first_told(self.store, generation))

    @property
    def closed_until(self) -> date:
        """Last day of the last closed month."""
        return self.generation.closed_until

    @property
    def default_period(self) -> Period:
        """The current year to the last closed month, or the whole year when all its months are closed.

        Of a package that does not have it, the last of its periods.
        """
        return publications.first_period(self.packages) if self.packages else default_period(self.closed_until)

    def begins_after(self, period: str) -> bool:
        """Return whether the data begin after a period has ended: so it is while not one month is closed."""
        first, last = self.begins, Period.parse(period).last_day
        return first is not None and last is not None and last < first

    def known(self, exact: Audience) -> Known:
        """Return the periods, service points and right against which the URL is validated."""
        closed, last = self.closed_until, self.generation.last_day or self.closed_until
        first = min(self.begins or closed, closed)
        if self.packages:  # of different releases, each with days of its own
            closed = last = max(one.about.until for one in self.packages)
            first = min(one.about.first_day or one.about.until for one in self.packages)
        periods = registered(first, max(last, closed))
        if self.packages:
            held = {period for one in self.packages for period in held_periods(one)}
            periods = tuple(dict.fromkeys((*(p for p in periods if str(p) in held), self.default_period)))
        is_open = {p: p.is_open(closed) for p in periods}
        return Known(
            periods=tuple(str(p) for p in periods if not is_open[p]),
            default_period=str(self.default_period),
            open_periods=tuple(str(p) for p in periods if is_open[p]),
            service_points=tuple(self.places),
            exact=exact,
            last_month=period_at("month", closed),
            publications=self.publications,
            has_import_before=is_exact_everywhere(exact) and previous_import(self.store, self.generation) is not None,
            has_before=_having_before(periods) if self.packages else ("year", "month"),
            # Nobody but its publisher knows what is aimed at, and a package of one municipality has no other place.
            has_targets=not self.packages,
            has_places=all(
                len(one.about.population.municipalities) > 1 and any(OWN_BY in each.by for each in one.about.answers)
                for one in self.packages
            ),
        )


def _having_before(periods: Collection[Period]) -> tuple[Against, ...]:
    """Return the earlier times that any of the periods has among them."""
    befores: tuple[tuple[Against, Callable[[Period], Period]], ...] = (
        ("year", Period.year_before), ("month", Period.month_before)
    )  # fmt: skip

    def has(before: Callable[[Period], Period], period: Period) -> bool:
        try:
            return before(period) in periods
        except PeriodError:
            return False

    return tuple(name for name, before in befores if any(has(before, one) for one in periods))


def imported_tables() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tables of which rows are published, and those of dated rows that have none. Raises StoreError.

    A store without dated rows has no period to show anything of.
    """
    generation = default_store().current()
    rows = generation.rows if generation else {}
    there = tuple(table for table, count in rows.items() if count)
    return there, tuple(table for table in PERIOD_COLUMN if table not in there)


def serving(*, newest: bool, of: str = "", period: str = "") -> Serving | None:
    """Return the app's store with what visitors see of it, None when nothing dated has been published.

    newest: with the newest import instead; of: which area of a published site, by default its first; period: of several packages
    of it, the one that has it. Raises StoreError, KeyFileError, PackageError.
    """
    store = default_store()
    if published.folder() is not None:
        put_in_force(None)
        found = by_area(publications.held(store.path))
        packages = found.get(of) or next(iter(found.values()), None)
        if packages is None:
            return None
        shown = publications.holder(packages, period)
        packages = publications.with_rest(shown, packages)
        return Serving(store, shown.generation, {}, shown.generation.first_day, packages, tuple(found))
    use(store)
    generation = store.current()
    if generation is not None and not newest:
        generation = store.released()
    if generation is None or generation.last_day is None:
        return None
    # Loaded here, so that every page fails in the same way on missing keys, before it draws anything.
    _ = store.keys
    # Looked at on every drawing: what is remembered of a file that has been replaced since is not shown as if it were there.
    store.read(generation).close()
    audience = INTERNAL if newest else PROTECTED
    places = service_points(store, generation, audience)
    return Serving(store, generation, places, first_told(store, generation, audience))

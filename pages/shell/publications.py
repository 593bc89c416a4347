"""The packages that pages show: which there are, and how the address tells one from another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from data.store.store import Store
from data.texts import Texts
from metrics.grammar.period import Period, default_period
from metrics.model.definition import definitions
from metrics.model.dimensions import label
from metrics.packages.asking import held_periods
from metrics.packages.opening import Package
from metrics.packages.shelf import Shelf
from pages.access import published
from pages.i18n import formats
from pages.shell.registry import PageSpec, pages_here
from pages.view.sentences import period_text, plain


def held(store: Path) -> tuple[Package, ...]:
    """Return the packages of a published site, else those that a store has taken in. Raises PackageError, OSError."""
    return Shelf(Store(published.folder() or store)).held()


def pages_shown() -> tuple[PageSpec, ...]:
    """Return the pages of the menu; of a published site those whose metrics some package has. Raises PackageError, OSError."""
    folder = published.folder()
    if folder is None:
        return pages_here()
    there = {metric for one in held(folder) for metric in one.about.definitions}
    of_metrics = {definition.page: False for definition in definitions().values()}
    of_metrics |= {definition.page: True for definition in definitions().values() if definition.id in there}
    return tuple(spec for spec in pages_here() if spec.url_path == "" or of_metrics.get(spec.id, True))


def first_period(packages: Sequence[Package]) -> Period:
    """Return the period that packages of one area begin with: the year so far, else the last of theirs."""
    wanted = default_period(max(one.about.until for one in packages))
    there = [period for one in packages for period in one.about.periods]
    if str(wanted) in there:
        return wanted
    return max(map(Period.parse, there), key=lambda one: one.last_day or date.min)


def holder(packages: Sequence[Package], period: str = "") -> Package:
    """Return the package of one area that has a period as its own, else as a part of one; without any, the one to begin with."""
    begins = str(first_period(packages))
    for wanted, periods_of in ((period, _own_periods), (period, held_periods), (begins, _own_periods)):
        for one in packages:
            if wanted in periods_of(one):
                return one
    return packages[0]


def _own_periods(package: Package) -> tuple[str, ...]:
    return package.about.periods


def with_rest(package: Package, packages: Iterable[Package]) -> tuple[Package, ...]:
    """Return packages of one area, with the one first that is asked first."""
    return package, *(one for one in packages if one is not package)


def area_name(package: Package, t: Texts) -> str:
    """Return whose figures a package has: a municipality, a group of them, or everybody."""
    people = package.about.population
    if not people.dimension:
        return t("filter.all.area")
    name = label(None, people.dimension, people.code, t.lang, {})
    return name if people.dimension == "municipality" else t("filter.group." + people.dimension, name=name)


def named(package: Package, t: Texts) -> str:
    """Return the same with the name of the publisher."""
    return t("compare.other", area=area_name(package, t), publisher=package.publisher.name)


def source(package: Package, t: Texts, *, label: str = "") -> str:
    """Return who has published which release of which periods, as Markdown. label: of what is shown, in place of its name."""
    about = package.about
    told = {
        "label": plain(label or named(package, t)), "publisher": plain(about.publisher), "release": about.release,
        "day": formats.day(about.until, t.lang), "licence": plain(about.licence),
        "periods": ", ".join(period_text(one, t) for one in about.periods),
    }  # fmt: skip
    return t("compare.other.line", **told) + _example(package, t)


def brief_source(package: Package, t: Texts) -> str:
    """Return who has published it, in which release, for the notes and files of a figure."""
    about = package.about
    day = formats.day(about.until, t.lang)
    return t("package.source", publisher=plain(about.publisher), release=about.release, day=day) + _example(package, t)


def _example(package: Package, t: Texts) -> str:
    return f" ({t('page.sample.mark')})" if package.about.example else ""

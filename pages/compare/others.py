"""Others' packages on the compare page: the areas that can be chosen of them, and what is said of those that are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import streamlit as st

from data.refusal import Refusal
from metrics.audience import PROTECTED
from metrics.gate import COMPARED_FROM
from metrics.model.dimensions import is_unknown
from metrics.model.labels import distinct
from metrics.packages.naming import by_area, token
from metrics.packages.opening import Package
from pages.compare.areas import Area, asked, over
from pages.compare.sides import Compared
from pages.shell import publications, telling
from pages.shell.page import Page
from pages.view.sentences import plain

_PLACE = "municipality"
_OTHERWISE = ("package_definition", "other_gate")


def with_others(page: Page, own: Sequence[Area]) -> tuple[Area, ...]:
    """Return one's own areas and those of the packages that the store holds; what cannot be read is said."""
    shown = page.serving.package
    try:
        held = by_area(publications.held(page.serving.store.path)).values()
        ordered = [publications.with_rest(publications.holder(some, page.view.period), some) for some in held]
        # What a published site shows of itself comes first.
        found = [area for some in sorted(ordered, key=lambda some: some[0] != shown) for area in _areas(page, some)]
    except (Refusal, OSError) as error:
        why = telling.refusal_text(error, page.t) if isinstance(error, Refusal) else ""
        st.warning(page.t("compare.other.unreadable", why=why))
        return tuple(own)
    labels = distinct({area.token: area.label for area in (*own, *found)}, keep=[area.token for area in own])
    return (*own, *(replace(area, label=labels[area.token]) for area in found))


def as_published(page: Page) -> Page:
    """Return the page as visitors see it: nothing exact stands beside rounded values."""
    if not page.view.exact:
        return page
    st.info(page.t("compare.other.protected"))
    return replace(page, view=page.view.on(PROTECTED, page.known), serving=page.serving.for_visitors())


def say_offer(page: Page, known: Iterable[Area]) -> None:
    """Say whose figures can be chosen beside one's own."""
    names = dict.fromkeys(area.package.publisher.name for area in known if area.package)
    if names:
        st.caption(page.t("compare.other.offer", publishers=", ".join(map(plain, names))))


def say_whose(page: Page, chosen: Iterable[Area]) -> None:
    """Say of each area of another who has published it, in which release and for which periods; and once what rounding costs.

    Of the one whose figures a published site shows its foot says so.
    """
    lines = [
        f"- {publications.source(package, page.t, label=area.label)}"
        for area in chosen for package in area.packages if package not in page.serving.packages
    ]  # fmt: skip
    if lines:
        st.caption("\n".join([page.t("compare.other.from"), "", *lines, "", page.t("package.rounded")]))


def brief_sources(page: Page, shown: Iterable[Area]) -> tuple[str, ...]:
    """Return who has published what a figure shows of others, for its notes and files; each publisher's release once."""
    return tuple(dict.fromkeys(publications.brief_source(area.package, page.t) for area in shown if area.package))


def say_why_not(page: Page, groups: Iterable[Sequence[Compared]]) -> None:
    """Say of every value of another that is not there why it is not, each reason once."""
    whys = reasons(page, (refusal for group in groups for one in group for refusal in one.refusals))
    if whys:
        st.markdown("\n".join([page.t("compare.other.why"), "", *(f"- {why}" for why in whys)]))


def reasons(page: Page, refusals: Iterable[Refusal]) -> tuple[str, ...]:
    """Return refusals as sentences, each once."""
    return tuple(dict.fromkeys(telling.refusal_text(one, page.t) for one in refusals))


def mark_of(page: Page, refusal: Refusal) -> str:
    """Return in two words why a cell of a table has no value."""
    return page.t("compare.other.otherwise" if refusal.reason in _OTHERWISE else "compare.other.missing")


def _areas(page: Page, packages: tuple[Package, ...]) -> list[Area]:
    """Return the area that packages are of; of one of everybody, its municipalities too, if they are large enough."""
    package = packages[0]
    whole = Area(token(package), publications.named(package, page.t), packages=packages)
    if package.about.population.dimension:
        return [whole]
    there = over(page, whole)
    for period in (page.view.period, *(period for one in packages for period in one.about.periods)):
        try:
            rows = asked(there, "clients", _PLACE, period).rows
        except Refusal:
            continue
        large = sorted((row for row in rows if (row.n or 0) >= COMPARED_FROM), key=lambda row: -(row.n or 0))
        codes = [code for row in large if not is_unknown("clients", _PLACE, code := row.codes[_PLACE])]
        labels = {code: _named(page, page.label("clients", _PLACE, code), package) for code in codes}
        return [
            whole,
            *(Area(token(package, code), labels[code], _PLACE, code, packages) for code in codes),
        ]
    return [whole]


def _named(page: Page, name: str, package: Package) -> str:
    return page.t("compare.other", area=name, publisher=package.publisher.name)

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
from metrics.packages.opening import Package
from metrics.packages.shelf import Shelf
from pages.compare.areas import WHOLE, Area, asked, over, token_of
from pages.compare.sides import Compared
from pages.i18n import formats
from pages.shell.page import Page
from pages.shell.serving import serving
from pages.view import sentences
from pages.view.sentences import plain
from pages.view.state import Choice

_PLACE = "municipality"
_KEY_LETTERS = 8
"""Of a publisher's key, in the URL: its areas keep their names from one release to the next."""
_OTHERWISE = ("package_definition", "other_gate")


def with_others(page: Page, own: Sequence[Area]) -> tuple[Area, ...]:
    """Return one's own areas and those of the packages that the store holds; what cannot be read is said."""
    try:
        held = Shelf(page.serving.store).held()
        found = [area for package in _best(page, held) for area in _areas(page, package)]
    except (Refusal, OSError) as error:
        why = sentences.refusal_text(error, page.t) if isinstance(error, Refusal) else ""
        st.warning(page.t("compare.other.unreadable", why=why))
        return tuple(own)
    labels = distinct({area.token: area.label for area in (*own, *found)}, keep=[area.token for area in own])
    return (*own, *(replace(area, label=labels[area.token]) for area in found))


def as_published(page: Page) -> Page:
    """Return the page as visitors see it: nothing exact stands beside rounded values."""
    if not page.view.exact:
        return page
    served = serving(newest=False)
    st.info(page.t("compare.other.protected"))
    view = page.view.on(PROTECTED, page.known)
    return replace(page, view=view, serving=served or page.serving)


def say_offer(page: Page, known: Iterable[Area]) -> None:
    """Say whose figures can be chosen beside one's own."""
    names = dict.fromkeys(area.package.publisher.name for area in known if area.package)
    if names:
        st.caption(page.t("compare.other.offer", publishers=", ".join(map(plain, names))))


def say_whose(page: Page, chosen: Iterable[Area]) -> None:
    """Say of each area of another who has published it, in which release and for which periods; and once what rounding costs."""
    lines = [f"- {_source(page, area)}" for area in chosen if area.package]
    if lines:
        st.caption("\n".join([page.t("compare.other.from"), "", *lines, "", page.t("package.rounded")]))


def _source(page: Page, area: Area) -> str:
    """Return whose figures an area's are, as Markdown; empty of one's own."""
    if area.package is None:
        return ""
    t, about = page.t, area.package.about
    told = {
        "label": plain(area.label), "publisher": plain(about.publisher), "release": about.release,
        "day": formats.day(about.until, t.lang), "licence": plain(about.licence),
        "periods": ", ".join(sentences.period_text(one, t) for one in about.periods),
    }  # fmt: skip
    return t("compare.other.line", **told)


def brief_sources(page: Page, shown: Iterable[Area]) -> tuple[str, ...]:
    """Return who has published what a figure shows of others, for its notes and files; each publisher's release once."""
    t = page.t
    return tuple(
        dict.fromkeys(
            t("package.source", publisher=plain(one.publisher), release=one.release, day=formats.day(one.until, t.lang))
            for one in (area.package.about for area in shown if area.package)
        )
    )


def say_why_not(page: Page, groups: Iterable[Sequence[Compared]]) -> None:
    """Say of every value of another that is not there why it is not, each reason once."""
    whys = reasons(page, (refusal for group in groups for one in group for refusal in one.refusals))
    if whys:
        st.markdown("\n".join([page.t("compare.other.why"), "", *(f"- {why}" for why in whys)]))


def reasons(page: Page, refusals: Iterable[Refusal]) -> tuple[str, ...]:
    """Return refusals as sentences, each once."""
    return tuple(dict.fromkeys(sentences.refusal_text(one, page.t) for one in refusals))


def mark_of(page: Page, refusal: Refusal) -> str:
    """Return in two words why a cell of a table has no value."""
    return page.t("compare.other.otherwise" if refusal.reason in _OTHERWISE else "compare.other.missing")


def _best(page: Page, held: Iterable[Package]) -> list[Package]:
    """Return one package of each publisher and population: that with the page's period, else that with the newest data."""
    found: dict[str, Package] = {}
    for one in sorted(held, key=lambda one: (page.view.period in one.about.periods, one.about.until)):
        found[_token(one)] = one
    return sorted(found.values(), key=lambda one: (one.publisher.name, one.about.population.code))


def _token(package: Package, municipality: str = "") -> str:
    people = package.about.population
    area = token_of(Choice(people.dimension, people.code)) if people.dimension else WHOLE
    return "-".join(part for part in (package.publisher.key[:_KEY_LETTERS], area, municipality) if part)


def _areas(page: Page, package: Package) -> list[Area]:
    """Return the area that a package is of; of one of everybody, its municipalities too, if they are large enough."""
    t, people = page.t, package.about.population
    name = t("filter.all.area")
    if people.dimension:
        name = page.label("clients", people.dimension, people.code)
        name = name if people.dimension == _PLACE else t("filter.group." + people.dimension, name=name)
    whole = Area(_token(package), _named(page, name, package), package=package)
    if people.dimension:
        return [whole]
    there = over(page, whole)
    for period in (page.view.period, *package.about.periods):
        try:
            rows = asked(there, "clients", _PLACE, period).rows
        except Refusal:
            continue
        large = sorted((row for row in rows if (row.n or 0) >= COMPARED_FROM), key=lambda row: -(row.n or 0))
        codes = [code for row in large if not is_unknown("clients", _PLACE, code := row.codes[_PLACE])]
        labels = {code: _named(page, page.label("clients", _PLACE, code), package) for code in codes}
        return [whole, *(Area(_token(package, code), labels[code], _PLACE, code, package) for code in codes)]
    return [whole]


def _named(page: Page, name: str, package: Package) -> str:
    return page.t("compare.other", area=name, publisher=package.publisher.name)

"""Writing a published site into a folder: `tilannekuva site --package espoo.tkp --out DIR`."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from data.texts import LANGUAGES, Language, Texts, capital, message, texts
from metrics.grammar.question import Question
from metrics.packages.checking import check
from metrics.packages.container import content_of
from metrics.packages.errors import PackageError
from metrics.packages.manifest import limits
from metrics.packages.opening import Package, package_of
from pages.downloads.about import About
from pages.downloads.image import WIDTH, to_svg
from pages.figures.tables import to_csv, to_html
from pages.shell import publications
from pages.site import html
from pages.site.figures import SiteFigure, figures_of, lacks_of, period_of, source_of
from pages.site.folder import check_free, write_whole
from pages.view.sentences import defined, period_text, protected_explained

INDEX = "index.html"
PHONE = 340
"""Pixels of a chart on a phone."""


def run(options: argparse.Namespace) -> int:
    """Write the site of a package and return the exit code 0. Raises OSError, PackageError."""
    package = package_of(content_of(options.package), options.package.name)
    if package.about.gate != limits():
        raise PackageError("other_gate", publisher=package.publisher.name)
    check(package)
    count = write(package, options.out)
    print(message("site.done", options.lang, path=options.out, count=count))
    return 0


def write(package: Package, out: Path) -> int:
    """Write the pages into a folder that is not there yet, or empty; the result is their number. Raises PackageError, OSError."""
    check_free(out)  # before the work
    pages: dict[str, bytes] = {}
    for lang in LANGUAGES:
        t = texts(lang)
        figures = list(figures_of(package, t))
        pages[f"{lang}/{INDEX}"] = _index(package, figures, lang, t).encode()
        for figure in figures:
            pages[f"{lang}/{figure.definition.id}.html"] = _figure(package, figure, lang, t).encode()
            if figure.table:
                pages[f"{lang}/{figure.definition.id}.csv"] = to_csv(
                    figure.table, t, [figure.title, *figure.lacks, *_example(package, t), *_foot(package, figure, t)]
                )
    pages[INDEX] = html.front(publications.named(package, texts(LANGUAGES[0]))).encode()
    write_whole(out, pages)
    return sum(name.endswith(".html") for name in pages)


def _index(package: Package, figures: list[SiteFigure], lang: Language, t: Texts) -> str:
    owner = publications.named(package, t)
    main = html.paragraph(_period(package, t), "quiet") + _paragraphs(_example(package, t))
    metrics = tuple(one.definition.id for one in figures)
    main += _paragraphs(lacks_of(Question(metrics, period=period_of(package)), package, t))
    # Of a municipality that has files of visits alone most figures have no data: among the others they would hide them.
    empty = [one for one in figures if one.is_without_data]
    told = [one for one in figures if not one.is_without_data]
    for group, found in groupby(told, key=lambda one: one.definition.group):
        items = ((f"{one.definition.id}.html", one.title, one.summary) for one in found)
        main += html.section(t("catalogue.group." + group), html.links(items))
    if empty:
        items = ((f"{one.definition.id}.html", one.title, "") for one in empty)
        main += html.section(capital(t("state.no_data")), html.links(items))
    return html.page(owner, lang, owner, INDEX, main, _common(package, t), t)


def _figure(package: Package, figure: SiteFigure, lang: Language, t: Texts) -> str:
    file, definition = f"{figure.definition.id}.html", figure.definition
    when = " · ".join(filter(None, (_period(package, t), figure.stands_on)))
    main = html.paragraph(figure.summary, "lead") + html.paragraph(when, "quiet")
    main += _paragraphs((*_example(package, t), *figure.lacks))
    if figure.chart is not None and figure.table is not None:
        title = figure.by_title
        wide, narrow = (
            to_svg(figure.chart, About(title, (), ()), figure.alt, width).decode().partition("?>")[2]
            for width in (WIDTH, PHONE)
        )
        main += html.section(
            figure.by,
            html.paragraph(t("figure.unit", unit=figure.unit), "quiet")
            + html.picture(wide, narrow, title)
            + _paragraphs(figure.more)
            + to_html(figure.table, title, whole=True, headed=True, styled=False)
            + f'<p><a href="{definition.id}.csv" download>{t("table.csv")}</a></p>',
        )
    if figure.periods.lines:
        table = to_html(figure.periods, t("site.periods"), whole=True, headed=True, styled=False)
        main += html.section(t("site.periods"), table)
    main += _paragraphs(figure.notes)
    main += html.section(
        t("site.definition"),
        html.paragraph(defined(definition, t)) + html.paragraph(definition.why[t.lang]),
    )
    owner = publications.named(package, t)
    return html.page(figure.title, lang, owner, file, main, _foot(package, figure, t), t)


def _paragraphs(notes: Iterable[str]) -> str:
    return "".join(html.paragraph(note) for note in notes)


def _period(package: Package, t: Texts) -> str:
    text = period_text(period_of(package), t)
    return capital(text)


def _foot(package: Package, figure: SiteFigure, t: Texts) -> tuple[str, ...]:
    return source_of(package, figure.definition, t), *_common(package, t)


def _common(package: Package, t: Texts) -> tuple[str, ...]:
    return t("site.licence", licence=package.about.licence), protected_explained(t)


def _example(package: Package, t: Texts) -> tuple[str, ...]:
    """That the figures are made up, where they are: at the top, before anybody believes them."""
    return (t("page.sample"),) if package.about.example else ()

"""Packages and their answers beside one's own, as lines of text and JSON, for the command line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from babel.dates import format_date

from data.refusal import refusal_text
from data.texts import Language, message, texts
from metrics.grammar.answer import Row
from metrics.grammar.period import Period
from metrics.listing import LACKING, aligned, number_text, value_text
from metrics.measures import gaps
from metrics.model.dimensions import label
from metrics.packages.comparing import Beside
from metrics.packages.manifest import PackageManifest, PackedPeople
from metrics.packages.opening import Package


def area_text(population: PackedPeople, lang: str) -> str:
    """Return whose figures a package's are, as a name."""
    if population.dimension:
        return label(None, population.dimension, population.code, lang, {})
    names = (label(None, "municipality", code, lang, {}) for code in population.municipalities)
    return ", ".join(names)


def about_lines(about: PackageManifest, package_id: str, lang: str) -> list[str]:
    """Return what a package is of, who made it and of which day."""
    periods = ", ".join(Period.parse(period).label(lang) for period in about.periods)
    day = format_date(about.until, "medium", locale=lang)
    told = {"publisher": about.publisher, "area": area_text(about.population, lang), "periods": periods}
    return [
        message("package.line", lang, id=package_id, **told),
        "  " + message("package.of", lang, release=about.release, day=day, licence=about.licence),
    ]


def package_lines(packages: Iterable[Package], lang: str) -> list[str]:
    """Return the packages that are held, with the metrics that are not compared."""
    lines: list[str] = []
    for one in packages:
        lines += [*about_lines(one.about, one.id, lang), *other_lines(one, lang)]
    return lines


def other_lines(package: Package, lang: str) -> list[str]:
    """Return which metrics of a package are counted otherwise here; nothing where none are."""
    other = ", ".join(package.other_definitions)
    return ["  " + message("package.other_definitions", lang, metrics=other)] if other else []


def beside_lines(sides: Sequence[Beside], dimensions: Sequence[str], lang: Language) -> list[str]:
    """Return answers of several publishers as aligned columns: what their files lack, who they are of, what rounding loses."""
    head = ["", *dimensions, *(message(f"cli.{name}", lang) for name in ("period", "value", "count"))]
    body = [[side.name, *_texts(row, dimensions, lang)] for side in sides for row in side.rows]
    refused = [f"{side.name}: {refusal_text(side.refusal, texts(lang))}" for side in sides if side.refusal]
    return [
        *aligned(head, body),
        *refused,
        *(f"{side.name}: {lost}" for side in sides if (lost := _lost(side, lang))),
        "",
        *(source_text(side, lang) for side in sides),
        message("package.rounded", lang),
    ]


def _lost(side: Beside, lang: Language) -> str:
    """Return what the files of a side lack, in words; of a package that does not tell, that it is not known."""
    if side.refusal:
        return ""
    return message("gaps.untold", lang) if side.lacks is None else gaps.said(side.lacks, lang)


def source_text(side: Beside, lang: str) -> str:
    """Return who has published a side of a comparison, in which release, of data until when."""
    if side.until is None:
        return side.name
    day = format_date(side.until, "medium", locale=lang)
    return message("package.source", lang, publisher=side.name, release=side.release, day=day)


def beside_json(sides: Sequence[Beside]) -> str:
    """Return the same as JSON."""
    return json.dumps([_json(side) for side in sides], ensure_ascii=False, indent=1)


def _json(side: Beside) -> dict[str, Any]:
    return {
        "publisher": side.name,
        "package": side.package_id,
        "release": side.release,
        "data_until": side.until.isoformat() if side.until else None,
        "rows": [row.flat() for row in side.rows],
        LACKING: None if side.lacks is None else gaps.as_objects(side.lacks),
        "refused": side.refusal.reason if side.refusal else None,
    }


def _texts(row: Row, dimensions: Sequence[str], lang: str) -> list[str]:
    codes = (label(row.metric, name, row.codes[name], lang, {}) if name in row.codes else "" for name in dimensions)
    more = message("cli.horizon", lang, months=row.horizon) if row.horizon else ""
    period = " ".join(part for part in (Period.parse(row.period).label(lang), more) if part)
    return [*codes, period, value_text(row, lang), number_text(row.n, lang)]

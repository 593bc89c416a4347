"""Asking a package: the same closed grammar, answered by values that are published already."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

import polars as pl

from metrics.audience import is_exact
from metrics.grammar.answer import Answer, CurvePoint
from metrics.grammar.period import Each, Period, PeriodError
from metrics.grammar.question import Question, QuestionError, ValidatedQuestion, validate
from metrics.model.definition import definitions
from metrics.packages import table
from metrics.packages.errors import PackageError
from metrics.packages.manifest import PackageManifest, limits
from metrics.packages.opening import Package


def ask_package(question: Question, package: Package) -> Answer:
    """Return the answer of a package. Raises QuestionError, also for what it does not hold, PackageError.

    Fixed codes that the publisher does not list, since too few people have them, have no row.
    """
    own, asked = _checked(question, package)
    periods = [str(period) for period in asked.periods]
    wanted = {metric: number for number, metric in enumerate(own.metrics)}
    order = {period: number for number, period in enumerate(periods)}
    chosen = [
        replace(row, codes=codes)
        for row in table.rows_of(_of(package.cells, own, periods))
        if (codes := _codes(own, row.codes)) is not None
    ]
    about = package.about
    return Answer(
        question=question,
        rows=tuple(sorted(chosen, key=lambda row: (wanted[row.metric], order[row.period]))),
        generation=about.release,
        data_until=about.until,
        closed_until=about.until,
        definition_version={one.id: one.version for one in asked.definitions},
    )


def ask_package_curve(question: Question, package: Package) -> tuple[CurvePoint, ...]:
    """Return the survival curves of a package for a question. Raises as `ask_package`, and QuestionError: `not_a_curve`."""
    for metric in question.metrics:
        if metric in definitions() and definitions()[metric].kind != "time_to_event":
            raise QuestionError("not_a_curve", metric=metric)
    own, asked = _checked(question, package)
    if question.each is not None:  # packages have curves of whole periods alone
        raise _not_held(question.metrics[0], package)
    found = table.points_of(_of(package.curves, own, [str(period) for period in asked.periods]))
    return tuple(replace(point, codes=codes) for point in found if (codes := _codes(own, point.codes)) is not None)


def _checked(question: Question, package: Package) -> tuple[Question, ValidatedQuestion]:
    """Return a question as a package is asked it, once as it stands and once validated. Raises QuestionError, PackageError."""
    if is_exact(question.audience):
        raise QuestionError("package_protected")
    if package.about.gate != limits():  # taken in by an earlier version of this program, which had these limits
        raise PackageError("other_gate", publisher=package.publisher.name)
    own = _in_package(question, package)
    # Nobody but the publisher knows its service points, and no package has them.
    asked = validate(own, package.generation, (), lambda: package.generation.first_day)
    for definition in asked.definitions:
        if definition.id in package.other_definitions:
            raise QuestionError("package_definition", metric=definition.id, publisher=package.publisher.name)
        _check_held(asked, definition.id, package)
    return own, asked


def _of(frame: pl.DataFrame, question: Question, periods: list[str]) -> pl.DataFrame:
    # First what is cheap to tell: which dimensions a row has is read from lists made for each.
    found = frame.filter(pl.col("metric").is_in(list(question.metrics)) & pl.col("period").is_in(periods))
    return found.filter(table.is_by(question.dimensions))


def _codes(question: Question, codes: Mapping[str, str]) -> dict[str, str] | None:
    """Return the codes of a row in the order of a question; None for a row that it does not ask for."""
    if any(codes[name] not in wanted for name, wanted in question.where):
        return None
    return {name: codes[name] for name in question.dimensions}


def _in_package(question: Question, package: Package) -> Question:
    """Return a question without the area that everything in a package is of. Raises QuestionError for another area."""
    area = package.about.population
    rest = tuple((name, codes) for name, codes in question.where if not area.dimension or name != area.dimension)
    if any(codes != (area.code,) for name, codes in question.where if name == area.dimension):
        raise _not_held(question.metrics[0] if question.metrics else "", package)
    return replace(question, where=rest)


def held_periods(package: Package) -> tuple[str, ...]:
    """Return the periods that a package can be asked of: its own, and the quarters and months within them."""
    about, found = package.about, dict.fromkeys(package.about.periods)
    first, last = package.generation.first_day or about.until, about.until
    for each in dict.fromkeys(one.each for one in about.answers if one.each):
        for span in map(Period.parse, about.periods):
            with suppress(PeriodError):  # a month has no quarters
                found |= dict.fromkeys(str(part) for part in span.split(each, first, last) if not part.is_open(last))
    return tuple(found)


def _check_held(question: ValidatedQuestion, metric: str, package: Package) -> None:
    """Raises QuestionError when a package does not answer a question about a metric."""
    about, dimensions = package.about, set(question.question.dimensions)
    found = [one for one in about.answers if metric in one.metrics and set(one.by) == dimensions]
    missing = [part for part in question.periods if not any(_holds(part, one.each, about) for one in found)]
    if found and not missing:
        return
    if found and not any(_holds(part, one.each, about) for part in missing for one in about.answers):
        told: dict[str, object] = {"publisher": package.publisher.name, "period": question.question.period}
        raise QuestionError("period_not_in_package", (), **told, periods=",".join(about.periods))
    raise _not_held(metric, package)


def _holds(part: Period, each: Each | None, about: PackageManifest) -> bool:
    """Return whether a period is one of a package's, or such a part of one. What goes on ends where the data do."""
    if each is None:
        return str(part) in about.periods
    if part.level != each or part.first_day is None or part.last_day is None:
        return False
    last = min(part.last_day, about.until)
    return any(
        span.first_day is None
        or (span.last_day is not None and span.first_day <= part.first_day and last <= span.last_day)
        for span in map(Period.parse, about.periods)
    )


def _not_held(metric: str, package: Package) -> QuestionError:
    return QuestionError("not_in_package", metric=metric, publisher=package.publisher.name)

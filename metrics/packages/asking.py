"""Asking a package: the same closed grammar, answered by values that are published already."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from metrics.audience import is_exact
from metrics.grammar.answer import Answer
from metrics.grammar.period import Each, Period
from metrics.grammar.question import Question, QuestionError, validate
from metrics.packages import table
from metrics.packages.opening import Package


def ask_package(question: Question, package: Package) -> Answer:
    """Return the answer of a package. Raises QuestionError, also for what it does not hold, PackageError.

    Fixed codes that the publisher does not list, since too few people have them, have no row.
    """
    if is_exact(question.audience):
        raise QuestionError("package_protected")
    own = _in_package(question, package)
    # Nobody but the publisher knows its service points, and no package has them.
    asked = validate(own, package.generation, ())
    for definition in asked.definitions:
        if definition.id in package.other_definitions:
            raise QuestionError("package_definition", metric=definition.id, publisher=package.publisher.name)
        _check_held(own, definition.id, package)
    periods = [str(period) for period in asked.periods]
    frame = package.cells.filter(pl.col("period").is_in(periods) & table.is_by(own.dimensions))
    wanted = {metric: number for number, metric in enumerate(own.metrics)}
    order = {period: number for number, period in enumerate(periods)}
    rows = table.rows_of(frame.filter(pl.col("metric").is_in(list(wanted))))
    fixed = dict(own.where)
    chosen = [
        replace(row, codes={name: row.codes[name] for name in own.dimensions})
        for row in rows
        if all(row.codes[name] in codes for name, codes in fixed.items())
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


def _in_package(question: Question, package: Package) -> Question:
    """Return a question without the area that everything in a package is of. Raises QuestionError for another area."""
    area = package.about.population
    rest = tuple((name, codes) for name, codes in question.where if not area.dimension or name != area.dimension)
    if any(codes != (area.code,) for name, codes in question.where if name == area.dimension):
        raise _not_held(question.metrics[0] if question.metrics else "", package)
    return replace(question, where=rest)


def _check_held(question: Question, metric: str, package: Package) -> None:
    """Raises QuestionError when a package does not answer a question about a metric."""
    dimensions = set(question.dimensions)
    for one in package.about.answers:
        if metric not in one.metrics or set(one.by) != dimensions:
            continue
        if any(_holds(question, period, one.each) for period in package.about.periods):
            return
    raise _not_held(metric, package)


def _holds(question: Question, period: str, each: Each | None) -> bool:
    if question.each is not None or each is None:
        return (question.period, question.each) == (period, each)
    whole, part = Period.parse(period), Period.parse(question.period)
    if part.level != each or part.first_day is None or part.last_day is None:
        return False
    return whole.first_day is None or (
        whole.last_day is not None and whole.first_day <= part.first_day and part.last_day <= whole.last_day
    )


def _not_held(metric: str, package: Package) -> QuestionError:
    return QuestionError("not_in_package", metric=metric, publisher=package.publisher.name)

"""Looking at every value of a package once before it is taken in: a signature tells who wrote it, not that it makes sense.

Nothing of a table is shown that disclosure control here could not have published, or that no figure could draw.
"""

from __future__ import annotations

import polars as pl

from data.codes import code_list
from metrics.gate import BASE, SHOWN_FROM
from metrics.grammar.period import Period, is_period
from metrics.model.definition import definitions
from metrics.model.dimensions import list_of, members
from metrics.packages import table
from metrics.packages.errors import PackageError
from metrics.packages.manifest import PackageManifest
from metrics.packages.opening import Package

_LONGEST = 60
"""Bytes of a code, an id or a bound."""
_LARGEST = 1e12
_LONGEST_HORIZON = 600
"""Months."""
_PAIRS = tuple((f"dimension_{i}", f"code_{i}") for i in (1, 2, 3))
_KEYS = ("metric", "period", "horizon", "quantile", "day", *(name for pair in _PAIRS for name in pair))
"""What tells a row from every other."""


def check(package: Package) -> None:
    """Raise PackageError: `content`, when a package says of itself, or holds, what this program could not show."""
    try:
        _check_people(package.about)
        _check_lacking(package.about)
        comparable = set(package.about.definitions) - set(package.other_definitions)
        for frame in (package.cells, package.curves):
            _check_strings(frame)
            _check_numbers(frame)
            _check_questions(frame, package)
            _check_codes(frame.filter(pl.col("metric").is_in(list(comparable))))
        _check_cells(package.cells, comparable)
        _check_curves(package.curves)
    except (ValueError, KeyError, pl.exceptions.PolarsError):
        raise PackageError("content", file=package.file) from None


def _check_people(about: PackageManifest) -> None:
    """Overlapping packages are told by these municipalities, so that they must be those of the area."""
    people = about.population
    known = code_list("municipality")
    _must(bool(people.municipalities), "nobody")
    _must(all(code in known and code != known.unknown for code in people.municipalities), "municipalities")
    if people.dimension == "municipality":
        _must(people.municipalities == (people.code,), "another municipality")
    elif people.dimension:
        _must(set(people.municipalities) == set(members(people.dimension, people.code)), "another area")


def _check_lacking(about: PackageManifest) -> None:
    known = code_list("municipality")
    _must(all(not one.municipality or one.municipality in known for one in about.lacking or ()), "municipalities")


def _check_strings(frame: pl.DataFrame) -> None:
    for name in (name for name, kind in frame.schema.items() if kind == pl.String()):
        _must(frame.filter(pl.col(name).str.len_bytes() > _LONGEST).is_empty(), "long")
    for name in ("metric", "period"):
        _must(frame[name].null_count() == 0, "nothing")
    _must(all(map(is_period, frame["period"].unique())), "periods")


def _check_numbers(frame: pl.DataFrame) -> None:
    for name in (name for name, kind in frame.schema.items() if kind.is_numeric()):
        _must(frame.filter(pl.col(name).abs() > _LARGEST).is_empty(), "large")
    for name in {"n", "numerator", "denominator", "whole", "at_risk", "day"} & set(frame.columns):
        _must(frame.filter(pl.col(name) < 0).is_empty(), "less than nothing")
    _must(frame.filter(pl.col("lower") > pl.col("upper")).is_empty(), "interval")


def _check_questions(frame: pl.DataFrame, package: Package) -> None:
    """Every row answers a question of the manifest, in one of its periods or a part of one, and once."""
    names = [dimension for dimension, _ in _PAIRS]
    told = {(metric, tuple(sorted(one.by))) for one in package.about.answers for metric in one.metrics}
    found = {
        (metric, tuple(sorted(filter(None, dimensions))))
        for metric, *dimensions in frame.select("metric", *names).unique().iter_rows()
    }
    _must(found <= told, "questions")
    spans = [Period.parse(period) for period in package.about.periods]
    _must(all(_is_within(Period.parse(one), spans) for one in frame["period"].unique()), "periods")
    _must(not frame.select(name for name in frame.columns if name in _KEYS).is_duplicated().any(), "twice")


def _is_within(period: Period, spans: list[Period]) -> bool:
    """Return whether a period is one of these or begins within one: the last quarter of a year so far may go on."""
    return any(
        period == span
        or span.first_day is None
        or (span.last_day and period.first_day and span.first_day <= period.first_day <= span.last_day)
        for span in spans
    )


def _check_codes(frame: pl.DataFrame) -> None:
    for dimension, code in _PAIRS:
        _must(frame.filter(pl.col(dimension).is_null() != pl.col(code).is_null()).is_empty(), "half a pair")
        for metric, name, value in frame.select("metric", dimension, code).unique().drop_nulls(dimension).iter_rows():
            known = list_of(metric, name)
            _must(known is not None and value in known, "codes")
    for one, other in ((0, 1), (0, 2), (1, 2)):
        _must(frame.filter(pl.col(_PAIRS[one][0]) == pl.col(_PAIRS[other][0])).is_empty(), "dimensions")


def _check_cells(frame: pl.DataFrame, comparable: set[str]) -> None:
    _must(frame.filter((pl.col("state") == "shown") != pl.col("value").is_not_null()).is_empty(), "states")
    few = (pl.col("n") < SHOWN_FROM) | (pl.col("n") % BASE != 0)
    _must(frame.filter(few).is_empty(), "not rounded")
    _must(frame.filter((pl.col("horizon") <= 0) | (pl.col("horizon") > _LONGEST_HORIZON)).is_empty(), "horizon")
    _must(frame.filter((pl.col("quantile") <= 0) | (pl.col("quantile") >= 1)).is_empty(), "quantile")
    _must(frame.filter((pl.col("unit") == "%") & ~pl.col("value").is_between(0, 100)).is_empty(), "percent")
    known, units = definitions(), frame.select("metric", "unit").unique().iter_rows()
    _must(all(unit == known[metric].unit for metric, unit in units if metric in comparable), "units")
    counts = [metric for metric in comparable if known[metric].kind == "count"]
    of_counts = frame.filter(pl.col("metric").is_in(counts))
    _must(of_counts.filter((pl.col("value") % BASE != 0) | (pl.col("value") < SHOWN_FROM)).is_empty(), "not rounded")
    for name in ("bound", "known"):
        for text in frame[name].drop_nulls().unique():
            table.bound_or_number(text)


def _check_curves(frame: pl.DataFrame) -> None:
    needed = ("day", "value", "lower", "upper", "at_risk")
    _must(not any(frame[name].null_count() for name in needed), "nothing")
    _must(all(frame[name].is_between(0, 100).all() for name in ("value", "lower", "upper")), "percent")


def _must(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)

"""Packages of a publisher who is trusted and means harm, or errs: refused in a sentence, or harmless, and never a traceback."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.refusal import Refusal, refusal_text
from data.store.store import Store
from data.texts import texts
from metrics.gate import BASE, SHOWN_FROM
from metrics.grammar.question import Question
from metrics.packages.asking import ask_package_curve
from metrics.packages.checking import check
from metrics.packages.comparing import package_side
from metrics.packages.container import packed, unpacked
from metrics.packages.errors import PackageError
from metrics.packages.listing import about_lines, beside_json, beside_lines
from metrics.packages.manifest import PackedPeople, PackedQuestion
from metrics.packages.opening import Package, package_of
from metrics.packages.shelf import Shelf
from metrics.packages.table import CELLS, read
from tests.metrics.packages.conftest import PERIOD, Made
from tests.metrics.packages.test_receiving import forged

Two = tuple[Made, Made]


def parquet(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def with_cells(made: Made, change: Callable[[pl.DataFrame], pl.DataFrame], member: str = "cells.parquet") -> Package:
    """The package with another table, signed by its publisher."""
    members = unpacked(made.package.content, "x.tkp")
    members[member] = parquet(change(pl.read_parquet(io.BytesIO(members[member]))))
    members["signature.json"] = made.key.signature(members)
    return package_of(packed(members), "x.tkp")


def set_first(column: str, value: object, where: str = "clients") -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Put a value into one row."""

    def change(frame: pl.DataFrame) -> pl.DataFrame:
        marked = frame.with_row_index("place")
        shown = marked.filter((pl.col("metric") == where) & pl.col("value").is_not_null())
        first = pl.col("place") == shown["place"][0]
        other = pl.when(first).then(pl.lit(value, dtype=frame.schema[column])).otherwise(pl.col(column)).alias(column)
        return marked.with_columns(other).drop("place")

    return change


BAD: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "NaN": set_first("value", float("nan")),
    "infinite": set_first("n", float("inf")),
    "negative": set_first("n", -10.0),
    "huge": set_first("value", 1e300),
    "exact": set_first("n", 12.0),
    "too few": set_first("n", float(SHOWN_FROM - BASE)),
    "exact count": set_first("value", 12.0),
    "over a hundred percent": set_first("value", 101.0, "solved_share"),
    "shown without value": set_first("value", None),
    "state": set_first("state", "<script>"),
    "unit": set_first("unit", "<img src=x onerror=alert(1)>"),
    "period": set_first("period", "../../etc/passwd"),
    "year": set_first("period", "9999"),
    "other period": set_first("period", "2019"),
    "no period": set_first("period", None),
    "no metric": set_first("metric", None),
    "long": set_first("bound", "<" + "1" * 200),
    "bound": set_first("bound", "about ten"),
    "known": set_first("known", "nan", "solved_share"),
    "known over": set_first("known", "1e9", "solved_share"),
    "half a pair": set_first("code_1", "so"),
    "code": lambda frame: frame.with_columns(pl.col("code_1").replace({"so": "<b>"})),
    "dimension": lambda frame: frame.with_columns(pl.col("dimension_1").str.replace("language", "service_point")),
    "interval": lambda frame: frame.with_columns(lower=pl.lit(5.0), upper=pl.lit(1.0)),
    "horizon": set_first("horizon", -1),
    "quantile": set_first("quantile", 7.0),
    "twice": lambda frame: pl.concat([frame, frame.head(1)]),
    "other columns": lambda frame: frame.with_columns(pl.lit("x").alias("more")),
    "numbers as text": lambda frame: frame.with_columns(pl.col("value").cast(pl.String)),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_table_that_makes_no_sense_is_refused_in_words(what: str, two: Two, tmp_path: Path) -> None:
    package = with_cells(two[0], BAD[what])
    with pytest.raises(PackageError, match="content") as raised:
        Shelf(Store(tmp_path / "s")).take(package, package.publisher.fingerprint)
    assert refusal_text(raised.value, texts("fi"))


def test_what_was_made_here_makes_sense(two: Two) -> None:
    for made in two:
        check(package_of(made.package.content, "x.tkp"))


@pytest.mark.parametrize(
    ("column", "value"),
    [("value", 400.0), ("at_risk", -1), ("day", -5), ("period", "1"), ("value", None), ("code_1", "so")],
)
def test_curves_too(column: str, value: object, two: Two) -> None:
    def change(frame: pl.DataFrame) -> pl.DataFrame:
        first = pl.int_range(pl.len()) == 0
        return frame.with_columns(
            pl.when(first).then(pl.lit(value, dtype=frame.schema[column])).otherwise(column).alias(column)
        )

    made = next(one for one in two if not package_of(one.package.content, "x").curves.is_empty())
    with pytest.raises(PackageError, match="content"):
        check(with_cells(made, change, "curves.parquet"))


CHANGES: list[dict[str, Any]] = [
    {"until": date(9999, 1, 1)}, {"first_day": date(1, 1, 1)}, {"program": "x" * 1000}, {"program": "a\x1b[2J"},
    {"release": 10**12}, {"periods": ("0001",)}, {"publisher": "a\u202eb"}, {"licence": "\n# x"}, {"gate": {"../x": 1.0}},
    {"answers": (PackedQuestion(metrics=("clients",)),) * 20_001}, {"data_until": {"<b>": date(2026, 1, 1)}},
    {"population": PackedPeople.model_construct(dimension="language", code="so", municipalities=("853",))},
    {"population": PackedPeople.model_construct(dimension="region", code="../..", municipalities=("853",))},
]  # fmt: skip


@pytest.mark.parametrize("changes", CHANGES, ids=lambda one: "-".join(one))
def test_a_manifest_beyond_all_bounds_is_refused(changes: dict[str, Any], two: Two) -> None:
    with pytest.raises(PackageError, match="damaged"):
        forged(two[0], two[0].key, **changes)


@pytest.mark.parametrize(
    "people",
    [
        PackedPeople(municipalities=()),
        PackedPeople(dimension="municipality", code="853", municipalities=("049",)),
        PackedPeople(dimension="region", code="02", municipalities=("853",)),
        PackedPeople(municipalities=("000",)),
    ],
)
def test_who_hides_whose_figures_they_are_is_refused(people: PackedPeople, two: Two) -> None:
    """Two packages of the same people are told by these municipalities."""
    with pytest.raises(PackageError, match="content"):
        check(forged(two[0], two[0].key, population=people))


def refusal_of(act: Callable[[], object]) -> Refusal | None:
    try:
        act()
    except Refusal as refusal:
        return refusal
    return None


@settings(max_examples=40)
@given(data=st.data())
def test_whatever_stands_in_a_table_ends_in_a_sentence_or_in_an_answer(data: st.DataObject, two: Two) -> None:
    """Odd values in a few cells of a few columns: what passes the check can be asked and printed in every way there is."""
    words = st.sampled_from(["so", "language", PERIOD, "shown", "small", "<10", ">95"])
    odd: dict[Any, st.SearchStrategy[Any]] = {
        pl.String(): st.one_of(st.none(), st.text(max_size=70), words),
        pl.Float64(): st.one_of(st.none(), st.floats(), st.sampled_from([0.0, 5.0, 10.0, 1e13])),
        pl.Int32(): st.one_of(st.none(), st.integers(-(2**31), 2**31 - 1)),
    }
    columns = data.draw(st.lists(st.sampled_from(list(CELLS)), min_size=1, max_size=3, unique=True))

    def change(frame: pl.DataFrame) -> pl.DataFrame:
        some = frame.filter(pl.col("metric").is_in(["clients", "solved_share"])).head(60)
        for column in columns:
            kind = frame.schema[column]
            made = data.draw(st.lists(odd[kind], min_size=2, max_size=6))
            drawn = [made[i] if i < len(made) else value for i, value in enumerate(some[column])]
            some = some.with_columns(pl.Series(column, drawn, dtype=kind))
        return some

    package = with_cells(two[0], change)
    if (why := refusal_of(lambda: check(package))) is not None:
        assert refusal_text(why, texts("fi"))
        return
    for by in ((), ("language",), ("topic",), ("language", "topic")):
        for metric in ("clients", "solved_share"):
            question = Question((metric,), by=by, period=PERIOD)
            side = package_side(question, package)
            assert side.refusal is None or refusal_text(side.refusal, texts("fi"))
            assert all(row.value is None or 0 <= row.value <= 1e12 for row in side.rows)
            assert beside_lines([side], by, "fi")
            assert beside_json([side])
    assert about_lines(package.about, package.id, "sv")
    with pytest.raises(Refusal):
        ask_package_curve(Question(("clients",), period=PERIOD), package)


@settings(max_examples=60)
@given(content=st.binary(max_size=400), at=st.integers(0, 10_000))
def test_a_torn_table_is_no_traceback(content: bytes, at: int, two: Two) -> None:
    good = unpacked(two[0].package.content, "x.tkp")["cells.parquet"]
    place = at % len(good)
    for bad in (content, b"PAR1" + content + b"PAR1", good[:place] + content + good[place + len(content) :]):
        try:
            read(bad, CELLS)
        except ValueError:
            continue

"""The tables hypotheses are tested on, counted by hand: which rows, which sides, which clients, which outcomes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from data import clock
from data.store.store import Store
from metrics.gate import Cell
from metrics.hypotheses.hypothesis import Hypothesis
from metrics.hypotheses.samples import draw
from metrics.hypotheses.shapes import by_month, series
from metrics.hypotheses.sides import _steps, cell, parts
from tests.metrics.hypotheses.methods.simulated import COLUMNS
from tests.metrics.hypotheses.test_register import asked
from tests.metrics.made import store_of

TURKU, SALO, ESPOO = "853", "734", "049"


def visit(client: int, place: str, month: int, resolution: str = "continues", **more: Any) -> dict[str, Any]:
    day = date(2025, month, 10)
    return {
        "client": client,
        "municipality": place,
        "occurred_on": day,
        "resolution": resolution,
        "language": "so",
    } | more


ENCOUNTERS = [
    visit(1, TURKU, 1, "solved"),
    visit(1, TURKU, 2, "continues", language="ar"),
    visit(2, TURKU, 2, "solved"),
    visit(-3, TURKU, 3),
    visit(4, SALO, 1, "solved"),
    visit(5, ESPOO, 3),
    visit(6, "000", 3, "solved"),
]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Seven encounters in the first three months of 2025, all closed."""
    return store_of(tmp_path / "store", {"encounter": ENCOUNTERS})


def drawn(store: Store, **changes: Any) -> tuple[Hypothesis, pl.DataFrame]:
    hypothesis = asked(**changes)
    return hypothesis, draw(hypothesis, store, store.serving())


def groups(reference: str = "others") -> dict[str, Any]:
    return {"kind": "groups", "dimension": "municipality", "compared": TURKU, "reference": reference}


def rows(sample: pl.DataFrame, *names: str) -> list[tuple[Any, ...]]:
    return sample.select(names).sort(names).rows()


def test_sums_per_client_group_and_background(store: Store) -> None:
    _, sample = drawn(store, design=groups(SALO), covariates=("language",))
    turku, salo = sample.filter("group"), sample.filter(~pl.col("group"))
    assert rows(turku, "unit", "identified", "c_language", "n", "met") == [
        (1, True, "ar", 1, 0),
        (1, True, "so", 1, 1),
        (2, True, "so", 1, 1),
        (3, False, "so", 1, 0),
    ], "an anonymous visitor is a unit that is not identified"
    assert rows(salo, "unit", "n", "met") == [(4, 1, 1)]
    _, plain = drawn(store, design=groups(SALO))
    assert (1, 2, 1) in rows(plain.filter("group"), "unit", "n", "met")


def test_an_encounter_of_two_topics_is_of_both_groups(tmp_path: Path) -> None:
    topics = [["work"], ["work", "housing"], ["housing"], ["family"]]
    store = store_of(tmp_path / "store", {"encounter": [visit(n, TURKU, 1, topics=t) for n, t in enumerate(topics, 1)]})
    design = {"kind": "groups", "dimension": "topic", "compared": "work", "reference": "housing"}
    _, sample = drawn(store, design=design)
    assert rows(sample, "unit", "group") == [(1, True), (2, False), (2, True), (3, False)]
    _, against_all = drawn(store, design={**design, "reference": "others"})
    assert rows(against_all, "unit", "group") == [(1, True), (2, True), (3, False), (4, False)]


def test_numbers_as_background(tmp_path: Path) -> None:
    given = [
        visit(1, TURKU, 1, sex="female", age_band="25_34", arrived_on=date(2024, 9, 1)),
        visit(2, TURKU, 3, sex="unknown", age_band="unknown"),
    ]
    store = store_of(tmp_path / "store", {"encounter": given})
    _, sample = drawn(store, design=groups(), covariates=("sex", "age", "months_in_finland", "month"))
    assert sample.sort("unit").select("c_sex", "c_age", "c_months_in_finland", "c_month").rows() == [
        ("female", 30, 4, 2025 * 12),
        ("unknown", None, None, 2025 * 12 + 2),
    ]


def test_all_others_are_known_others(store: Store) -> None:
    _, sample = drawn(store, design=groups())
    assert sample.filter(~pl.col("group"))["unit"].sort().to_list() == [4, 5], "an unknown home may be Turku"


def test_a_period_and_closed_months_limit_the_rows(store: Store, tmp_path: Path) -> None:
    _, sample = drawn(store, design=groups(), period="2025-02")
    assert sample["unit"].sort().to_list() == [1, 2]
    today = clock.today()
    running = store_of(tmp_path / "running", {"encounter": [*ENCOUNTERS, visit(7, TURKU, 1, occurred_on=today)]})
    _, whole = drawn(running, design=groups())
    assert 7 not in whole["unit"].to_list(), "the running month is not closed"


def test_a_share_of_clients_has_one_row_per_client_and_side(tmp_path: Path) -> None:
    arrived: dict[str, Any] = {"arrived_on": date(2024, 9, 1)}
    given = [
        visit(1, TURKU, 1, **arrived),
        visit(1, TURKU, 12, **arrived),
        visit(1, SALO, 2, **arrived),
        visit(2, TURKU, 12, **arrived),
        visit(3, TURKU, 1),
    ]
    store = store_of(tmp_path / "store", {"encounter": given})
    _, sample = drawn(store, outcome="newcomer_share", design=groups(SALO))
    assert rows(sample, "unit", "group", "n", "met") == [
        (1, False, 1, 1),
        (1, True, 1, 1),
        (2, True, 1, 0),
    ], "newcomer at one visit is newcomer; arrival unknown is left out"


def test_before_and_after_by_month_and_place(store: Store) -> None:
    design = {"kind": "before_after", "month": "2025-02", "area": TURKU, "comparison": SALO}
    hypothesis, sample = drawn(store, design=design)
    sizes = {name: own["n"].sum() for name, own in parts(hypothesis, sample).items()}
    assert sizes == {"compared_before": 1, "compared_after": 3, "reference_before": 1, "reference_after": 0}
    others, beside_all = drawn(store, design={**design, "comparison": "others"})
    sizes = {name: own["n"].sum() for name, own in parts(others, beside_all).items()}
    assert sizes == {"compared_before": 1, "compared_after": 3, "reference_before": 1, "reference_after": 1}
    assert set(beside_all["place"]) == {TURKU, SALO, ESPOO}
    _, alone = drawn(store, design={"kind": "before_after", "month": "2025-03"})
    assert alone.filter(pl.col("time") == "after")["unit"].sort().to_list() == [3, 5, 6]
    assert "area" not in alone.columns


BESIDE = {"kind": "before_after", "month": "2025-02", "area": TURKU, "comparison": "others"}
SENT = {"kind": "groups", "dimension": "source", "compared": "guidance", "reference": "kela"}


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ({"covariates": ("language", "age")}, {"group", "c_language", "c_age", "met"}),
        ({"outcome": "newcomer_share"}, {"group", "met"}),
        ({"outcome": "encounters"}, {"group", "day"}),
        ({"outcome": "wait_days"}, {"group", "days", "cause"}),
        ({"outcome": "employed_by", "design": SENT}, {"group", "days", "cause"}),
        ({"design": BESIDE}, {"group", "day", "time", "area", "place", "met"}),
        ({"outcome": "wait_days", "design": BESIDE}, {"group", "day", "time", "area", "place", "amount"}),
    ],
)
def test_methods_are_tested_on_the_columns_the_product_gives(
    changes: dict[str, Any], columns: set[str], store: Store
) -> None:
    _, sample = drawn(store, **{"design": groups(), **changes})
    assert set(sample.columns) == {"unit", "identified", "n"} | columns
    assert {name for name in columns if not name.startswith("c_")} <= {*COLUMNS, "met"}


def test_followed_clients_have_days_and_causes(tmp_path: Path) -> None:
    start, last = date(2024, 1, 1), date(2024, 12, 31)
    enrolled = {"started_on": start, "centre": TURKU, "followed_until": last}
    store = store_of(
        tmp_path / "store",
        {
            "enrolment": [
                {"client": 1, "source": "guidance", **enrolled},
                {"client": 2, "source": "guidance", **enrolled},
                {"client": 3, "source": "kela", **enrolled, "ended_on": date(2024, 2, 1), "end_reason": "moved"},
                {"client": 4, "source": "kela", **enrolled},
            ],
            "outcome": [
                {"client": 1, "kind": "employment_open", "started_on": date(2024, 1, 31)},
                {"client": 2, "kind": "degree_study", "started_on": date(2024, 3, 1)},
            ],
        },
    )
    design = {"kind": "groups", "dimension": "source", "compared": "guidance", "reference": "kela"}
    _, sample = drawn(store, outcome="employed_by", design=design)
    assert sample.sort("unit").select("unit", "group", "days", "cause").rows() == [
        (1, True, 30, "event"),
        (2, True, 365, ""),
        (3, False, 31, "exit"),
        (4, False, 365, ""),
    ]


def test_a_month_without_any_is_a_zero(store: Store) -> None:
    _, sample = drawn(store, outcome="encounters", design=groups(SALO))
    months = by_month(sample, people=False).sort("group", "day")
    assert months.select("group", "outcome").rows() == [
        (False, 1), (False, 0), (False, 0), (True, 1), (True, 2), (True, 1)
    ]  # fmt: skip


def test_a_series_of_shares_and_of_numbers_beside_another_place(store: Store) -> None:
    _, sample = drawn(store, design={"kind": "before_after", "month": "2025-03"})
    found = series(sample, "share", people=False)
    assert found["value"].to_list() == [100.0, 50.0, pytest.approx(100 / 3)]
    assert found["after"].to_list() == [False, False, True]
    assert (found["month"].diff().drop_nulls() == 1).all()
    design = {"kind": "before_after", "month": "2025-02", "area": TURKU, "comparison": SALO}
    _, beside = drawn(store, outcome="encounters", design=design)
    assert series(beside, "count", people=False).select("value", "value_comparison").rows() == [(1, 1), (2, 0), (1, 0)]


def test_a_cell_counts_clients_anonymous_visitors_and_the_busiest(store: Store) -> None:
    _, sample = drawn(store, design=groups(SALO))
    made = cell(sample.filter("group"))
    assert (made.n, made.n_key, made.u, made.u_key, made.e, made.m) == (2, 3, 3, 6, 4, 2)


def test_cumulative_cells_are_those_of_the_rows_up_to_each_point(sample_store: Path) -> None:
    _, sample = drawn(Store(sample_store), outcome="wait_days", design=groups())
    grid = (0, 2, 7, 30)
    assert _steps(sample, grid) == [(at, cell(sample.filter(pl.col("days") <= at))) for at in grid]
    few = sample.head(3).with_columns(
        unit=pl.Series([2**61 - 1, 2**61 - 3, 2**61 - 1]), identified=True, n=pl.Series([1, 2, 4])
    )
    assert cell(few) == Cell(2, 2**62 - 4, 2, 2**62 - 4, 7, 5), "keys of 61 bits"

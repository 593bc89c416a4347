"""The tables hypotheses are tested on, counted by hand: which rows, which sides, which clients, which outcomes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from data.store.store import Store
from metrics.hypotheses.hypothesis import Hypothesis
from metrics.hypotheses.medians import difference
from metrics.hypotheses.samples import draw
from metrics.hypotheses.shapes import by_month, series
from metrics.hypotheses.sides import cell, parts
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


def test_one_row_per_encounter_with_its_client_and_outcome(store: Store) -> None:
    _, sample = drawn(store, design=groups(SALO), covariates=("language",))
    turku, salo = sample.filter("group").sort("unit", "day"), sample.filter(~pl.col("group"))
    assert turku.select("client", "outcome", "c_language").rows() == [
        (1, True, "so"),
        (1, False, "ar"),
        (2, True, "so"),
        (None, False, "so"),
    ], "an anonymous visitor is nobody's cluster"
    assert turku["unit"].to_list() == [1, 1, 2, 3]
    assert turku["day"].to_list() == [date(2025, month, 1) for month in (1, 2, 2, 3)]
    assert salo.select("client", "outcome").rows() == [(4, True)]


def test_all_others_are_known_others(store: Store) -> None:
    _, sample = drawn(store, design=groups())
    assert sample.filter(~pl.col("group"))["unit"].sort().to_list() == [4, 5], "an unknown home may be Turku"


def test_a_period_and_closed_months_limit_the_rows(store: Store, tmp_path: Path) -> None:
    _, sample = drawn(store, design=groups(), period="2025-02")
    assert sample["unit"].sort().to_list() == [1, 2]
    today = date.today()
    running = store_of(tmp_path / "running", {"encounter": [*ENCOUNTERS, visit(7, TURKU, 1, occurred_on=today)]})
    _, whole = drawn(running, design=groups())
    assert 7 not in whole["unit"].to_list(), "the running month is not closed"


def test_a_share_of_clients_has_one_row_per_client_and_side(tmp_path: Path) -> None:
    arrived: dict[str, Any] = {"arrived_on": date(2024, 9, 1)}
    rows = [
        visit(1, TURKU, 1, **arrived),
        visit(1, TURKU, 12, **arrived),
        visit(1, SALO, 2, **arrived),
        visit(2, TURKU, 12, **arrived),
        visit(3, TURKU, 1),
    ]
    store = store_of(tmp_path / "store", {"encounter": rows})
    _, sample = drawn(store, outcome="newcomer_share", design=groups(SALO))
    assert sample.sort("unit", "group").select("unit", "group", "outcome").rows() == [
        (1, False, True),
        (1, True, True),
        (2, True, False),
    ], "newcomer at one visit is newcomer; arrival unknown is left out"


def test_before_and_after_by_month_and_place(store: Store) -> None:
    design = {"kind": "before_after", "month": "2025-02", "area": TURKU, "comparison": SALO}
    hypothesis, sample = drawn(store, design=design)
    sizes = {name: rows.height for name, rows in parts(hypothesis, sample).items()}
    assert sizes == {"compared_before": 1, "compared_after": 3, "reference_before": 1, "reference_after": 0}
    _, alone = drawn(store, design={"kind": "before_after", "month": "2025-03"})
    assert alone.filter(pl.col("time") == "after")["unit"].sort().to_list() == [3, 5, 6]
    assert "area" not in alone.columns


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
        (2, True, 60, "study"),
        (3, False, 31, "exit"),
        (4, False, 365, ""),
    ]


def test_a_month_without_any_is_a_zero(store: Store) -> None:
    _, sample = drawn(store, outcome="encounters", design=groups(SALO))
    months = by_month(sample, people=False).sort("group", "day")
    assert months.select("group", "outcome").rows() == [
        (False, 1), (False, 0), (False, 0), (True, 1), (True, 2), (True, 1)
    ]  # fmt: skip
    assert set(months["exposure"]) == {1.0}


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


def test_the_difference_of_medians_moves_within_a_day() -> None:
    def rows(group: bool, days: list[int], first: int) -> pl.DataFrame:
        clients = range(first, first + len(days))
        return pl.DataFrame({"group": group, "client": clients, "days": days})

    sample = pl.concat([rows(True, [3] * 60 + [4] * 40, 0), rows(False, [2] * 40 + [3] * 60, 1000)])
    found = difference(sample)
    assert found is not None
    # 3 − 0.5 + 50/60 against 3 − 0.5 + 10/60.
    assert found.value == pytest.approx(40 / 60)
    assert found.lower < found.value < found.upper
    twice = difference(pl.concat([sample, sample]))
    assert twice is not None
    assert twice.value == pytest.approx(found.value)
    assert twice.upper - twice.lower == pytest.approx(found.upper - found.lower, rel=1e-9), "the same clients, twice"

"""What is drawn small gives the numbers of what is drawn large: codes those of texts, events those of their sums."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from data.store.store import Store
from metrics.audience import PROTECTED
from metrics.gate import Gate
from metrics.hypotheses import effects, sides, testing
from metrics.hypotheses.hypothesis import Hypothesis
from metrics.hypotheses.methods.adjusting import squares
from metrics.hypotheses.methods.finding import MethodResult
from metrics.hypotheses.published_cells import PublishedFigures
from metrics.hypotheses.samples import draw, draw_facts
from metrics.measures.inquiry import Inquiry
from tests.metrics.hypotheses.test_register import asked

FACTS = ("language", "sex", "age", "months_in_finland", "channel", "month")
TURKU = {"kind": "groups", "dimension": "municipality", "compared": "853", "reference": "others"}
KINDS: dict[str, dict[str, Any]] = {
    "minutes": {"outcome": "minutes_median", "covariates": FACTS},
    "share": {"outcome": "solved_share", "covariates": FACTS},
    "time": {"outcome": "employed_by", "design": {**TURKU, "dimension": "centre"}, "covariates": FACTS[:3]},
}


def large(sample: pl.DataFrame) -> pl.DataFrame:
    """The sample with texts for codes and equal rows added up."""
    texts = sample.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String), pl.col(pl.Int32).cast(pl.Int64))
    sums = [name for name in ("n", "met") if name in texts.columns]
    return texts.group_by(pl.exclude(sums)).agg(pl.col(sums).sum()).sort("unit", "group")


def drawn(kind: str, store: Store) -> tuple[Hypothesis, pl.DataFrame]:
    hypothesis = asked(**{"design": TURKU, "smallest": 1, "direction": "either", **KINDS[kind]})
    return hypothesis, draw(hypothesis, store, store.serving()).sort(pl.all())


@pytest.mark.parametrize("kind", KINDS)
def test_codes_and_events_give_the_numbers_of_texts_and_sums(kind: str, sample_store: Path) -> None:
    store = Store(sample_store)
    hypothesis, sample = drawn(kind, store)
    assert not {dtype for name, dtype in sample.schema.items() if name.startswith("c_")} & {pl.String, pl.Float64}
    told, gate = [], Gate(PROTECTED, store.keys.noise)
    for rows in (sample, large(sample)):
        chance = testing.chance_of(hypothesis, rows)
        found = testing.finding_of(hypothesis, rows, chance)
        assert chance is not None
        facts = draw_facts(hypothesis, store, store.serving(), chance.table)
        checked = testing.with_checks(hypothesis, found, rows, facts.sort(pl.all()), chance)
        numbers = [value for one in checked.estimates for value in (one.value, one.lower, one.upper, one.p)]
        numbers += [value or 0.0 for row in checked.balance for value in (row.before, row.after)]
        told.append((numbers, [one.verdict for one in checked.assumptions], sides.sides(hypothesis, rows, gate)))
    assert told[0][0] == pytest.approx(told[1][0], rel=1e-6)
    assert told[0][1:] == told[1][1:]


def test_every_event_of_a_fact_has_its_weight(sample_store: Path) -> None:
    store = Store(sample_store)
    hypothesis, sample = drawn("share", store)
    chance = testing.chance_of(hypothesis, sample)
    assert chance is not None
    weighed = (
        chance.table.with_columns(n=chance.patterns.n).group_by("group").agg(w=(pl.col("weight") * pl.col("n")).sum())
    )
    whole = dict(weighed.rows())
    facts = draw_facts(hypothesis, store, store.serving(), chance.table).group_by("group", "fact").agg(pl.sum("w"))
    assert facts.height > 10
    for group, _, weight in facts.rows():
        assert weight == pytest.approx(whole[group], rel=1e-9)


def test_a_median_of_numbers_of_events(sample_store: Path) -> None:
    for n in ([1, 1, 1, 1], [3, 1, 1, 1], [1, 2, 2, 5], [7], [2, 1]):
        rows = pl.DataFrame({"days": [4, 9, 1, 30][: len(n)], "n": n})
        assert effects.median_of(rows, "days") == np.median(np.repeat(rows["days"], rows["n"]))


@pytest.mark.parametrize("rows", [0, 1, 37, 1000, 40_000])
def test_a_sum_of_products_of_blocks_is_the_product(rows: int) -> None:
    draw_of = np.random.default_rng(1)
    columns, weights = draw_of.normal(size=(rows, 12)), draw_of.random(rows)
    np.testing.assert_allclose(squares(columns, weights), columns.T @ (columns * weights[:, None]), atol=1e-8)


def test_sides_are_computed_once(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are a quarter of a test's memory and time."""
    store, seen = Store(sample_store), list[str]()
    computed = sides.sides

    def watched(hypothesis: Hypothesis, sample: pl.DataFrame, gate: Gate) -> Any:
        seen.append(hypothesis.outcome)
        return computed(hypothesis, sample, gate)

    monkeypatch.setattr(sides, "sides", watched)
    hypothesis = asked(design=TURKU, direction="either", guardrails=({"metric": "understood_share", "margin": 3},))
    found = testing.full_result(hypothesis, store, store.serving())
    assert isinstance(found["finding"], MethodResult)
    assert found["finding"].estimates
    assert seen == [hypothesis.outcome, "understood_share"]


def test_sizes_are_those_of_figures_and_need_no_cells_of_medians(
    sample_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, where = Store(sample_store), {"municipality": "853"}
    figures = PublishedFigures(asked(design=TURKU, outcome="minutes_median"), store, store.released())
    read = figures.read(where, by=("sex",))
    monkeypatch.setattr(Inquiry, "profiles", None)
    sizes = figures.sizes(where, by=("sex",))
    assert sizes == {key: one.size.value if one.size else None for key, one in read.items()}
    assert any(sizes.values())

"""Likeness of groups: standardised differences by hand, weights that balance, overlap, and sizes as planned."""

import numpy as np
import polars as pl
import pytest

from metrics.hypotheses.methods.finding import Assumption, Balance
from metrics.hypotheses.methods.likeness import likeness, sizes_as_planned
from metrics.hypotheses.methods.weighting import propensity
from tests.metrics.hypotheses.methods.simulated import confounded, of_counts
from tests.metrics.hypotheses.methods.simulated import given as sums_of


def checked(
    rows: pl.DataFrame, covariates: tuple[str, ...], facts: tuple[str, ...]
) -> tuple[tuple[Balance, ...], dict[str, str]]:
    """The check as the product makes it: events and their weights by fact and value."""
    sample = sums_of(rows)
    chance = propensity(sample, covariates) if covariates else None
    weighed = sample.with_columns(weight=pl.lit(1.0))
    if chance is not None:
        weighed = sample.join(chance.table, on=["group", *covariates], how="left")
    counted = [
        weighed.group_by("group", pl.col(f"c_{name}").alias("value"))
        .agg(pl.sum("n"), (pl.col("n") * pl.col("weight")).sum().alias("w"))
        .select("group", pl.lit(name).alias("fact"), "value", "n", "w")
        for name in facts
    ]
    people = tuple(sample.filter(pl.col("group") == side)["unit"].n_unique() for side in (True, False))
    balance, found = likeness(pl.concat(counted), (people[0], people[1]), chance, facts)
    return balance, {one.name: one.verdict for one in found}


def languages(one: int, other: int, n: int = 1000) -> pl.DataFrame:
    rows = of_counts(n // 2, n, n // 2, n).with_columns(place=pl.int_range(pl.len()).over("group"))
    speaks = pl.when(pl.col("place") < pl.when("group").then(one).otherwise(other))
    return rows.with_columns(c_language=speaks.then(pl.lit("so")).otherwise(pl.lit("ar"))).drop("place")


def test_the_standardised_difference_by_hand() -> None:
    """60 against 40 percent: 0.2 / √0.24 = 0.408 (Austin 2009)."""
    balance, found = checked(languages(600, 400), (), ("language",))
    ((name, before, after),) = [(row.covariate, row.before, row.after) for row in balance]
    assert (name, after) == ("c_language", None)
    assert before == pytest.approx(0.2 / np.sqrt(0.24))
    assert found == {"groups_alike": "contradicted"}


def test_a_difference_that_chance_makes_is_not_unlikeness() -> None:
    """Twenty points among 30 people a side are within chance of 0.1; of a thousand they are not."""
    assert checked(languages(18, 12, 30), (), ("language",))[1] == {"groups_alike": "holds"}
    assert checked(languages(520, 500), (), ("language",))[1] == {"groups_alike": "holds"}


def test_what_is_known_of_nobody_in_a_group_tells_nothing_of_likeness() -> None:
    """A sex that no file has made groups alike in it, by a difference of 0.00."""
    nobody = languages(600, 400).with_columns(c_sex=pl.lit(""))
    one_side = nobody.with_columns(c_sex=pl.when("group").then(pl.lit("female")).otherwise(pl.lit("")))
    for rows in (nobody, one_side):
        balance, found = checked(rows, (), ("language", "sex"))
        assert [row.covariate for row in balance] == ["c_language"]
        assert found == {"groups_alike": "contradicted"}
        assert checked(rows, (), ("sex",)) == ((), {"groups_alike": "not_testable"})
        adjusted = checked(rows, ("c_language",), ("sex",))[1]
        assert (adjusted["groups_alike"], adjusted["balanced"]) == ("not_testable", "not_testable")


def test_overlap_weights_balance_exactly() -> None:
    """Li, Morgan & Zaslavsky (2018): from a logistic propensity, means of its covariates become equal."""
    rows = confounded(np.random.default_rng(1), 1000)
    balance, found = checked(rows, ("c_kind", "c_noise"), ("kind", "noise"))
    kind = next(row for row in balance if row.covariate == "c_kind")
    assert kind.before > 0.5
    assert [row.after for row in balance] == pytest.approx([0, 0], abs=1e-6)
    assert found == {"overlap": "holds", "groups_alike": "contradicted", "balanced": "holds"}


def test_what_is_not_adjusted_for_stays_unbalanced_and_is_told() -> None:
    rows = confounded(np.random.default_rng(1), 1000)
    assert checked(rows, ("c_noise",), ("kind", "noise"))[1]["balanced"] == "contradicted"


def test_groups_that_do_not_overlap_and_small_groups_that_do() -> None:
    apart = languages(1000, 0)
    assert checked(apart, ("c_language",), ("language",))[1]["overlap"] == "contradicted"
    assert checked(apart, (), ("language",))[0][0].before > 9
    rare = pl.concat(
        [languages(500, 500).filter("group").gather_every(25), languages(500, 500).filter(~pl.col("group"))]
    )
    assert checked(rare, ("c_language",), ("language",))[1]["overlap"] == "holds", "4 % of all, of the same kinds"


def test_sizes_as_planned() -> None:
    """Sample ratio mismatch: 821 588 and 815 482 of an even split, p 1.8e-6 (Fabijan et al. 2019)."""
    assert sizes_as_planned((821_588, 815_482), 50).p == pytest.approx(1.8e-6, rel=0.05)
    assert sizes_as_planned((821_588, 815_482), 50).verdict == "contradicted"
    assert isinstance(sizes_as_planned((520, 480), 50), Assumption)
    assert sizes_as_planned((520, 480), 50).verdict == "holds"
    assert sizes_as_planned((520, 480), 30).verdict == "contradicted"

"""Of groups that do not differ, published results call few different: through store, cells, gate and the published comparison."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import stats

from metrics.hypotheses.published_result import compared
from tests.metrics.hypotheses.test_register import asked
from tests.metrics.made import publish_frames

MONTHS = tuple(f"{year}-{month:02d}" for year in range(2019, 2025) for month in range(1, 13))
CHANNELS = ("walk_in", "phone", "video")


def alike(each: float, seed: int) -> pl.DataFrame:
    """About 150 clients a month in each channel, each with a share of its own and `each` encounters on average (geometric)."""
    chance = np.random.default_rng(seed)
    rows = []
    for period in MONTHS:
        for channel in CHANNELS:
            for _ in range(chance.poisson(150)):
                client = int(chance.integers(1, 2**60))
                solved = chance.beta(2, 2) if each > 1 else 0.5
                day = date(int(period[:4]), int(period[5:]), 1 + int(chance.integers(28)))
                for _ in range(chance.geometric(1 / each)):
                    rows.append((client, day, channel, "solved" if chance.random() < solved else "continues"))
    frame = pl.DataFrame(rows, ["client", "occurred_on", "channel", "resolution"], orient="row")
    return frame.with_columns(topics=pl.lit(["work"]))


@pytest.mark.slow
@pytest.mark.parametrize("each", [1, 3])
@pytest.mark.parametrize(
    ("outcome", "other"), [("solved_share", "phone"), ("solved_share", "others"), ("encounters", "phone")]
)
def test_few_groups_that_are_alike_are_called_different(outcome: str, other: str, each: float, tmp_path: Path) -> None:
    store = publish_frames(tmp_path / "store", {"encounter": alike(each, 5)})
    groups = {"kind": "groups", "dimension": "channel", "compared": "walk_in", "reference": other}
    found = []
    for period in MONTHS:
        hypothesis = asked(outcome=outcome, direction="either", period=period, design=groups)
        effect = compared(hypothesis, store, store.released(), checked=False).effect
        assert effect is not None
        found.append(effect.p < 0.05)
    assert sum(found) <= stats.binom.ppf(0.9999, len(MONTHS), 0.05)

"""Every metric and every background fact can be drawn: whatever a definition is made of, both groups can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store.store import Store
from metrics.hypotheses.background import covariates_of
from metrics.hypotheses.hypothesis import outcomes
from metrics.hypotheses.samples import draw, draw_facts
from metrics.hypotheses.testing import chance_of
from metrics.model.definition import definitions
from metrics.model.facts.fact import base_of
from tests.metrics.hypotheses.test_register import asked

TURKU = "853"
MOST_FACTS = 6


@pytest.mark.slow
@pytest.mark.parametrize("outcome", outcomes())
def test_every_metric_and_background_fact_can_be_drawn(outcome: str, sample_store: Path) -> None:
    served, definition = Store(sample_store), definitions()[outcome]
    name = "municipality" if "municipality" in definition.allowed else definition.allowed[0]
    design = {"kind": "groups", "dimension": name, "compared": TURKU}
    counts = definition.kind == "count"
    able = [] if counts else [one for one in covariates_of(definition) if base_of(one) != base_of(name)]
    for start in range(0, max(len(able), 1), MOST_FACTS):
        facts_of = tuple(able[start : start + MOST_FACTS])
        hypothesis = asked(outcome=outcome, design=design, covariates=facts_of, smallest=1)
        sample = draw(hypothesis, served, served.serving())
        chance = chance_of(hypothesis, sample) if sample.height and sample["group"].n_unique() == 2 else None
        if chance is not None or not hypothesis.covariates:
            facts = draw_facts(hypothesis, served, served.serving(), None if chance is None else chance.table)
            assert set(facts.columns) == {"group", "fact", "value", "n", "w"}

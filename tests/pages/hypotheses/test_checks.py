"""The checks beside a result do not contradict each other: what is told of backgrounds goes with the verdict above it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from data.texts import texts
from metrics.hypotheses.methods.finding import Verdict
from tests.pages.drawn import said, tables


def _script(before: float, after: float | None, name: str, verdict: str) -> None:
    from typing import Any, cast

    from data.texts import texts
    from metrics.hypotheses.methods.finding import Assumption, Balance
    from pages.hypotheses import checks
    from pages.hypotheses.words import HypothesisWords

    words = HypothesisWords(cast(Any, None), texts("fi"))
    checks.balance(words, [Balance("c_age", before, after)], [Assumption(name, cast(Any, verdict))])


@pytest.mark.parametrize(
    ("before", "after", "name", "verdict", "told"),
    [
        (0.28, None, "groups_alike", "holds", True),
        (0.08, None, "groups_alike", "holds", False),
        (0.28, None, "groups_alike", "contradicted", False),
        (0.28, 0.05, "balanced", "holds", False),
        (0.28, 0.15, "balanced", "holds", True),
    ],
)
def test_a_difference_that_may_be_chance_is_said_to_be(
    before: float, after: float | None, name: str, verdict: Verdict, told: bool
) -> None:
    app = AppTest.from_function(_script, args=(before, after, name, verdict)).run()
    assert not app.exception
    assert (texts("fi")("hypotheses.balance.chance") in said(app)) == told
    assert ">Ikä<" in tables(app)[0], "a row begins with a capital letter"


@pytest.mark.parametrize(("after", "key"), [(None, "hypotheses.balance.alone"), (0.02, "hypotheses.balance.before")])
def test_without_weights_nothing_is_called_before_them(after: float | None, key: str) -> None:
    t = texts("fi")
    (table,) = tables(AppTest.from_function(_script, args=(0.05, after, "groups_alike", "holds")).run())
    assert f">{t(key)}<" in table
    assert (f">{t('hypotheses.balance.after')}<" in table) == (after is not None)

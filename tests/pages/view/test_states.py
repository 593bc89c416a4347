"""Why nothing is shown: what no file tells of is not said of what files tell of."""

from __future__ import annotations

import pytest

from data.texts import Language, texts
from metrics.gate import State
from metrics.grammar.answer import Row
from pages.view import states
from tests.pages.drawn import each_language

T = texts("fi")


def row(metric: str, state: State, period: str = "2026-01") -> Row:
    return Row(metric, {}, period, None, "", state)


@each_language
def test_a_month_without_a_file_is_not_why_a_field_that_no_file_has_is_not_shown(lang: Language) -> None:
    t = texts(lang)
    rows = (row("minutes_median", "not_recorded"), row("minutes_median", "no_data", "2026-02"))
    for order in (rows, rows[::-1]):
        assert states.reason(order, t) == t("state.note.not_recorded")
        assert states.in_short_of(order, t).casefold() == t("state.not_recorded").casefold()


@pytest.mark.parametrize("state", [one for one in states.NOTED if one != "no_data"])
def test_whatever_a_metric_is_not_shown_for_outweighs_its_months_without_a_file(state: State) -> None:
    own = (row("clients", state),)
    assert states.reason((*own, row("clients", "no_data", "2026-02")), T) == states.reason(own, T)


@each_language
def test_a_metric_without_any_file_is_named_beside_the_others(lang: Language) -> None:
    t = texts(lang)
    rows = (row("minutes_median", "not_recorded"), row("referrals", "no_data"))
    said = states.reason(rows, t)
    assert said == f"{t('state.note.not_recorded')} {states.missing(('referral',), t)}"
    assert t("table.encounter") not in said


def test_what_has_no_file_at_all_needs_one() -> None:
    rows = (row("referrals", "no_data"), row("referrals", "no_data", "2026-02"))
    assert states.reason(rows, T) == states.missing(("referral",), T)
    assert states.in_short_of(rows, T).casefold() == T("state.no_data").casefold()

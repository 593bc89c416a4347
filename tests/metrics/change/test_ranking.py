"""News among many rows: they stand out from rounding and chance, every dimension is heard, and none is unclear by itself."""

from __future__ import annotations

from math import sqrt

import pytest

from metrics.change import ranking
from metrics.change.decision import decide, stored_totals
from metrics.change.trend import small_count_interval
from metrics.gate import SHOWN_FROM, Bound
from metrics.grammar.answer import Row


def row(value: float | None, unit: str = "clients", each: float = 1, **codes: str) -> Row:
    n = None if value is None else value / each
    return Row(
        unit,
        codes,
        "2026-01",
        value,
        unit,
        bound=Bound("under", 10) if value is None else None,
        n=n,
    )


def change(now: float | None, before: float | None, *, unit: str = "clients", each: float = 1) -> float:
    rows = [[row(value, unit, each, language="ar")] for value in (now, before)]
    (found,) = ranking.compared("language", *rows, exact=False)
    return abs(found.score) if ranking.significant([[found]]) else 0.0


def test_a_change_must_stand_out_from_rounding_and_chance() -> None:
    assert change(60, 55) == 0
    assert change(1000, 1040) == 0
    assert change(210, 50) > change(285, 185) > 2
    assert change(None, None) == 0
    assert change(100, None) > 0
    # The same change of events rounded to a multiple of 250 may be all rounding.
    assert change(500, 250, unit="encounters") == 0
    assert change(505, 255, unit="encounters") > 0
    assert change(20, 10) == 0


@pytest.mark.parametrize(("each", "is_news"), [(1, True), (6, False)])
def test_events_of_few_clients_are_no_news(each: float, is_news: bool) -> None:
    assert (change(505, 355, unit="encounters", each=each) > 0) == is_news


def test_a_hidden_count_is_taken_to_be_where_numbers_begin_to_show() -> None:
    assert ranking.score(row(200), row(None), exact=False) == ranking.score(row(200), row(SHOWN_FROM), exact=False)


def test_events_whose_clients_are_not_known_are_no_news() -> None:
    now, before = (Row("encounters", {}, "2026", value, "encounters") for value in (900, 300))
    assert ranking.score(now, before, exact=False) == 0


def test_what_is_unclear_by_itself_is_no_news_however_many_rows_stand_beside_it() -> None:
    """Among many large changes the procedure keeps 2.4 standard errors too; the page of that row would call it unclear."""
    rows = [(row(1200, topic=f"t{n}"), row(300, topic=f"t{n}")) for n in range(20)]
    weak = (row(505, topic="weak"), row(430, topic="weak"))
    changes = [ranking.change("topic", *one, exact=False) for one in (*rows, weak)]
    assert ranking.discoveries([one.score for one in changes])[-1]
    assert decide(*weak, stored_totals(()), exact=False) == changes[-1].way == "unclear"
    assert changes[-1] not in ranking.significant([changes])
    assert len(ranking.significant([changes])) == 20


def test_unknown_codes_are_no_news_and_each_dimension_is_heard() -> None:
    assert ranking.compared("language", [row(900, language="und")], [row(100, language="und")], exact=False) == ()
    now, before = ([row(value, language=code) for code in ("ar", "so", "ru")] for value in (900, 100))
    languages = ranking.compared("language", now, before, exact=False)
    topics = ranking.compared("topic", [row(300, topic="work")], [row(100, topic="work")], exact=False)
    assert [c.dimension for c in ranking.ranked([languages, topics], 6)] == ["language", "language", "topic"]


def pair(code: str, now: float, before: float) -> tuple[Row, Row]:
    return row(now, language=code), row(before, language=code)


def test_the_clearest_change_comes_first_whichever_way_it_goes() -> None:
    rows = [pair("ar", 205, 200), pair("so", 100, 400), pair("ti", 500, 200), pair("fa", 900, 200)]
    found = ranking.compared("language", *zip(*rows, strict=True), exact=True)
    assert [one.now.codes["language"] for one in found] == ["fa", "so", "ti", "ar"]
    assert [one.now.codes["language"] for one in ranking.significant([found[::-1]])] == ["fa", "so", "ti"]
    assert [one.way for one in found] == ["up", "down", "up", "unclear"]


def test_exact_numbers_have_no_noise_of_rounding() -> None:
    now, before = row(130), row(120)
    assert ranking.score(now, before, exact=True) == pytest.approx(10 / sqrt(250))
    assert ranking.score(now, before, exact=False) == pytest.approx(10 / sqrt(250 + 8))
    assert ranking.score(row(121), row(120), exact=True) == pytest.approx(1 / sqrt(241))
    # A hidden number has been rounded as ten has.
    assert ranking.score(row(40), row(None), exact=False) == pytest.approx(30 / sqrt(50 + 8))


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        # Two-sided p of 1.96 is 0.05: told alone; of two rows 0.025 is needed by the smaller, 0.05 by both.
        ((1.97,), (True,)),
        ((1.95,), (False,)),
        ((-1.97,), (True,)),
        ((2.25, 0.0), (True, False)),
        ((2.23, 0.0), (False, False)),
        ((0.0, 1.97, -1.97), (False, False, False)),
        ((1.97, 1.97), (True, True)),
        ((), ()),
        ((0.0,), (False,)),
    ],
)
def test_of_many_scores_those_are_told_that_chance_rarely_makes(
    scores: tuple[float, ...], told: tuple[bool, ...]
) -> None:
    assert ranking.discoveries(scores) == told


def test_one_of_two_counts_may_be_small_where_a_page_would_not_compare_them() -> None:
    """From under 10 to 100: 10 · exp(1.96/√10) = 18.6 < 96 · exp(−1.96/√96) = 78.6. Two small ones are not called."""
    now, hidden = row(100, language="ar"), row(None, language="ar")
    assert decide(now, hidden, stored_totals(()), exact=False) is None
    assert ranking.change("language", now, hidden, exact=False).way == "up"
    assert ranking.change("language", hidden, now, exact=False).way == "down"
    assert ranking.change("language", row(75), hidden, exact=False).way is None
    assert ranking.change("language", row(85), row(75), exact=False).way == "unclear"
    # Of the internal audience zero is a number.
    assert ranking.change("language", row(100), row(0), exact=True).way == "up"


@pytest.mark.parametrize(("each", "way"), [(1, "up"), (3.5, "up"), (12, None)])
def test_hidden_events_are_of_few_clients_not_few_events(each: float, way: str | None) -> None:
    """Nine clients who come twelve times each have 108 encounters, which are hidden too."""
    now, hidden = row(305, "encounters", each), row(None, "encounters")
    found = ranking.change("topic", now, hidden, exact=False)
    assert found.way == way
    assert (abs(found.score) > 2) == (way == "up")


def test_the_interval_of_a_hidden_count_by_hand() -> None:
    """Ten clients with 3.5 encounters each: 35 · exp(1.96 · √(6 / 35)) = 78.8; of clients 10 · exp(1.96 / √10) = 18.6."""
    for unit, upper in (("encounters", 78.8), ("clients", 18.6)):
        found = small_count_interval(row(None, unit), spread=6)
        assert found is not None
        assert found.lower == 0
        assert found.upper == pytest.approx(upper, abs=0.1)
    assert small_count_interval(row(None, "encounters"), spread=None) is None
    assert small_count_interval(Row("solved_share", {}, "2026", None, "%"), spread=6) is None


def test_what_the_rule_does_not_call_is_not_reported_however_large_its_score() -> None:
    """Two suppressed or small counts have no decision, whatever their difference."""
    found = ranking.change("language", row(75), row(10), exact=False)
    assert found.way is None
    assert found.score > 5
    assert ranking.significant([[found]]) == ()

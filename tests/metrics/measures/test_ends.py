"""Ends of data: each source has its own, half a month is no month, and what different files cover is not compared."""

from datetime import date

import pytest

from data.store.store import Store
from data.texts import texts
from metrics.ask import ask
from metrics.audience import AUDIENCES, Audience
from metrics.change.decision import decide
from metrics.grammar.answer import Row, same_ground
from metrics.grammar.question import Question
from pages.view.sentences import change_text
from tests.metrics.measures.delivering import uneven_october


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return uneven_october(tmp_path_factory.mktemp("ends"))


def asked(store: Store, metric: str, period: str, audience: Audience, municipality: str = "") -> Row:
    where = (("municipality", (municipality,)),) if municipality else ()
    (row,) = ask(Question((metric,), (), where, period, None, audience), store).rows
    return row


@pytest.mark.parametrize("audience", AUDIENCES)
def test_half_a_month_is_not_compared_with_a_whole_one(store: Store, audience: Audience) -> None:
    t = texts("fi")
    for metric in ("clients", "encounters", "referrals"):
        for municipality, may in (("049", True), ("092", False), ("", False)):
            now, before = (asked(store, metric, period, audience, municipality) for period in ("2026-10", "2025-10"))
            assert same_ground(now, before) is may, (metric, municipality)
            way = decide(now, before, lambda _metric, _row: None, exact=audience == "internal")
            assert (way is not None) is may or way is None, (metric, municipality)
            assert (change_text(now, before, t, points=False) is not None) is may, (metric, municipality)
            now, before = (asked(store, metric, period, audience, municipality) for period in ("2026-09", "2025-09"))
            assert same_ground(now, before)
            assert change_text(now, before, t, points=False) is not None


@pytest.mark.parametrize("audience", AUDIENCES)
def test_each_source_is_followed_to_its_own_end(store: Store, audience: Audience) -> None:
    """Everybody starts after five days. Vantaa's referrals of the last days have no start yet, and nobody takes that for a no."""
    for municipality in ("049", "092", ""):
        row = asked(store, "referral_started_share", "2026-ytd-10", audience, municipality)
        assert (row.value, row.state) in ((100, "shown"), (None, "high")), municipality


def test_open_referrals_are_open_until_their_source_ends(store: Store) -> None:
    assert asked(store, "referral_days", "2026-10", "internal").value == 5
    assert asked(store, "referral_days", "2026-10", "internal", "092").value == 5


def test_the_last_closed_day_is_that_of_the_source_that_reaches_furthest(store: Store) -> None:
    assert store.serving().closed_until == date(2026, 10, 31)
    assert store.serving().covered_until == date(2026, 10, 31)


def test_rows_tell_on_what_ground_they_stand(store: Store) -> None:
    assert asked(store, "clients", "2026-09", "internal").ground == "encounter:1,2"
    assert asked(store, "clients", "2026-10", "internal").ground == "encounter:~"
    assert asked(store, "clients", "2026-10", "internal", "049").ground == "encounter:1"
    assert asked(store, "clients", "all", "internal").ground == ""
    assert "ground" not in asked(store, "clients", "2026-10", "internal").flat()

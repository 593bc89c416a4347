"""Saved views: a name and codes, kept with their history; no personal data and nothing that is no address."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.steward.lines import StewardError
from data.steward.saved_views import LONGEST_NAME, MOST_VIEWS, SavedViews
from tests.data.ingest.imports import bytes_below

QUERY = "language=so&areas=all%2C853"


@pytest.fixture
def views(tmp_path: Path) -> SavedViews:
    return SavedViews.of(tmp_path / "store")


def test_one_of_the_same_name_and_page_is_replaced_and_all_is_kept(views: SavedViews) -> None:
    first = views.save("Somalinkieliset Turussa", "demand", QUERY)
    views.save("Avainluvut", "overview", "")
    again = views.save(" Somalinkieliset Turussa ", "demand", "language=so")
    assert again.id == first.id
    assert [(one.name, one.query) for one in views.all()] == [
        ("Avainluvut", ""),
        ("Somalinkieliset Turussa", "language=so"),
    ]
    views.withdraw(first.id)
    assert [one.name for one in views.all()] == ["Avainluvut"]
    assert len(b"".join(bytes_below(views.folder)).splitlines()) == 4
    with pytest.raises(StewardError, match="nothing"):
        views.withdraw(first.id)
    assert views.save("Kolmas", "demand", "").id not in (first.id, again.id), "an id is never used again"


@pytest.mark.parametrize(
    ("name", "page", "query", "reason"),
    [
        ("ab", "demand", "", "name"),
        ("x" * (LONGEST_NAME + 1), "demand", "", "name"),
        ("kaksi\nriviä", "demand", "", "name"),
        ("Asiakas 131052-308T", "demand", "", "personal"),
        ("Soita 040 123 4567", "demand", "", "personal"),
        ("Näkymä", "../etc", "", "page"),
        ("Näkymä", "catalogue", "q=131052-308T", "personal"),
        ("Näkymä", "catalogue", "view=list&metric=040%201234567", "personal"),
        ("Näkymä", "catalogue", "q=matti%40kunta.fi", "personal"),
        ("Näkymä", "demand", "x=1)[y](http://evil.example", "query"),
        ("Näkymä", "demand", "a" * 1001, "query"),
    ],
)
def test_what_may_not_be_saved_is_refused_without_its_text(
    name: str, page: str, query: str, reason: str, views: SavedViews
) -> None:
    with pytest.raises(StewardError) as refused:
        views.save(name, page, query)
    assert refused.value.reason == reason
    assert name not in str(refused.value)
    assert views.all() == ()


def test_there_are_not_more_than_can_be_looked_through(views: SavedViews) -> None:
    for number in range(MOST_VIEWS):
        views.save(f"Näkymä {number}", "demand", "")
    with pytest.raises(StewardError, match="views"):
        views.save("Vielä yksi", "demand", "")
    assert views.save("Näkymä 7", "demand", "language=ar").query == "language=ar"

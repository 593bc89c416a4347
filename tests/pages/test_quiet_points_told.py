"""Pages of places, and the files of their figures, say of a point without visits for months that nobody knows why."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store.releases import open_to_others
from data.store.store import Store
from data.texts import Language, message, texts
from metrics.briefings.freezing import Frozen, freeze
from metrics.briefings.slide import Slide
from pages.briefings import footnotes
from pages.downloads.about import About
from tests.metrics.measures.test_quiet_points import MONTHS, made, until_march, visits
from tests.once import once
from tests.pages.drawn import open_page, said

WORDS: dict[Language, str] = {"fi": "Kirjasto (huhti–syyskuu 2026)", "sv": "Kirjasto (april–september 2026)"}


@once
def quiet(folder: Path) -> Store:
    folder.mkdir(exist_ok=True)
    elsewhere = [line.replace("Espoo", "Vantaa") for line in visits("X", 120, MONTHS)]
    listed = ("K;Kirjasto;Espoo;;", "X;Keskus;Vantaa;;")
    store = made(folder, until_march("K", 110), elsewhere, listed=listed)
    open_to_others(store)
    return store


@pytest.mark.parametrize(("page", "lang"), [("reach", "fi"), ("compare", "sv"), ("demand", "fi")])
def test_a_page_of_places_says_it(
    page: str, lang: Language, quiet: Store, offered: list[About], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(quiet.path))
    words = message("quiet_points", lang, points=WORDS[lang])
    more = {"municipality": "049"} if page == "demand" else {}
    assert said(open_page(page, lang, period="2026-ytd-09", **more)).count(words) == 1
    assert page == "compare" or any(words in one.lines for one in offered)
    assert words not in said(open_page(page, lang, period="2026-Q1", **more))


def test_a_slide_of_a_place_says_it_below(quiet: Store) -> None:
    t = texts("fi")
    slides = [
        Slide(metric="encounters", kind="bars", by=("municipality",), period=period)
        for period in ("2026-ytd-09", "2026-Q1")
    ]
    frozen = freeze(slides, quiet)
    kept = Frozen.model_validate_json(frozen.model_dump_json())
    stands_on = [footnotes.split([one], kept, t) for one in kept.slides]
    of_whole, of_quarter = (" ".join((*one.alike, one.lacking)) for one in stands_on)
    words = t("quiet_points", points=WORDS["fi"])
    assert words in of_whole
    assert words not in of_quarter

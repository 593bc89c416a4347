"""Under the headline of a slide stands what its numbers do not tell: what data lack, and why there is no number."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from pptx import Presentation

from data.store.store import Store
from data.texts import texts
from metrics.briefings.freezing import Frozen, freeze
from metrics.briefings.slide import Slide
from pages.briefings.drawing import drawn
from pages.briefings.handing_out import handout
from pages.briefings.opening import Opened
from pages.downloads.handout.pptx import to_pptx
from pages.downloads.handout.sheet import HandoutPage
from pages.i18n import formats
from tests.pages.without_months import lacking

__all__ = ["lacking"]

T = texts("fi")
LACKS = "Tiedoista puuttuu: asioinnit (Vaasa, huhti–toukokuu 2026). Ne eivät ole mukana luvuissa."


def sheets(slides: list[Slide], store: Store) -> tuple[Frozen, list[HandoutPage]]:
    frozen = freeze(slides, store)
    return frozen, [drawn(one, frozen, T) for one in frozen.slides]


def number(metric: str, period: str) -> Slide:
    return Slide(metric=metric, kind="number", period=period)


def test_what_data_lack_stands_under_the_headline_and_not_among_the_footnotes(lacking: Store) -> None:
    months = Slide(metric="encounters", kind="lines", period="2026-ytd-08", each="month")
    both = number("clients", "2026-Q2").of([number("clients", "2026-Q2"), number("encounters", "2026-Q2")])
    _, (alone, beside, whole) = sheets([months, both, number("clients", "2025-Q2")], lacking)
    for sheet in (alone, beside):
        assert sheet.lead.endswith(LACKS)
        assert not any("puuttuu:" in fact for fact in sheet.facts)
    assert "puuttuu" not in whole.lead


def test_a_slide_without_a_number_says_so_in_its_headline_and_why_under_it(lacking: Store) -> None:
    _, (sheet,) = sheets([number("referral_started_share", "2026-Q2")], lacking)
    assert sheet.headline == "Palvelu alkoi 30 päivässä: lukua ei ole"
    assert sheet.lead.startswith("Tähän tarvittavaa aineistoa ei ole tuotu")
    assert sheet.panels[0].number == T("state.no_data")
    assert not any("n = " in fact for fact in sheet.facts)


def test_beside_others_it_has_its_name_above_and_why_among_the_footnotes(lacking: Store) -> None:
    figures = [number("clients", "2026-Q2"), number("wait_days", "2026-Q2")]
    frozen, (sheet,) = sheets([figures[0].of(figures)], lacking)
    assert sheet.panels[1].title == "Odotus ajanvaraukseen"
    assert T("state.note." + frozen.slides[0].beside[0].whole[0].state) in sheet.facts


def test_a_median_stands_on_those_whose_time_is_known(sample_store: Path) -> None:
    store = Store(sample_store)
    frozen, (sheet,) = sheets([number("wait_days", "2025-Q2")], store)
    row, total = frozen.slides[0].whole[0], frozen.slides[0].total
    assert total is not None
    assert row.n is not None
    assert row.n != total.value
    assert any(f"n = {formats.number(row.n, 'fi')} asiointia" in fact for fact in sheet.facts)
    assert not any(formats.value_text(total, T) in fact for fact in sheet.facts)


def test_in_powerpoint_a_label_of_two_lines_does_not_lie_on_what_stands_below(lacking: Store) -> None:
    figures = [number(metric, "2026-Q2") for metric in ("clients", "encounters", "solved_share", "wait_days")]
    frozen, (sheet,) = sheets([figures[0].of(figures)], lacking)
    long = tuple(replace(one, number_label="Odotus ajanvaraukseen heinäkuussa 2026 kaikissa") for one in sheet.panels)
    made = replace(handout(Opened("own", "Kokeilu", frozen), T), sheets=(replace(sheet, panels=long),))
    shapes = list(list(Presentation(io.BytesIO(to_pptx(made))).slides)[1].shapes)
    labels, stands = ([one for one in shapes if one.name == name] for name in ("label", "stands"))
    assert len(labels) == 4
    for label in labels:
        below = [one.top for one in stands if one.left == label.left and one.top > label.top]
        assert not below or label.top + label.height <= min(below)


def test_a_share_by_groups_stands_on_those_whose_answer_is_known(sample_store: Path) -> None:
    slide = Slide(metric="referral_started_share", kind="bars", by=("to_service",), period="2025")
    frozen, (sheet,) = sheets([slide], Store(sample_store))
    (one,) = frozen.slides
    assert one.total is not None
    assert one.undivided is not None
    assert one.undivided.n is not None
    assert one.undivided.n < (one.total.value or 0)
    assert any(f"n = {formats.number(one.undivided.n, 'fi')} ohjausta" in fact for fact in sheet.facts)
    assert not any(formats.value_text(one.total, T) in fact for fact in sheet.facts)
    saved = one.model_copy(update={"undivided": None})
    assert not any("n = " in fact for fact in drawn(saved, frozen, T).facts), "of all events, it would be wrong"

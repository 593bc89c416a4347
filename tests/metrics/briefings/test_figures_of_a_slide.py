"""A slide with several figures: which it has room for, what each is answered with, and briefings of before."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from data.store.store import Store
from metrics.ask import ask
from metrics.briefings.freezing import Answered, Frozen, freeze
from metrics.briefings.slide import ENDS, MAPPED, MOST_NUMBERS, Kind, Slide, has_room
from metrics.grammar.question import Question

NUMBER = Slide(metric="clients", kind="number", period="2025")
BARS = Slide(metric="clients", kind="bars", by=("language",), period="2025")
FLOW = Slide(metric="flow", kind="flow", by=ENDS, period="2025")
MAP = Slide(metric="solved_share", kind="map", by=MAPPED, period="2025")


@pytest.fixture(scope="module")
def frozen(sample_store: Path) -> Frozen:
    slides = (Slide.model_validate({**dict(FLOW), "beside": (MAP,), "notes": "Kerro reitit"}), NUMBER, BARS, FLOW, MAP)
    return freeze(slides, Store(sample_store))


@pytest.mark.parametrize("charts", range(len(MOST_NUMBERS) + 1))
def test_a_slide_has_room_for_few_figures(charts: int) -> None:
    most = MOST_NUMBERS[charts] if charts < len(MOST_NUMBERS) else -1
    for numbers in range(6):
        figures = [BARS] * charts + [NUMBER] * numbers
        assert has_room([one.kind for one in figures]) == (numbers <= most)
        if figures and numbers > most:
            with pytest.raises(ValidationError):
                figures[0].of(figures)


def test_figures_beside_have_neither_notes_nor_figures_beside_them() -> None:
    noted = NUMBER.model_copy(update={"notes": "Kerro"})
    for other in (noted, NUMBER.model_copy(update={"beside": (NUMBER,)})):
        with pytest.raises(ValidationError):
            Slide.model_validate({**dict(BARS), "beside": (other,)})
    assert noted.of([noted, BARS]).notes == "Kerro"
    assert [one.notes for one in noted.of([noted, BARS]).figures] == ["", ""]


@pytest.mark.parametrize(("kind", "by"), [("flow", ()), ("flow", ("to_service",)), ("map", ("region",)), ("map", ())])
def test_a_diagram_and_a_map_show_one_breakdown_alone(kind: Kind, by: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError):
        Slide(metric="referrals" if kind == "flow" else "clients", kind=kind, by=by)


def test_each_figure_is_answered_as_on_a_slide_of_its_own(frozen: Frozen) -> None:
    together, _, _, flow, places = frozen.slides
    first, second = together.figures
    assert (first, second) == (flow, places)
    assert len(frozen.figures) == 6


def test_a_diagram_and_a_map_keep_how_large_their_ends_and_places_are(frozen: Frozen, sample_store: Path) -> None:
    _, number, _, flow, places = frozen.slides
    store = Store(sample_store)
    for answered, metric, sides in ((flow, "referrals", ENDS), (places, "clients", MAPPED)):
        asked = [row for side in sides for row in ask(Question((metric,), (side,), period="2025"), store).rows]
        assert list(answered.sizes) == asked
        assert asked
    assert number.sizes == ()


def test_relative_periods_and_places_are_settled_in_every_figure() -> None:
    slide = Slide(metric="clients", kind="number", period="month", beside=(Slide(metric="encounters", kind="number"),))
    closed = date(2026, 9, 30)
    found = slide.at(closed)
    assert [one.period for one in found.figures] == ["2026-09", "2026-ytd-09"]
    assert [one.follows for one in found.figures] == ["month", "to_date"]
    assert found.at(closed) == found


def test_figures_are_put_together_and_apart_with_their_values(frozen: Frozen) -> None:
    together, number, bars, *_ = frozen.slides
    joined = bars.of([*bars.figures, *number.figures])
    assert [one.rows for one in joined.figures] == [bars.rows, number.rows]
    assert joined.slide.beside == (number.slide,)
    assert joined.of([joined.figures[1]]) == number
    assert together.of(together.figures) == together
    with pytest.raises(ValidationError):
        together.of([*together.figures, *number.figures])


def test_a_briefing_of_before_opens(frozen: Frozen) -> None:
    """Its file has neither figures beside, nor sizes."""
    kept = json.loads(frozen.slides[2].model_dump_json())
    for part, name in ((kept, "beside"), (kept, "sizes"), (kept["slide"], "beside")):
        del part[name]
    assert Answered.model_validate(kept) == frozen.slides[2]
    again = Frozen.model_validate_json(frozen.model_dump_json())
    assert again == frozen

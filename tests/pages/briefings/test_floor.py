"""A question from the floor: a metric by a dimension it may be asked by is a slide with a headline, a table and a file."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle

import pytest

from data.texts import LANGUAGES, texts
from metrics.briefings.freezing import Frozen, answered
from metrics.briefings.slide import Slide, kind_for
from metrics.grammar.question import MOST_DIMENSIONS
from metrics.model.definition import definitions
from metrics.model.dimensions import codes, label
from metrics.model.facts.fact import base_of
from pages.briefings.drawing import drawn
from pages.briefings.floor import question_slide
from pages.downloads.handout.sheet import HandoutPage
from pages.figures.tables import to_csv
from pages.shell import asking
from pages.shell.serving import Serving

_lang = cycle(LANGUAGES)


def shown(slide: Slide, served: Serving) -> tuple[HandoutPage, str]:
    """The slide drawn, and its language; the three take turns, for all labels are looked at elsewhere."""
    t = texts(next(_lang))
    done = answered(
        slide, lambda q: asking.answer_to(served, q), lambda q: asking.curve_of(served, asking.Composed(q)),
        served.store, served.generation,
    )  # fmt: skip
    frozen = Frozen(
        generation=served.generation.number, data_until=served.generation.last_day, closed_until=served.closed_until,
        slides=(done,), places={code: dict(name) for code, name in served.places.items()},
    )  # fmt: skip
    sheet = drawn(done, frozen, t)
    assert sheet.headline
    assert sheet.panels[0].table is not None
    assert to_csv(sheet.panels[0].table, t, (sheet.headline, *sheet.footnotes))
    return sheet, t.lang


def in_turn() -> dict[str, list[str]]:
    """Metric → dimensions: each dimension with each kind of measure of each fact, and of each metric one more, which take turns.

    That every metric can be asked by all of its own is tested in `tests/metrics/model/test_dimensions.py`.
    """
    met: set[tuple[str, type, str]] = set()
    chosen: dict[str, list[str]] = {}
    for place, (metric, definition) in enumerate(definitions().items()):
        allowed = definition.allowed
        pairs = {one: (definition.fact, type(definition.measure), one) for one in allowed}
        chosen[metric] = [one for one in allowed if pairs[one] not in met or one == allowed[place % len(allowed)]]
        met |= set(pairs.values())
    return chosen


IN_TURN = in_turn()


def test_every_dimension_has_its_turn() -> None:
    assert all(IN_TURN.values())
    assert {one for names in IN_TURN.values() for one in names} == {
        one for definition in definitions().values() for one in definition.allowed
    }


@pytest.mark.parametrize("metric", tuple(definitions()))
def test_every_metric_by_a_dimension_is_a_slide(metric: str, served: Serving) -> None:
    slides_are_whole(metric, IN_TURN[metric], served)


@pytest.mark.simulation
@pytest.mark.parametrize("metric", tuple(definitions()))
def test_every_metric_by_every_dimension_is_a_slide(metric: str, served: Serving) -> None:
    slides_are_whole(metric, definitions()[metric].allowed, served)


def slides_are_whole(metric: str, dimensions: Iterable[str], served: Serving) -> None:
    definition = definitions()[metric]
    for dimension in dimensions:
        needed = [name for name in definition.requires if name != dimension]
        if len(needed) == MOST_DIMENSIONS or base_of(dimension) in map(base_of, needed):
            continue
        slide = question_slide(metric, dimension, None, None, "all") if not needed else None
        if slide is None:
            fixed = tuple((name, codes(metric, name, served.places)[0]) for name in needed)
            slide = Slide(
                metric=metric, kind=kind_for(metric, (dimension,), None), by=(dimension,), where=fixed, period="all"
            )
        sheet, lang = shown(slide, served)
        assert sheet.panels[0].table is not None
        names = {row[0] for row in sheet.panels[0].table.rows} | set(sheet.panels[0].table.header)
        own = {label(metric, dimension, code, lang, served.places) for code in codes(metric, dimension, served.places)}
        if sheet.panels[0].chart is not None:
            assert names & own, (dimension, sheet.panels[0].table)


@pytest.mark.parametrize("metric", tuple(definitions()))
def test_a_dimension_can_be_fixed_in_a_slide(metric: str, served: Serving) -> None:
    for dimension in () if definitions()[metric].requires else IN_TURN[metric]:
        code = codes(metric, dimension, served.places)[-1]
        slide = Slide(metric=metric, kind="number", where=((dimension, code),), period="all")
        sheet, lang = shown(slide, served)
        if dimension != "language":
            assert label(metric, dimension, code, lang, served.places) in sheet.facts[0]

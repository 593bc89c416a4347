"""A question from the floor: any metric by any dimension it may be asked by is a slide with a headline, a table and a file."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path

import pytest

from data.store.store import Store
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
from tests.metrics.breakdowns import make_breakdowns

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
    assert sheet.table is not None
    assert to_csv(sheet.table, t, (sheet.headline, *sheet.facts))
    return sheet, t.lang


@pytest.fixture(scope="module", autouse=True)
def with_breakdowns(sample_store: Path) -> None:
    # From the other end than tests/metrics/model/test_dimensions.py, which may be making the same cells at this moment.
    make_breakdowns(Store(sample_store), tuple(definitions())[::-1])


@pytest.mark.parametrize("metric", tuple(definitions()))
def test_every_metric_by_every_dimension_is_a_slide(metric: str, served: Serving) -> None:
    definition = definitions()[metric]
    for dimension in definition.allowed:
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
        assert sheet.table is not None
        names = {row[0] for row in sheet.table.rows} | set(sheet.table.header)
        own = {label(metric, dimension, code, lang, served.places) for code in codes(metric, dimension, served.places)}
        if sheet.chart is not None:
            assert names & own, (dimension, sheet.table)


@pytest.mark.parametrize("metric", tuple(definitions()))
def test_every_dimension_can_be_fixed_in_a_slide(metric: str, served: Serving) -> None:
    definition = definitions()[metric]
    if definition.requires:
        return
    for dimension in definition.allowed:
        code = codes(metric, dimension, served.places)[-1]
        slide = Slide(metric=metric, kind="number", where=((dimension, code),), period="all")
        sheet, lang = shown(slide, served)
        if dimension != "language":
            assert label(metric, dimension, code, lang, served.places) in sheet.facts[0]

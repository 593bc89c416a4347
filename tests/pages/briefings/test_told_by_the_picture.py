"""The headline of a slide is told by its own picture: every group in it is drawn, and a change has both values beside it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from data.store.store import Store
from data.texts import texts
from metrics.briefings import comparison
from metrics.briefings.freezing import Answered, Frozen, freeze
from metrics.briefings.slide import Slide, kind_for
from metrics.grammar.question import QuestionError
from metrics.model.definition import Definition, definitions
from metrics.model.dimensions import label
from pages.briefings import pictures
from pages.briefings.drawing import drawn
from pages.briefings.headlines import group_name, headline, value_long
from tests.rounds import some

PERIOD = "2025"
T = texts("fi")


def slides(definition: Definition) -> list[Slide]:
    """Every breakdown of a metric by one dimension, at once and over the months, and by two."""
    found = []
    for dimension in definition.allowed:
        kinds = dict.fromkeys((kind_for(definition.id, (dimension,), None), "bars"))
        found += [Slide(metric=definition.id, by=(dimension,), period=PERIOD, kind=kind) for kind in kinds]
        found.append(Slide(metric=definition.id, by=(dimension,), period=PERIOD, kind="lines", each="month"))
    if {"municipality", "language"} <= set(definition.allowed):
        found.append(Slide(metric=definition.id, kind="heat", by=("municipality", "language"), period=PERIOD))
    return found


def frozen_of(slide: Slide, store: Store) -> Frozen | None:
    try:
        return freeze((slide,), store)
    except QuestionError:
        return None


def answered(store: Store, metrics: Iterable[Definition]) -> Iterator[tuple[Answered, Frozen]]:
    for slide in (slide for definition in metrics for slide in slides(definition)):
        frozen = frozen_of(slide, store)
        if frozen is not None:
            yield frozen.slides[0], frozen


@pytest.fixture(scope="module")
def one_of_each_kind(sample_store: Path) -> list[tuple[Answered, Frozen]]:
    """The slides of one metric of each kind of measure: how a headline is drawn depends on the kind and on the codes."""
    first: dict[type, Definition] = {}
    for one in definitions().values():
        first.setdefault(type(one.measure), one)
    found = list(answered(Store(sample_store), some(first.values(), 5)))
    assert len(found) > 40
    return found


def every_group_is_drawn(slides: Iterable[tuple[Answered, Frozen]]) -> Counter[str]:
    """Slides with a headline about groups, by kind of picture."""
    seen: Counter[str] = Counter()
    for one, frozen in slides:
        named = comparison.named(one)
        picture = pictures.picture(one, comparison.own(one.rows, one), T, frozen.places) if named else None
        if picture is None:
            continue
        chart = json.dumps(picture.chart.to_dict(), ensure_ascii=False)
        told = headline(one, T, frozen.places)
        for row in named:
            for name in one.slide.by:
                text = label(row.metric, name, row.codes[name], "fi", frozen.places)
                assert text in chart, (one.slide, told)
            seen[one.slide.kind] += 1
    return seen


def test_every_group_of_the_headline_is_drawn(one_of_each_kind: list[tuple[Answered, Frozen]]) -> None:
    assert every_group_is_drawn(one_of_each_kind).keys() >= {"bars", "lines", "heat"}


@pytest.mark.simulation
def test_every_group_of_the_headline_of_every_metric_is_drawn(sample_store: Path) -> None:
    every_group_is_drawn(answered(Store(sample_store), definitions().values()))


def test_a_change_in_the_headline_has_both_values_beside_it(one_of_each_kind: list[tuple[Answered, Frozen]]) -> None:
    seen = 0
    for one, frozen in one_of_each_kind:
        change = comparison.named_change(one)
        if change is None or change.before is None:
            continue
        lead = drawn(one, frozen, T).lead
        assert group_name(change.now, one.slide.by, T, frozen.places) in lead
        assert value_long(change.now, T) in lead
        assert value_long(change.before, T) in lead
        seen += 1
    assert seen > 5


def test_what_a_headline_names_is_drawn_also_beyond_the_largest() -> None:
    order = tuple("abcdefghij")
    assert pictures._kept(order, 4, {"j"}) == ("a", "b", "c", "j")
    assert pictures._kept(order, 4, {"b"}) == ("a", "b", "c", "d")
    assert pictures._kept(order, 2, {"h", "i", "j"}) == ("h", "i", "j")
    assert pictures._more(order, ("a", "b", "c"), T) == T("figure.more", count=3)
    assert pictures._more(order, ("a", "b", "j"), T) == T("slide.more", count=3, of=10)


def test_the_screen_does_not_tell_of_tables_that_it_has_not(one_of_each_kind: list[tuple[Answered, Frozen]]) -> None:
    told = 0
    for one, frozen in one_of_each_kind:
        sheet = drawn(one, frozen, T)
        picture = pictures.picture(one, comparison.own(one.rows, one), T, frozen.places)
        leaves_out = bool(picture and any("Kuviossa on" in note for note in picture.notes))
        assert not any("taulukossa" in fact for fact in sheet.facts)
        assert any(T("figure.all_in_table") in fact for fact in sheet.footnotes) == leaves_out
        told += leaves_out
    assert told > 2


def test_titles_of_axes_begin_alike(one_of_each_kind: list[tuple[Answered, Frozen]]) -> None:
    """With a small letter, but for the name of a metric."""
    titles = set()
    for one, frozen in one_of_each_kind:
        picture = pictures.picture(one, comparison.own(one.rows, one), T, frozen.places)
        for layer in picture.chart.to_dict().get("layer", ()) if picture else ():
            axes = (layer.get("encoding", {}).get(side, {}).get("axis") or {} for side in "xy")
            titles |= {axis["title"] for axis in axes if axis.get("title")}
    assert "prosenttia" in titles
    names = {definition.name["fi"] for definition in definitions().values()}
    assert {title for title in titles - names if title[0].isupper()} == set()

"""One pair of rows, one answer: tiles, quality, comparison, briefings, watches and news never say different things of it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import product
from types import SimpleNamespace
from typing import Any, cast

import pytest
from streamlit.proto.Metric_pb2 import Metric as MetricProto

from data.texts import texts
from metrics.audience import INTERNAL, Audience
from metrics.briefings import comparison
from metrics.briefings.freezing import freeze
from metrics.briefings.slide import Slide, kind_for
from metrics.change import ranking
from metrics.change.trend import Direction
from metrics.grammar.answer import Row, is_main
from metrics.grammar.period import Period, period_at
from metrics.model.definition import Definition, definitions
from metrics.model.kinds import Count
from metrics.watching.evaluation import evaluate_watch
from metrics.watching.watch import Watch
from pages.compare import areas, sides
from pages.compare.areas import Area
from pages.figures import changes
from pages.figures.key_figures import KeyFigure
from pages.overview import KEYS
from pages.quality.characteristics import CHARACTERISTICS
from pages.quality.tiles import QualityFigure, verdict
from pages.shell.page import Page
from pages.shell.serving import Serving
from pages.view.state import Choice, View
from tests.pages.drawn import Open, said, tables

ASKED = [one for one in definitions().values() if not one.requires]
SPANS = ("to_date", "month", "quarter")
EVERYBODY, *GROUPS = product((None, "853"), (None, "ar"))
"""Municipality and language."""


def page_of(served: Serving, period: str, municipality: str | None, language: str | None, audience: Audience) -> Page:
    area = Choice("municipality", municipality) if municipality else None
    spoken = Choice("language", language) if language else None
    view = View("fi", period, area=area, language=spoken, audience=audience)
    return Page("overview", texts("fi"), view, served, served.known(INTERNAL))


def pair(page: Page, metric: str) -> list[Row | None]:
    """What a tile shows: the figure's main row now and a year before."""
    periods = (page.view.period, str(Period.parse(page.view.period).year_before()))
    return [next(filter(is_main, page.ask(metric, period=period).rows), None) for period in periods]


def of_briefing(page: Page, metric: str, where: dict[str, str]) -> Direction | None:
    slide = Slide(metric=metric, kind=kind_for(metric, (), None), where=tuple(where.items()), period=page.view.period)
    (answered,) = freeze([slide], page.serving.store).slides
    now = comparison.own(answered.whole, answered)[0]
    return comparison.change_of(now, comparison.before_of(now, answered), answered).way


def of_watch(page: Page, metric: str, span: str, where: dict[str, str]) -> Direction | None:
    watch = Watch.model_validate(
        {"id": "W-1", "time": "2026-01-01T00:00:00Z", "metric": metric, "rule": "change", "span": span, **where}
    )
    seen = evaluate_watch(watch, page.serving.store)
    assert seen.period == page.view.period
    return {"quiet": "unclear", "fired": seen.way or None}.get(seen.state)


def of_comparison(page: Page, metric: str, municipality: str | None) -> Direction | None:
    area = Area("one", "one", "municipality", municipality) if municipality else Area("all", "all")
    return sides.compared(page, metric, [area])[0].trend


def of_quality(page: Page, metric: str, now: Row | None, before: Row | None) -> Direction | None:
    said = verdict(page, QualityFigure(KeyFigure(metric), now, before))
    if said in ("none", "unclear"):
        return None if said == "none" else "unclear"
    good = definitions()[metric].good
    if good == "none":
        return changes.direction(page, now, before)
    return "up" if (said == "better") == (good == "high") else "down"


def surfaces(page: Page, definition: Definition, span: str, where: dict[str, str]) -> dict[str, Direction | None]:
    metric, municipality = definition.id, where.get("municipality")
    now, before = pair(page, metric)
    ways: dict[str, Direction | None] = {
        "tile": changes.direction(page, now, before),
        "quality": of_quality(page, metric, now, before),
    }
    if metric in areas.metrics():
        ways["comparison"] = of_comparison(page, metric, municipality)
    if page.view.audience == "protected":
        ways["briefing"] = of_briefing(page, metric, where)
        ways["watch"] = of_watch(page, metric, span, where)
    # News judge small counts too, which the other surfaces leave alone: from under ten to sixty is news, but no arrow.
    counted = isinstance(definition.measure, Count) and definition.measure.weight is None
    if counted and now and before and ways["tile"] is not None:
        ways["news"] = ranking.change("", now, before, exact=page.view.audience == "internal").way
    return ways


def agreed(span: str, served: Serving, *, every: bool) -> Counter[Direction | None]:
    """How often which way was said: of each metric for everybody and for one narrower group. every: for all of them.

    The groups take turns: over the three spans each metric is asked for each.
    """
    seen: Counter[Direction | None] = Counter()
    period = period_at(span, served.closed_until)
    for place, definition in enumerate(ASKED, SPANS.index(span)):
        for municipality, language in (EVERYBODY, *(GROUPS if every else [GROUPS[place % len(GROUPS)]])):
            chosen = {name: code for name, code in (("municipality", municipality), ("language", language)) if code}
            if chosen.keys() <= set(definition.allowed):
                page = page_of(served, period, municipality, language, "protected")
                said_by = surfaces(page, definition, span, chosen)
                assert len(set(said_by.values())) == 1, (definition.id, period, chosen, said_by)
                seen[said_by["tile"]] += 1
    return seen


@pytest.mark.parametrize("span", [SPANS[0], *(pytest.param(one, marks=pytest.mark.simulation) for one in SPANS[1:])])
def test_every_surface_says_the_same_of_every_metric(span: str, served: Serving) -> None:
    seen = agreed(span, served, every=False)
    assert seen["up"] or span != "to_date"
    assert seen["unclear"] > 10
    assert seen[None] > 10


@pytest.mark.simulation
@pytest.mark.parametrize("span", SPANS)
def test_every_surface_says_the_same_of_every_metric_for_every_group(span: str, served: Serving) -> None:
    assert agreed(span, served, every=True).total() > 100


@pytest.mark.parametrize("definition", ASKED, ids=lambda one: one.id)
def test_exact_values_are_judged_alike(definition: Definition, served: Serving) -> None:
    page = page_of(served, "2025", None, None, "internal")
    said = surfaces(page, definition, "to_date", {})
    assert len(set(said.values())) == 1, said


def test_what_the_pages_show_is_that_answer(opened: Open) -> None:
    """Arrows and colours of the overview's and the quality page's tiles, and the headline, against the words of comparison."""
    t, words = texts("fi"), {}
    shown: list[tuple[str, MetricProto]] = []
    for page_id, keys in (("overview", KEYS), ("quality", [key for one in CHARACTERISTICS for key in one.figures])):
        app = opened(page_id)
        shown += [(k.metric, tile.proto) for k, tile in zip(keys, app.metric, strict=True) if not k.matured]
        words[page_id] = said(app)
    compared = sorted({metric for metric, _ in shown} & set(areas.metrics()))
    trends: dict[str, str] = {}
    for part in (compared[:12], compared[12:]):
        app = opened("compare", metrics=",".join(part), areas="all")
        beside = [one for one in tables(app) if f">{t('compare.trend')}</th>" in one]
        for metric in part:
            caption = t("compare.table", metric=definitions()[metric].name.fi, period="|", when="").partition("|")[0]
            table = next((one for one in beside if caption in one), "")
            trends[metric] = next((w for w in ("up", "down", "unclear") if t(f"compare.trend.{w}") in table), "none")
    assert set(trends.values()) >= {"up", "unclear", "none"}
    for metric, tile in shown:
        way, good = trends.get(metric, "none"), definitions()[metric].good
        arrow = MetricProto.MetricDirection.Name(tile.direction)
        assert arrow == {"up": "UP", "down": "DOWN"}.get(way, "NONE"), metric
        if tile.delta and way in ("up", "down") and good != "none":
            assert tile.color == (MetricProto.GREEN if (way == "up") == (good == "high") else MetricProto.RED), metric
        else:
            assert tile.color in (MetricProto.BLUE, MetricProto.GRAY), metric
    when = {"change": "", "when": t("when.year"), "since": t("since.part")}
    endings = {way: t(f"overview.headline.{way}", **when).strip(" ,") for way in ("up", "down", "unclear")}
    assert [way for way, ending in endings.items() if ending in words["overview"]] == [trends["clients"]]


def test_of_an_earlier_time_between_files_there_are_no_data() -> None:
    """Data began long before it, so it is not said from which day on there are some of it."""
    page = cast("Any", SimpleNamespace(t=texts("fi")))
    for first_day, word in ((date(2024, 1, 1), "no_data"), (date(2025, 3, 2), "part"), (date(2026, 1, 1), "no_data")):
        side = cast("Any", SimpleNamespace(period="2025", begins=first_day))
        told = texts("fi")(f"overview.changes.{word}", period="vuosi 2025", day="2.3.2025")
        assert changes.nothing_before(page, side) == told

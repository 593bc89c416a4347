"""One pair of rows, one answer: tiles, quality, comparison, briefings, watches and news never say different things of it."""

from __future__ import annotations

from collections import Counter

import pytest
from streamlit.proto.Metric_pb2 import Metric as MetricProto

from metrics.briefings import comparison
from metrics.briefings.freezing import freeze
from metrics.briefings.slide import Slide, kind_for
from metrics.change import ranking
from metrics.change.trend import Direction
from metrics.grammar.answer import Row, is_main
from metrics.grammar.period import Period
from metrics.model.definition import Definition, definitions
from metrics.model.kinds import Count
from metrics.watching.looking import see
from metrics.watching.watch import SPANS, Watch
from pages.compare import areas
from pages.compare.areas import Area
from pages.figures import changes
from pages.figures.key_figures import Key
from pages.i18n.texts import texts
from pages.quality.page import CHARACTERISTICS
from pages.quality.tiles import Told, verdict
from pages.shell.page import Page
from pages.shell.serving import Serving
from pages.view.state import Audience, Choice, View
from tests.pages.drawn import Open, tables

ASKED = [one for one in definitions().values() if not one.requires]
MUNICIPALITIES = (None, "853")
LANGUAGES = (None, "ar")


def page_of(served: Serving, period: str, municipality: str | None, language: str | None, audience: Audience) -> Page:
    area = Choice("municipality", municipality) if municipality else None
    spoken = Choice("language", language) if language else None
    view = View("fi", period, area=area, language=spoken, audience=audience)
    return Page("overview", texts("fi"), view, served, served.known(True))


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
    seen = see(watch, page.serving.store)
    assert seen.period == page.view.period
    return {"quiet": "unclear", "fired": seen.way or None}.get(seen.state)


def of_comparison(page: Page, metric: str, municipality: str | None) -> Direction | None:
    area = Area("one", "one", "municipality", municipality) if municipality else Area("all", "all")
    return areas.compared(page, metric, [area])[0].trend


def of_quality(page: Page, metric: str, now: Row | None, before: Row | None) -> Direction | None:
    said = verdict(page, Told(Key(metric), now, before))
    if said in ("none", "unclear"):
        return None if said == "none" else "unclear"
    good = definitions()[metric].good
    if good == "none":
        return changes.direction(page, now, before)
    return "up" if (said == "better") == (good == "high") else "down"


def surfaces(page: Page, definition: Definition, span: str, where: dict[str, str]) -> dict[str, Direction | None]:
    metric, municipality = definition.id, where.get("municipality")
    now, before = pair(page, metric)
    said = {"tile": changes.direction(page, now, before), "quality": of_quality(page, metric, now, before)}
    if metric in areas.metrics():
        said["comparison"] = of_comparison(page, metric, municipality)
    if page.view.audience == "protected":
        said["briefing"] = of_briefing(page, metric, where)
        said["watch"] = of_watch(page, metric, span, where)
    if isinstance(definition.measure, Count) and definition.measure.weight is None and now and before:
        said["news"] = ranking.change("", now, before, exact=page.view.audience == "internal").way
    return said


def test_every_surface_says_the_same_of_every_metric(served: Serving) -> None:
    seen: Counter[Direction | None] = Counter()
    for span in SPANS:
        slide = Slide(metric="clients", kind="number", period=span).at(served.closed_until)
        for municipality in MUNICIPALITIES:
            for language in LANGUAGES:
                for definition in ASKED:
                    chosen = {"municipality": municipality, "language": language}
                    where = {name: code for name, code in chosen.items() if code and name in definition.allowed}
                    if len(where) < sum(code is not None for code in chosen.values()):
                        continue
                    page = page_of(served, slide.period, municipality, language, "protected")
                    said = surfaces(page, definition, span, where)
                    assert len(set(said.values())) == 1, (definition.id, slide.period, where, said)
                    seen[said["tile"]] += 1
    assert seen["up"] > 5
    assert seen["unclear"] > 50
    assert seen[None] > 50


@pytest.mark.parametrize("definition", ASKED, ids=lambda one: one.id)
def test_exact_values_are_judged_alike(definition: Definition, served: Serving) -> None:
    page = page_of(served, "2025", None, None, "internal")
    said = surfaces(page, definition, "to_date", {})
    assert len(set(said.values())) == 1, said


def test_what_the_pages_show_is_that_answer(opened: Open, served: Serving) -> None:
    """The arrow of a tile on the overview, the words under one on the page of quality, the words beside a chart of comparison."""
    t = texts("fi")
    figures = [key.metric for one in CHARACTERISTICS for key in one.figures if not key.matured]
    tiles = dict(
        zip(
            [k.metric for c in CHARACTERISTICS for k in c.figures], opened("quality", period="2025").metric, strict=True
        )
    )
    compared = [metric for metric in figures if metric in areas.metrics()]
    assert len(compared) > 12
    for part in (compared[:12], compared[12:]):
        app = opened("compare", metrics=",".join(part), areas="all", period="2025")
        for metric in part:
            table = next(
                one for one in tables(app) if t("compare.before") in one and definitions()[metric].name.fi in one
            )
            arrow = MetricProto.MetricDirection.Name(tiles[metric].proto.direction).lower()
            assert (arrow == "up") == (t("compare.trend.up") in table), metric
            assert (arrow == "down") == (t("compare.trend.down") in table), metric

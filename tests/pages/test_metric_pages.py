"""Every metric stands on the page that its definition names, and leads from there to what it means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from metrics.model.definition import PAGES, definitions
from pages.figures import metric_table
from pages.shell import registry
from pages.shell.asking import Composed, FigureRows
from pages.shell.page import Page
from tests.pages.drawn import Open, tables


def test_pages_of_metrics_are_pages() -> None:
    assert set(PAGES) <= {spec.id for spec in registry.PAGES}
    assert {one.page for one in definitions().values()} == set(PAGES)


@pytest.mark.parametrize("page_id", PAGES)
def test_every_metric_stands_on_the_page_that_it_names(
    page_id: str, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[str] = set()
    ask = Page.ask

    def noted(page: Page, *metrics: str, **how: Any) -> FigureRows:
        asked.update(metrics)
        return ask(page, *metrics, **how)

    alike = Page.ask_alike

    def noted_alike(page: Page, composed: Composed, metric: str, by: Sequence[str] = ()) -> FigureRows:
        asked.add(metric)
        return alike(page, composed, metric, by)

    monkeypatch.setattr(Page, "ask", noted)
    monkeypatch.setattr(Page, "ask_alike", noted_alike)
    app = opened(page_id)
    assert not app.exception
    assert not app.error
    assert {one.id for one in definitions().values() if one.page == page_id} - asked == set()


def test_what_no_figure_shows_stands_in_the_table_of_further_metrics(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Sequence[str]] = []
    show = metric_table.show

    def noted(page: Page, metrics: Sequence[str], *, key: str, **how: Any) -> None:
        if key == "further":
            shown.append(metrics)
        show(page, metrics, key=key, **how)

    monkeypatch.setattr(metric_table, "show", noted)
    app = opened("demand", "sv", period="2025", language="ar")
    (metrics,) = shown
    assert "identified_share" in metrics
    assert "clients" not in metrics, "a figure above shows it"
    one = definitions()["identified_share"]
    address = "mittaristo?lang=sv&amp;period=2025&amp;language=ar&amp;metric=identified_share"
    assert any(f'<a href="{address}" target="_self">{one.name.sv}</a>' in table for table in tables(app))

"""What a page drawn by AppTest says and sends to the browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from data.texts import LANGUAGES, Language

each_language = pytest.mark.parametrize("lang", LANGUAGES)


def in_turn(name: str, cases: Sequence[Any]) -> pytest.MarkDecorator:
    """Cases of a parameter, each in one language: they take turns. For what takes seconds and says in all languages the same."""
    pairs = [(case, LANGUAGES[place % len(LANGUAGES)]) for place, case in enumerate(cases)]
    return pytest.mark.parametrize((name, "lang"), pairs)


Open = Callable[..., AppTest]


def _script(page_id: str, lang: str) -> None:
    from pages.shell.registry import PAGES

    next(spec for spec in PAGES if spec.id == page_id).render(lang)


def open_page(page_id: str, lang: Language = "fi", **params: str | list[str]) -> AppTest:
    """A page in a language with parameters in its address, over the store that the environment names."""
    app = AppTest.from_function(_script, args=(page_id, lang), default_timeout=60)
    app.query_params["lang"] = lang
    for name, value in params.items():
        app.query_params[name] = value
    return app.run()


def said(app: AppTest) -> str:
    """Everything the page says in words."""
    parts = [*app.title, *app.header, *app.subheader, *app.markdown, *app.caption, *app.warning, *app.info, *app.error]
    links = [str(link.proto.label) for link in app.main.get("page_link")]
    return "\n".join([*(str(part.value) for part in parts), *links])


def charts(app: AppTest) -> list[Any]:
    """What is sent to the browser for each chart."""
    return [element.proto for element in app.get("vega_lite_chart")]


def sent_rows(chart: Any) -> list[dict[str, Any]]:
    """Every row of data a chart carries to the browser."""
    return [row for dataset in chart.datasets for row in pl.read_ipc_stream(dataset.data.data).to_dicts()]


def values(chart: Any) -> list[float]:
    """The published numbers among them."""
    return [row["value"] for row in sent_rows(chart) if row.get("value") is not None]


def tables(app: AppTest) -> list[str]:
    """The HTML of the page but for styles of their own, without what only tells how the cells of its tables are laid out."""
    laid_out = re.compile(
        r' role="(table|rowgroup|row|columnheader|rowheader|cell)"| class="short"| data-label="[^"]*"'
    )
    every = (str(element.proto.body) for element in app.get("html"))
    return [laid_out.sub("", body) for body in every if not re.fullmatch(r"<style>[^<]*</style>", body)]

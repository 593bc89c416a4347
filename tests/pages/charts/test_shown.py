"""A click on a chart: the codes of the mark are picked, and a click on what has none is nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from data.texts import texts
from pages.charts import shown
from pages.charts.bars import bars


class _Page:
    """What a chart asks of Streamlit, and the click that it is told of."""

    def __init__(self) -> None:
        self.session_state: dict[str, Any] = {}
        self.query_params = self
        self.clicked: Any = None

    def to_dict(self) -> dict[str, str]:
        return {}

    def vega_lite_chart(self, *, key: str, on_select: Any, **_: Any) -> None:
        self.key, self.on_select = key, on_select

    def click(self, **codes: object) -> None:
        self.session_state[self.key] = SimpleNamespace(selection={shown.PICK: [codes]})
        self.on_select()


@pytest.mark.parametrize(
    ("codes", "picked"),
    [({"x": "853"}, [("853",)]), ({"x": "853", "series": "so"}, [("853", "so")]), ({"x": None}, []), ({}, [])],
)
def test_what_has_no_code_is_not_picked(
    codes: dict[str, object], picked: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = _Page()
    monkeypatch.setattr(shown, "st", page)
    found: list[tuple[str, ...]] = []
    shown.draw(bars([], texts("fi"), x_title="n"), key="k", alt_text="", pick=lambda *given: found.append(given))
    page.click(**codes)
    assert found == picked

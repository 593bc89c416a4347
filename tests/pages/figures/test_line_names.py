"""A table under a period marks the lines that are of everyone who has started, since these are of another time."""

from __future__ import annotations

import pytest

from data.texts import Language, texts
from pages.figures.key_figures import KeyFigure
from pages.overview import KEYS
from pages.quality.characteristics import CHARACTERISTICS
from tests.pages.drawn import Open, each_language, tables

MATURED = {
    "overview": [key for key in KEYS if key.matured],
    "quality": [key for one in CHARACTERISTICS for key in one.figures if isinstance(key, KeyFigure) and key.matured],
}


@each_language
@pytest.mark.parametrize("page_id", MATURED)
def test_a_line_of_all_time_says_so(page_id: str, lang: Language, opened: Open) -> None:
    mark = f"({texts(lang)('overview.everyone_started')})"
    found = "".join(tables(opened(page_id, lang, period="2025")))
    assert MATURED[page_id]
    assert found.count(mark) == len(MATURED[page_id])

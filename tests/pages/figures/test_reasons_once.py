"""Why values are not shown is said once on a page, at its foot; a figure with nothing but the reason says it in its place."""

from __future__ import annotations

import pytest

from data.texts import texts
from pages.shell.registry import PAGES
from pages.view import states
from tests.pages.drawn import Open

T = texts("fi")
OF_FIGURES = ("demand", "reach", "flows", "centre", "outcomes", "quality", "compare")


@pytest.mark.parametrize("page", OF_FIGURES)
def test_a_reason_stands_once_beside_many_figures(page: str, opened: Open) -> None:
    app = opened(page, language="so")
    assert not app.exception
    assert page in {spec.id for spec in PAGES}
    captions = [one.value for one in app.caption]
    for reason in states.all_notes(T):
        assert sum(reason in text for text in captions) <= 1, reason
        assert [one.value for one in app.info].count(reason) <= 1, reason


def test_a_second_figure_without_a_value_leads_to_the_foot(opened: Open) -> None:
    app = opened("flows", language="so")
    short = T("figure.reason_at_foot", short="").strip()
    boxes = [one.value for one in app.info]
    later = [one for one in boxes if one.endswith(short)]
    assert later, "else this tries nothing"
    told = {reason for reason in states.all_notes(T) if any(reason in one.value for one in app.caption)}
    for one in later:
        word = one.removesuffix(short).strip().rstrip(".")
        assert any(reason.startswith(word) for reason in told), one

"""How far a published value is from its target, in words: of the value as it is shown, and of nothing that is hidden."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from data.texts import LANGUAGES, Language, texts
from metrics.audience import PROTECTED
from metrics.gate import Bound
from metrics.grammar.answer import Row
from metrics.grammar.question import Question
from metrics.measures.gaps import Lacking
from pages.shell import goals
from pages.shell.goals import Goals, said_of
from pages.view.goals import distance_text

if TYPE_CHECKING:
    from pages.shell.serving import Serving


def row(metric: str, value: float | None, unit: str, period: str = "2026", **codes: str) -> Row:
    return Row(metric, codes, period, value, unit)


@pytest.mark.parametrize(
    ("one", "goal", "said"),
    [
        (row("clients", 1700, "clients", "2025", municipality="905"), 3000, "Tavoite vuodelle 2025: 3 000 asiakasta"),
        (row("clients", 1700, "clients", "2025", municipality="272"), 3000, "Tavoite 3 000 asiakasta: 1 300 alle"),
        (row("solved_share", 63, "%", "2025", municipality="905"), 65, "Tavoite 65 %: 2 %-yks. alle"),
        (row("solved_share", 63, "%"), 65, "Tavoite 65 %: 2 %-yks. alle"),
        (row("solved_share", 62.68, "%"), 65, "Tavoite 65 %: 2,3 %-yks. alle"),  # exact: of 62.7, which is shown
        (row("solved_share", 65, "%"), 65, "Tavoite 65 %: saavutettu"),
        (row("solved_share", 70, "%", "2026-03"), 65.5, "Tavoite 65,5 %: 4,5 %-yks. yli"),
        (row("wait_days", 8, "days"), 10, "Tavoite 10 pv: 2 pv alle"),
        (row("clients", 3120, "clients"), 3000, "Tavoite 3 000 asiakasta: 120 yli"),
        # A number grows until its year is over.
        (row("clients", 1700, "clients", "2026-ytd-09"), 3000, "Tavoite vuodelle 2026: 3 000 asiakasta"),
        (row("clients", 2900, "clients", "2027"), 3000, "Tavoite vuodelle 2027: 3 000 asiakasta"),
        (row("solved_share", 63, "%", "2027"), 65, "Tavoite 65 %: 2 %-yks. alle"),
        (Row("clients", {}, "2026", None, "clients", bound=Bound("under", 10)), 3000, "Tavoite 3 000 asiakasta"),
    ],
)
def test_how_far_a_value_is_from_its_target(one: Row, goal: float, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of Vaasa (905) a month of 2025 lacks: a number of the rest is neither above its target nor below it."""
    lost = Lacking((("encounter", {"": {date(2025, 4, 1): False}}),))

    def lacking_for(_: object, asked: Question) -> Lacking:
        return lost if (asked.where, asked.period) == ((("municipality", ("905",)),), "2025") else Lacking()

    monkeypatch.setattr(goals, "lacking_for", lacking_for)
    served = cast("Serving", SimpleNamespace(closed_until=date(2027, 3, 31)))
    whole = goals.is_whole(one, served, PROTECTED)
    assert said_of(one, goal, texts("fi"), whole=whole).replace("\u00a0", " ") == said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_hidden_value_has_no_distance(lang: Language) -> None:
    hidden = Row("solved_share", {}, "2026", None, "%", bound=Bound("over", 95))
    assert distance_text(hidden, 65, texts(lang)) is None


def test_a_target_is_of_the_year_and_the_municipality_of_the_figure_and_of_no_other_people() -> None:
    goals = Goals(
        {("solved_share", "all", 2026): 65.0, ("solved_share", "049", 2026): 70.0, ("wait_days", "all", 2026): 5}
    )
    assert goals.of(row("solved_share", 63, "%")) == 65
    assert goals.of(row("solved_share", 63, "%", "2026-Q1", municipality="049")) == 70
    for other in (
        row("solved_share", 63, "%", "2025"),
        row("solved_share", 63, "%", "all"),
        row("solved_share", 63, "%", municipality="092"),
        row("solved_share", 63, "%", region="01"),
        row("solved_share", 63, "%", municipality="049", language="so"),
        Row("wait_days", {}, "2026", 9, "days", quantile=0.9),
    ):
        assert goals.of(other) is None, other

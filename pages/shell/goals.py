"""Targets of a page's figures: which are in force, and which one a published row is to reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from data.steward.targets_and_notes import WHOLE_AREA, Ledger
from data.store.store import StoreError
from data.texts import Texts
from metrics.audience import OWN_BY, Audience
from metrics.grammar.answer import Row, is_main
from metrics.grammar.period import Period
from metrics.grammar.question import Question
from metrics.measures.gaps import Lacking
from metrics.model.definition import OF_ANY_LENGTH, definitions
from pages.i18n import formats
from pages.shell.asking import lacking_for
from pages.shell.serving import Serving
from pages.view.goals import distance_text, goal_text


@dataclass(frozen=True)
class Goals:
    """Targets in force by metric, municipality and year. is_damaged: they cannot be read."""

    in_force: Mapping[tuple[str, str, int], float] = field(default_factory=dict)
    is_damaged: bool = False

    def of(self, row: Row) -> float | None:
        """Return the target of a row; None where none is set: targets are of a year, in a municipality or everywhere."""
        codes = dict(row.codes)
        area = codes.pop(OWN_BY, WHOLE_AREA)
        if codes or not is_main(row):
            return None
        return self.in_force.get((row.metric, area, Period.parse(row.period).year))


def goals_of(served: Serving) -> Goals:
    """Return the targets of the store; over a package there are none, because nobody but its publisher knows them."""
    if served.package is not None:
        return Goals()
    try:
        found = Ledger.of(served.store.path).targets()
    except StoreError:
        return Goals(is_damaged=True)
    return Goals({(one.metric, one.municipality, one.year): one.value for one in found})


def is_whole(row: Row, served: Serving, audience: Audience) -> bool:
    """Return whether a row's target is comparable with it: a number grows until its year is over and no data of it lack."""
    if definitions()[row.metric].unit in OF_ANY_LENGTH:
        return True
    period, where = Period.parse(row.period), tuple((name, (code,)) for name, code in row.codes.items())
    if period.level != "year" or not period.has_ended(served.closed_until):
        return False
    asked = Question((row.metric,), where=where, period=row.period, audience=audience)
    return lacking_for(served, asked) == Lacking()


def goal_and_distance(row: Row, goal: float, t: Texts, *, whole: bool) -> tuple[str, str | None]:
    """Return a row's target, and how far the value is from it; None where it is hidden, or not whole (`is_whole`)."""
    text = goal_text(row.metric, goal, t)
    return text, distance_text(row, goal, t) if whole else None


def said_of(row: Row, goal: float, t: Texts, *, whole: bool) -> str:
    """Return both in a line: "Tavoite 65 %: 2 %-yks. alle"; of a number that is not whole, which year the target is of."""
    text, distance = goal_and_distance(row, goal, t, whole=whole)
    if not whole:
        return t("marks.in_words", year=Period.parse(row.period).year, value=text)
    return t("goal.said", goal=text, distance=distance) if distance else t("marks.target", value=text)


def value_and_goal(row: Row, goal: float, t: Texts, *, whole: bool) -> str:
    """Return the value and what is said of its target: "63 %. Tavoite 65 %: 2 %-yks. alle"."""
    return f"{formats.value_text(row, t, unit=row.unit != '%')}. {said_of(row, goal, t, whole=whole)}"

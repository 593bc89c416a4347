"""What a page asks when a filter is chosen, for whoever measures what that costs."""

from __future__ import annotations

from metrics.audience import PROTECTED, Audience
from metrics.grammar.question import Question


def page_questions(language: str, audience: Audience = PROTECTED) -> list[Question]:
    """What *Kysyntä* asks when a language is chosen: key figures, trends, breakdowns, the two heat maps."""
    where = (("language", (language,)),)
    figures = (
        "clients",
        "encounters",
        "new_clients",
        "solved_share",
        "understood_language_share",
        "several_topics_share",
    )
    return [
        Question(figures, where=where, audience=audience, period="2026-ytd-09"),
        Question(figures, where=where, audience=audience, period="2025-ytd-09"),
        Question(("encounters", "clients"), where=where, audience=audience, period="all", each="month"),
        Question(("encounters",), by=("municipality",), where=where, audience=audience, period="2026"),
        Question(("encounters",), by=("topic", "channel"), where=where, audience=audience, period="2026"),
        Question(("load_by_weekday_hour",), by=("weekday", "hour"), where=where, audience=audience, period="2026"),
        Question(("encounters",), by=("language_support",), where=where, audience=audience, period="2026"),
        Question(("minutes_median", "wait_days"), where=where, audience=audience, period="2026"),
    ]

"""The five national characteristics of guidance, and the figures of each."""

from __future__ import annotations

from dataclasses import dataclass

from pages.figures.key_figures import KeyFigure


@dataclass(frozen=True)
class Characteristic:
    """A national characteristic. course: shares of one fact to draw by month."""

    key: str
    figures: tuple[KeyFigure, ...]
    course: tuple[str, ...]


CHARACTERISTICS = (
    Characteristic(
        "multilingual",
        (
            KeyFigure("understood_language_share"),
            KeyFigure("own_language_share"),
            KeyFigure("interpreted_share"),
            KeyFigure("language_unmet_share"),
            KeyFigure("staff_language_cover"),
            KeyFigure("interpreting_need_hours"),
        ),
        ("understood_language_share", "own_language_share", "interpreted_share", "staff_language_cover"),
    ),
    Characteristic(
        "integration",
        # Recent starters have too short a follow-up, so these are computed over everyone.
        (
            KeyFigure("newcomer_share"),
            KeyFigure("language_gain", matured=True),
            KeyFigure("working_or_studying_by", horizon=12, matured=True),
        ),
        ("newcomer_share",),
    ),
    Characteristic(
        "accessible",
        (
            KeyFigure("same_day_share"),
            KeyFigure("wait_days", quantile=0.5),
            KeyFigure("solved_share"),
            KeyFigure("referral_days"),
            KeyFigure("several_topics_share"),
        ),
        ("same_day_share", "solved_share", "several_topics_share"),
    ),
    Characteristic(
        "reliable",
        (
            KeyFigure("understood_share"),
            KeyFigure("satisfaction"),
            KeyFigure("relative_interpreting_share"),
            KeyFigure("joint_encounter_share"),
            KeyFigure("training_days_per_person_year"),
        ),
        ("understood_share", "relative_interpreting_share", "joint_encounter_share"),
    ),
    Characteristic(
        "network",
        # No metric measures this one directly: these are proxies for cooperation, beside the releases and who has seen them.
        (
            KeyFigure("ngo_share"),
            KeyFigure("warm_share"),
            KeyFigure("one_stop_share"),
        ),
        ("warm_share", "ngo_share"),
    ),
)

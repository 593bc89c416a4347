"""What a slide stands on: whom and which period, unit and n, source and date, how to read it, and what its metrics mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.texts import Texts, capital
from metrics.briefings import comparison
from metrics.briefings.freezing import Answered, Frozen
from metrics.change.totals import stands_on_all
from metrics.measures import quiet_points
from metrics.measures.gaps import said
from metrics.model.definition import definitions
from pages.briefings import headlines
from pages.briefings.picture import Picture
from pages.i18n import formats
from pages.view import sentences, states
from pages.view.standing import standing_of
from pages.view.state import Choice

_WITHOUT_AXIS = ("map", "flow", "heat")
"""Charts that do not say the unit of their values on an axis."""


@dataclass(frozen=True)
class Footnotes:
    """own: what each figure of a slide stands on; alike: what all do, with the date of the data; lacking: what all lack."""

    own: tuple[str, ...]
    alike: tuple[str, ...]
    lacking: str


def split(figures: Sequence[Answered], frozen: Frozen, t: Texts) -> Footnotes:
    """Return what each figure stands on, and what all of them do, which is said once.

    A figure alone has nothing of its own; of several, each says how many are behind it.
    """
    alone = len(figures) == 1
    stands = [_stands(one, frozen, t, alone=alone) for one in figures]
    alike = [part for part in _PARTS if alone or (part != "n" and len({one[part] for one in stands}) == 1)]
    own = tuple(" · ".join(text for part, text in one.items() if text and part not in alike) for one in stands)
    scope = [stands[0]["scope"]] if "scope" in alike else []
    until = t("figure.until", day=formats.day(frozen.closed_until, t.lang))
    rest = [text for part in alike if part not in ("scope", "lacks") and (text := stands[0][part])]
    why = () if alone else dict.fromkeys(filter(None, (headlines.why_not(one, t) for one in figures)))
    lacking = stands[0]["lacks"] if "lacks" in alike else ""
    return Footnotes(own, (*scope, " · ".join([*rest, until]), *why), lacking)


def how_to_read(pictures: Sequence[Picture | None]) -> tuple[str, ...]:
    """Return how to read the charts, as one footnote."""
    notes = dict.fromkeys(note for picture in pictures if picture for note in picture.notes)
    return (" ".join(notes),) if notes else ()


def meaning(figures: Sequence[Answered], t: Texts) -> tuple[str, ...]:
    """Return the definition of each metric, or that values are of another version, and the rounding."""
    return (*dict.fromkeys(_means(one, t) for one in figures), sentences.protected_explained(t))


_PARTS = ("scope", "unit", "n", "source", "lacks")


def _stands(answered: Answered, frozen: Frozen, t: Texts, *, alone: bool) -> dict[str, str]:
    """Return what a figure stands on, by `_PARTS`."""
    slide, definition = answered.slide, definitions()[answered.slide.metric]
    chosen = [sentences.choice_text(Choice(name, code), t, frozen.places, slide.metric) for name, code in slide.where]
    if not any(name == "language" for name, _ in slide.where):
        chosen.insert(0, t("sentence.everyone"))
    scope = ", ".join([*chosen, sentences.period_text(slide.period, t)])
    points = quiet_points.said(answered.quiet, frozen.places, t.lang)
    return {
        "scope": capital(scope),
        "unit": sentences.unit_text(definition, t) if slide.kind in _WITHOUT_AXIS else "",
        "n": _number_behind(answered, t, alone=alone),
        "source": t("figure.source", source=t("source." + definition.fact)),
        "lacks": " ".join(filter(None, (said(answered.lacking, t.lang), points))),
    }


def _number_behind(answered: Answered, t: Texts, *, alone: bool) -> str:
    """Return how many are behind a figure: of what is no count those whose answer is known, as on the pages.

    Nothing is said of a figure by groups that an earlier version has saved: it kept the number of all.
    alone: there is room for the part of them that is known.
    """
    row, total = answered.undivided, answered.total
    if not answered.slide.by:
        row = next(iter(comparison.own(answered.whole, answered)), None)
    if not stands_on_all(answered.slide.metric) and (row is not None or answered.slide.by):
        return " · ".join(standing_of(row, t)[: None if alone else 1]) if row is not None else ""
    return f"n = {formats.value_text(total, t, unit=True)}" if total is not None and states.is_said(total) else ""


def _means(answered: Answered, t: Texts) -> str:
    definition = definitions()[answered.slide.metric]
    if answered.version == definition.version:
        return sentences.defined(definition, t)
    name = definition.name[t.lang]
    return t("slide.definition.other", name=name, version=answered.version, now=definition.version)

"""The briefing named in the URL, with its slides answered: ready-made ones from current data, saved ones as frozen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from data.texts import Language, Texts
from metrics.briefings.briefing import Briefing, Briefings
from metrics.briefings.freezing import Frozen, freeze
from metrics.briefings.ready import ready_made
from metrics.briefings.slide import PLACE, Slide
from metrics.memory import Memory, at_the_head
from metrics.model.definition import definitions, definitions_mark
from metrics.model.dimensions import label
from pages.access import session
from pages.shell.asking import published_codes
from pages.shell.serving import Serving
from pages.view import sentences
from pages.view.address import in_address, told_twice

BRIEFING, VERSION, SLIDE, MUNICIPALITY = "briefing", "version", "slide", "municipality"
"""URL parameters: briefing id, version, number of the slide presented (absent: not presenting), municipality of the briefing."""


_answered: Memory[tuple[Path | None, str, str, str, str], Frozen] = Memory(60, at_the_head)
"""Cache of ready-made briefings by origin, definitions, id and municipality; at most 60."""


@dataclass(frozen=True)
class Opened:
    """An opened briefing with its answered slides. `saved` is None for a ready-made one; is_sample: of made-up figures."""

    id: str
    title: str
    frozen: Frozen
    saved: Briefing | None = None
    is_sample: bool = False

    @property
    def slides(self) -> tuple[Slide, ...]:
        """The definitions of the slides, without answers."""
        return tuple(answered.slide for answered in self.frozen.slides)


def opened(served: Serving, t: Texts) -> tuple[Opened, tuple[str, ...]]:
    """Return the briefing named in the URL, by default the first ready-made one, and warnings about invalid parameters.

    Raises StoreError when saved briefings cannot be read.
    """
    found, notes = _named(served, t)
    twice = told_twice((BRIEFING, VERSION, MUNICIPALITY))
    notes += tuple(sentences.notice_lines(twice, t, served.places))
    return replace(found, is_sample=served.is_example), notes


def _named(served: Serving, t: Texts) -> tuple[Opened, tuple[str, ...]]:
    wanted = in_address(BRIEFING)
    if wanted in ready_made() or not wanted:
        return ready(wanted or next(iter(ready_made())), served, t), ()
    history = Briefings.of(served.store.path).history(wanted)
    if not history or history[-1].what == "withdrawn":
        first = ready(next(iter(ready_made())), served, t)
        return first, (t("briefing.unknown", name=sentences.plain(wanted[:20])),)
    asked = in_address(VERSION)
    found = next((one for one in history if str(one.version) == asked and one.what == "set"), None)
    notes = () if found or not asked else (t("briefing.unknown_version", name=sentences.plain(asked[:10])),)
    chosen = found or history[-1]
    if served.store.release() is None or session.rights().sees_all:
        return Opened(wanted, chosen.title, chosen.frozen, chosen), notes
    return _for_visitors(history[-1], chosen, served, t)


def _for_visitors(newest: Briefing, chosen: Briefing, served: Serving, t: Texts) -> tuple[Opened, tuple[str, ...]]:
    """Return the newest version with the figures of the latest release.

    Earlier versions, and those frozen from earlier releases, are internal: two states side by side tell who came between them.
    """
    notes = () if chosen.version == newest.version else (t("briefing.only_newest"),)
    if newest.frozen.token == served.generation.token:
        return Opened(newest.id, newest.title, newest.frozen, newest), notes
    slides = tuple(answered.slide for answered in newest.frozen.slides)
    anew = _answered.recall(
        (*served.origin, definitions_mark(), newest.id, str(newest.version)),
        lambda: freeze(slides, served.store, generation=served.generation),
        lambda _: 1,
    )
    return Opened(newest.id, newest.title, anew, newest), (*notes, t("briefing.answered_anew"))


def ready(ready_id: str, served: Serving, t: Texts) -> Opened:
    """Return a ready-made briefing, answered from the current generation."""
    made, place = ready_made()[ready_id], ""
    title = made.title[t.lang]
    if made.needs_municipality:
        place = municipality(served)
        title = f"{title}: {label(None, MUNICIPALITY, place, t.lang, {})}" if place else title
    slides, generation = made.slides, served.generation
    frozen = _answered.recall(
        (*served.origin, definitions_mark(), ready_id, place),
        lambda: freeze(slides, served.store, {PLACE: place} if place else None, generation=generation),
        lambda _: 1,
    )
    return Opened(ready_id, title, frozen)


def counted_otherwise(frozen: Frozen, lang: Language) -> str:
    """Return the names of metrics whose definition is another version by now than when their values were frozen."""
    known = definitions()
    used = ((known[one.slide.metric], one.version) for one in frozen.figures)
    return ", ".join(dict.fromkeys(metric.name[lang] for metric, version in used if metric.version != version))


def municipality(served: Serving) -> str:
    """Return the municipality named in the URL, by default the largest; empty when no municipality has a published value."""
    offered = published_codes(served, MUNICIPALITY)
    wanted = in_address(MUNICIPALITY)
    return wanted if wanted in offered else next(iter(offered), "")

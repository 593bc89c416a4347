"""`python -m pages report`: the month's briefing of an area as a PDF or as slides, in one command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from data.store.store import store_at
from data.texts import LANGUAGES, Language, message, texts
from metrics.briefings.freezing import freeze
from metrics.briefings.ready import ready_made
from metrics.briefings.slide import Slide
from metrics.grammar.period import Period, PeriodError
from metrics.grammar.question import QuestionError, nearest
from metrics.model.definition import definitions
from metrics.model.dimensions import codes, is_unknown, label, list_of
from metrics.model.facts.fact import base_of
from pages.briefings.handing_out import handout
from pages.briefings.opening import Opened
from pages.downloads.handout.pdf import to_pdf
from pages.downloads.handout.pptx import to_pptx
from pages.view import sentences

READY = "month"
PLACES = ("municipality", "region", "employment_area")
MAKERS = {".pdf": to_pdf, ".pptx": to_pptx}


def report(options: argparse.Namespace) -> int:
    """Write the report of `options` (period, area, lang, out, store). Raises QuestionError, StoreError, KeyFileError."""
    out, lang = Path(options.out), options.lang
    make = MAKERS.get(out.suffix.lower())
    if make is None:
        raise QuestionError("report_kind", tuple(MAKERS), out=out.suffix or out.name)
    store = store_at(options.store)
    place = place_of(options.area) if options.area else None
    period = closed_period(options.period, store.serving().closed_until)
    slides, left_out = slides_of(period, place)
    frozen = freeze(slides, store)
    t = texts(lang)
    where = label(None, *place, lang, {}) if place else t("filter.all.area")
    title = t("report.title", period=sentences.period_text(str(period), t), area=where)
    content = make(handout(Opened(READY, title, frozen), t), _tell(lang))
    out.write_bytes(content)
    if left_out:
        named = ", ".join(definitions()[metric].name[lang] for metric in left_out)
        print(message("cli.report.left_out", lang, names=named), file=sys.stderr)
    print(message("cli.report.done", lang, out=str(out), count=len(slides)))
    return 0


def place_of(text: str) -> tuple[str, str]:
    """Dimension and code of an area given by its name in any language, or by its code. Raises QuestionError."""
    for dimension in PLACES:
        known = list_of(None, dimension)
        found = (text if text in known else known.find(text)) if known else None
        if found and not is_unknown(None, dimension, found):
            return dimension, found
    names = [name for dimension in PLACES for name in _names(dimension)]
    raise QuestionError("unknown_area", nearest(text, names), area=text)


def closed_period(text: str, closed_until: date) -> Period:
    """The period of the report; one that goes on would not be the same tomorrow. Raises QuestionError."""
    try:
        period = Period.parse(text)
    except PeriodError:
        raise QuestionError("unknown_period", ("2026-09", "2026-Q3", "2026"), period=text) from None
    if period.last_day is None:
        raise QuestionError("unknown_period", ("2026-09", "2026-Q3", "2026"), period=text)
    if not period.has_ended(closed_until):
        raise QuestionError("period_open", (), period=text, day=closed_until.isoformat())
    return period


def slides_of(period: Period, place: tuple[str, str] | None) -> tuple[list[Slide], list[str]]:
    """The slides of the report, and the metrics of those that know no such area and are left out."""
    last = period.last_day or date.max
    kept, left_out = [], []
    for slide in ready_made()[READY].slides:
        made = slide.model_copy(update={"period": str(period)}) if slide.period == "month" else slide.at(last)
        made = made.model_copy(update={"follows": None})
        if place and (place[0] not in definitions()[slide.metric].allowed or _is_taken(slide, place[0])):
            left_out.append(slide.metric)
            continue
        kept.append(made.model_copy(update={"where": (place,)}) if place else made)
    return kept, left_out


def _is_taken(slide: Slide, dimension: str) -> bool:
    return base_of(dimension) in {base_of(name) for name in slide.by}


def _names(dimension: str) -> Sequence[str]:
    return [label(None, dimension, code, lang, {}) for code in codes(None, dimension, ()) for lang in LANGUAGES]


def _tell(lang: Language) -> Callable[[int, int], None]:
    def tell(done: int, of: int) -> None:
        print(message("cli.report.page", lang, done=done, of=of), file=sys.stderr)

    return tell

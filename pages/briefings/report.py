"""Command `python -m pages report`: the monthly briefing of an area as a PDF or PowerPoint file."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from data.store.acting import record, state_of
from data.store.store import store_at
from data.texts import LANGUAGES, Language, message, texts
from metrics.briefings.freezing import freeze
from metrics.briefings.ready import ready_made
from metrics.briefings.slide import Slide
from metrics.grammar.period import Period, PeriodError
from metrics.grammar.question import QuestionError, nearest, not_ended
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
    """Write the report that `options` asks for (period, compare, area, lang, out, store) and return the exit code 0.

    Raises QuestionError (report_kind, no_month, unknown_area, unknown_period, period_open, compare_month), StoreError,
    KeyFileError.
    """
    out, lang = Path(options.out), options.lang
    make = MAKERS.get(out.suffix.lower())
    if make is None:
        raise QuestionError("report_kind", tuple(MAKERS), out=out.suffix or out.name)
    # Asked for before anything is drawn, which takes a while.
    if out.is_dir() or not os.access(out if out.exists() else out.parent, os.W_OK):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(out))
    store = store_at(options.store)
    place = None if options.area is None else place_of(options.area, lang)
    serving = store.released()
    if not serving.data_until:
        raise QuestionError("no_month")
    period = reported_period(options.period, serving.first_day, serving.closed_until)
    if options.compare == "month" and period.level != "month":
        raise QuestionError("compare_month", (), period=options.period)
    slides, left_out = slides_of(period, place, options.compare)
    frozen = freeze(slides, store)
    t = texts(lang)
    where = label(None, *place, lang, {}) if place else t("filter.all.area")
    title = t("report.title", period=sentences.period_text(str(period), t), area=where)
    content = make(handout(Opened(READY, title, frozen), t), _progress_printer(lang))
    out.write_bytes(content)
    about = {
        "question": f"report --period {period}{f' --area {place[1]}' if place else ''}",
        "file": f"report{out.suffix}",
    }
    record(store.path, "exported", {**about, **state_of(serving)})
    if left_out:
        named = ", ".join(definitions()[metric].name[lang] for metric in left_out)
        print(message("cli.report.left_out", lang, names=named), file=sys.stderr)
    print(message("cli.report.done", lang, out=str(out), count=len(slides)))
    return 0


def place_of(text: str, lang: Language) -> tuple[str, str]:
    """Return the dimension and code of an area given by its name in any language or its code.

    lang: language of the suggestions. Raises QuestionError("unknown_area") with similar names as suggestions.
    """
    for dimension in PLACES:
        known = list_of(None, dimension)
        found = (text if text in known else known.find(text)) if known else None
        if found and not is_unknown(None, dimension, found):
            return dimension, found
    names = {
        name: label(None, d, code, lang, {}) for d in PLACES for code in codes(None, d, ()) for name in _names(d, code)
    }
    offered = dict.fromkeys(names[name] for name in nearest(text, names))
    raise QuestionError("unknown_area", tuple(offered), area=text)


def reported_period(text: str, first_day: date | None, closed_until: date) -> Period:
    """Return the period of the report; it must have ended, since an open one would give other values tomorrow.

    first_day: first day of the data, None without any; closed_until: last closed day. Raises QuestionError
    (unknown_period, period_open, period_before).
    """
    try:
        period = Period.parse(text)
    except PeriodError:
        raise QuestionError("unknown_period", ("2026-09", "2026-Q3", "2026"), period=text) from None
    if period.last_day is None:
        raise QuestionError("unknown_period", ("2026-09", "2026-Q3", "2026"), period=text)
    if not period.has_ended(closed_until):
        raise not_ended(period, closed_until)
    if first_day is not None and period.last_day < first_day:
        raise QuestionError("period_before", (), period=text, day=first_day.isoformat())
    return period


def slides_of(
    period: Period, place: tuple[str, str] | None, against: Literal["year", "month"] = "year"
) -> tuple[list[Slide], list[str]]:
    """Return the slides of the report, and the metrics left out because they cannot be filtered by the area.

    against: what they are compared with, a month before only where the period is a month.
    """
    last = period.last_day or date.max
    kept, left_out = [], []
    for slide in ready_made()[READY].slides:
        made = slide.model_copy(update={"period": str(period)}) if slide.period == "month" else slide.at(last)
        made = made.model_copy(update={"follows": None, "against": against})
        if place and (place[0] not in definitions()[slide.metric].allowed or _is_taken(slide, place[0])):
            left_out.append(slide.metric)
            continue
        kept.append(made.model_copy(update={"where": (place,)}) if place else made)
    return kept, left_out


def _is_taken(slide: Slide, dimension: str) -> bool:
    return base_of(dimension) in {base_of(name) for name in slide.by}


def _names(dimension: str, code: str) -> Sequence[str]:
    return [label(None, dimension, code, lang, {}) for lang in LANGUAGES]


def _progress_printer(lang: Language) -> Callable[[int, int], None]:
    def print_progress(done: int, of: int) -> None:
        print(message("cli.report.page", lang, done=done, of=of), file=sys.stderr)

    return print_progress

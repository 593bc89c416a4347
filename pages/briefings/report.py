"""Command `python -m pages report`: the monthly briefing of an area as a PDF or PowerPoint file."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from data.store.acting import record, state_of
from data.store.generation import Generation
from data.store.store import Store, store_at
from data.texts import Language, message, texts
from metrics.briefings.freezing import freeze
from metrics.briefings.ready import ready_made
from metrics.briefings.slide import Slide
from metrics.grammar.period import Period, PeriodError
from metrics.grammar.question import QuestionError, not_ended
from metrics.model.beginning import first_told
from metrics.model.definition import definitions
from metrics.model.dimensions import label
from metrics.model.facts.fact import base_of
from pages.briefings.handing_out import handout
from pages.briefings.opening import Opened
from pages.briefings.places import place_of
from pages.downloads.handout.pdf import to_pdf
from pages.downloads.handout.pptx import to_pptx
from pages.view import sentences

READY = "month"
MAKERS = {".pdf": to_pdf, ".pptx": to_pptx}


@dataclass(frozen=True)
class AreaReport:
    """A report as a file.

    pages: those with figures; besides them a file has a cover, and tables of its charts; question: the command that makes the
    same, for the log; left_out: metrics that cannot be filtered by the area.
    """

    title: str
    content: bytes
    pages: int
    question: str
    left_out: tuple[str, ...]


def report(options: argparse.Namespace) -> int:
    """Write the report that `options` asks for (period, compare, area, lang, out, store) and return the exit code 0.

    Raises QuestionError (report_kind, no_month, unknown_area, unknown_period, period_open, compare_month), StoreError,
    KeyFileError.
    """
    out, lang = Path(options.out), options.lang
    if out.suffix.lower() not in MAKERS:
        raise QuestionError("report_kind", tuple(MAKERS), out=out.suffix or out.name)
    # Asked for before anything is drawn, which takes a while.
    if out.is_dir() or not os.access(out if out.exists() else out.parent, os.W_OK):
        reason = errno.EACCES if out.parent.exists() else errno.ENOENT
        raise OSError(reason, os.strerror(reason), str(out))
    store = store_at(options.store)
    place = None if options.area is None else place_of(options.area, lang)
    seen = store.released()
    if not seen.data_until:
        raise QuestionError("no_month")
    period = reported_period(options.period, first_told(store, seen), seen.closed_until)
    if options.compare == "month" and period.level != "month":
        raise QuestionError("compare_month", (), period=options.period)
    made = made_report(
        store, seen, period, place, lang, out.suffix, against=options.compare, progress=_progress_printer(lang)
    )
    out.write_bytes(made.content)
    about = {"question": made.question, "file": f"report{out.suffix}"}
    record(store.path, "exported", {**about, **state_of(seen)})
    if made.left_out:
        named = ", ".join(definitions()[metric].name[lang] for metric in made.left_out)
        print(message("cli.report.left_out", lang, names=named), file=sys.stderr)
    print(message("cli.report.done", lang, out=str(out), count=made.pages))
    return 0


def made_report(
    store: Store, seen: Generation, period: Period, place: tuple[str, str] | None, lang: Language, ending: str, *,
    against: Literal["year", "month"] = "year", progress: Callable[[int, int], None] = lambda done, of: None,
) -> AreaReport:  # fmt: skip
    """Return the report of a period and area from what visitors see. ending: of its file. Raises QuestionError, StoreError."""
    slides, left_out = slides_of(period, place, against)
    t = texts(lang)
    where = label(None, *place, lang, {}) if place else t("filter.all.area")
    title = t("report.title", period=sentences.period_text(str(period), t), area=where)
    frozen = freeze(slides, store, generation=seen)
    content = MAKERS[ending.lower()](handout(Opened(READY, title, frozen, is_sample=store.is_sample), t), progress)
    question = f"report --period {period}{f' --area {place[1]}' if place else ''}"
    return AreaReport(title, content, len(slides), question, tuple(left_out))


def reported_period(text: str, first_day: date | None, closed_until: date) -> Period:
    """Return the period of the report; it must have ended, since an open one would give other values tomorrow.

    first_day: from which day on visitors are told of data, None without any; closed_until: last closed day. Raises QuestionError
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

    def reported(figure: Slide) -> Slide:
        of = figure.model_copy(update={"period": str(period)}) if figure.period == "month" else figure.at(last)
        where = (place,) if place else of.where
        return of.model_copy(update={"follows": None, "against": against, "where": where})

    kept, left_out = [], []
    for slide in ready_made()[READY].slides:
        lost = [one for one in slide.figures if place and not _can_be_of(one, place[0])]
        left_out += [one.metric for one in lost]
        if figures := [reported(one) for one in slide.figures if one not in lost]:
            kept.append(slide.of(figures))
    return kept, left_out


def _can_be_of(slide: Slide, dimension: str) -> bool:
    return dimension in definitions()[slide.metric].allowed and not _is_taken(slide, dimension)


def _is_taken(slide: Slide, dimension: str) -> bool:
    return base_of(dimension) in {base_of(name) for name in slide.by}


def _progress_printer(lang: Language) -> Callable[[int, int], None]:
    def print_progress(done: int, of: int) -> None:
        print(message("cli.report.page", lang, done=done, of=of), file=sys.stderr)

    return print_progress

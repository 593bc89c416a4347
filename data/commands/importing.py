"""`python -m data import`: files in, questions out, a generation published when nothing is left open."""

from __future__ import annotations

import argparse
import calendar
import contextlib
import json
import re
import sys
import time
from datetime import date
from pathlib import Path

from data.commands import releasing
from data.ingest import report
from data.ingest.answers import Answers, read_answers, write_questions
from data.ingest.batch import Progress, Wishes
from data.ingest.pipeline import prepare, publish
from data.ingest.plan import Prepared
from data.ingest.recognise import profiles
from data.store.store import Store, StoreError, own_store, store_at
from data.texts import message

_QUIET_SECONDS = 1.0
"""Short work needs no progress."""

_PERIOD = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def add_options(command: argparse.ArgumentParser) -> None:
    """The options of the command."""
    command.add_argument("files", nargs="+", type=Path, metavar="cli.value.file", help="cli.option.import.files")
    command.add_argument("--dry-run", action="store_true", help="cli.option.import.dry_run")
    command.add_argument("--source", metavar="cli.value.name", help="cli.option.import.source")
    command.add_argument("--covers", type=covered, metavar="cli.value.period", help="cli.option.import.covers")
    command.add_argument("--questions", type=Path, metavar="cli.value.file", help="cli.option.import.questions")
    command.add_argument("--answers", type=Path, metavar="cli.value.file", help="cli.option.import.answers")
    command.add_argument("--yes", action="store_true", help="cli.option.import.yes")
    command.add_argument("--profile", metavar="cli.value.name", help="cli.option.import.profile")
    command.add_argument("--save-profile", metavar="cli.value.name", help="cli.option.import.save_profile")
    command.add_argument("--json", action="store_true", help="cli.option.json")


def covered(text: str) -> tuple[date, date]:
    """The first and last day of a period: `2025-01..2025-12`, `2025`, `2025-03-01..2025-03-15`.

    >>> covered("2025-02")
    (datetime.date(2025, 2, 1), datetime.date(2025, 2, 28))
    """
    first, _, last = text.partition("..")
    found = [_PERIOD.fullmatch(part.strip()) for part in (first, last or first)]
    if found[0] is None or found[1] is None:
        raise argparse.ArgumentTypeError("cli.usage.period_form")
    try:
        begin = date(int(found[0][1]), int(found[0][2] or 1), int(found[0][3] or 1))
        year, month = int(found[1][1]), int(found[1][2] or 12)
        end = date(year, month, int(found[1][3] or calendar.monthrange(year, month)[1]))
    except ValueError:
        raise argparse.ArgumentTypeError("cli.usage.no_such_day") from None
    if end < begin:
        raise argparse.ArgumentTypeError("cli.usage.period_reversed")
    return begin, end


def run(options: argparse.Namespace) -> int:
    """Import files; the exit code is that of `Prepared.exit_code`."""
    store = store_at(options.store or own_store().path)
    lang: str = options.lang
    if store.is_sample:
        raise StoreError("sample", store.path)
    if options.save_profile is not None:
        profiles.check_name(options.save_profile)
    answers = read_answers(options.answers) if options.answers else Answers()
    wishes = Wishes(options.profile, options.source, options.covers, answers, is_trial=options.dry_run)
    progress = progress_on_stderr(lang)
    prepared = prepare(options.files, store, progress, wishes)
    if options.yes:
        prepared = prepared.with_defaults()
    # What else is written comes first: where that fails, nothing has been published either.
    if options.questions:
        write_questions(options.questions, prepared.unanswered, lang)
    profile = None if options.save_profile is None else _save_profile(prepared, store, options.save_profile, lang)
    generation = None
    if not options.dry_run:
        names = ", ".join(file.file for file in prepared.files if file.refused is None)
        prepared, published = publish(prepared, store, f"import: {names}", progress)
        generation = published.number if published else None
    _tell(prepared, generation, options, lang)
    if profile is not None:
        print(profile, file=sys.stderr)
    if generation is None:
        return prepared.exit_code
    with contextlib.redirect_stdout(sys.stderr) if options.json else contextlib.nullcontext():
        return releasing.told_after(store, lang, prepared.exit_code)


def progress_on_stderr(lang: str) -> Progress:
    """Tells each step on stderr once the work has lasted a second."""
    began = time.monotonic()

    def tell(file: str, step: str, share: float) -> None:
        if time.monotonic() - began > _QUIET_SECONDS:
            print(f"{round(share * 100):3} %  {file} {message(f'loading.step.{step}', lang)}".rstrip(), file=sys.stderr)

    return tell


def _tell(prepared: Prepared, generation: int | None, options: argparse.Namespace, lang: str) -> None:
    if options.json:
        print(json.dumps(report.as_json(prepared, generation, options.dry_run, lang), ensure_ascii=False, indent=1))
    else:
        for line in report.lines(prepared, lang):
            print(line)
        print(_outcome(prepared, generation, options.dry_run, lang))
    for line in (*report.refusals(prepared, lang), *report.question_lines(prepared, lang)):
        print(line, file=sys.stderr)


def _outcome(prepared: Prepared, generation: int | None, dry_run: bool, lang: str) -> str:
    if dry_run:
        return message("loading.dry_run", lang)
    if prepared.open_questions:
        return message("loading.unanswered", lang, count=len(prepared.open_questions))
    return (
        message("loading.published", lang, number=generation)
        if generation
        else message("loading.nothing_changed", lang)
    )


def _save_profile(prepared: Prepared, store: Store, name: str, lang: str) -> str:
    shapes = [(part.table, part.columns, part.ignored) for file in prepared.files for part in file.parts]
    if not shapes:
        return message("loading.profile.nothing", lang, name=name)
    profiles.save(store.path, name, shapes)
    return message("loading.profile.saved", lang, name=name)

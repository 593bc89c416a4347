"""What goes out of a release for a list: the month's report, and a letter with what is watched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from data.store.generation import Generation
from data.store.store import Store
from data.texts import texts
from metrics.grammar.period import period_at
from metrics.grammar.question import QuestionError
from metrics.model.beginning import first_told
from metrics.watching.evaluation import evaluate
from metrics.watching.sentences import sentence
from pages.briefings.report import made_report, reported_period
from pages.i18n import formats
from pages.sending.mail import Attachment
from pages.sending.sent import release_number
from pages.sending.settings import ReportList
from pages.view.sentences import protected_explained

KINDS: Final = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


@dataclass(frozen=True)
class Mailing:
    """A report with its letter. question: the command that makes the same report, for the log."""

    title: str
    letter: str
    file: Attachment
    question: str


def mailing_of(one: ReportList, store: Store, seen: Generation) -> Mailing:
    """Return what a list gets of a release, with protected figures only. Raises QuestionError, StoreError, KeyFileError."""
    if not seen.data_until:
        raise QuestionError("no_month")
    t = texts(one.lang)
    period = reported_period(period_at("month", seen.closed_until), first_told(store, seen), seen.closed_until)
    made = made_report(store, seen, period, one.place, one.lang, f".{one.format}")
    until = formats.day(seen.closed_until, t.lang)
    parts = [
        t("sending.letter", title=made.title, release=release_number(seen), day=until), *_alerts(store, seen, one),
        protected_explained(t),
    ]  # fmt: skip
    name = f"tilannekuva-{period}-{one.name}-{release_number(seen)}.{one.format}"
    file = Attachment(name, KINDS[one.format], made.content)
    return Mailing(made.title, "\n\n".join(parts) + "\n", file, made.question)


def _alerts(store: Store, seen: Generation, one: ReportList) -> list[str]:
    """What is watched and needs attention; nothing where nothing is watched."""
    t, found = texts(one.lang), [was for was in evaluate(store) if was.token == seen.token]
    fired = [was for was in found if was.state in ("fired", "near")]
    if not fired:
        return [t("watch.quiet", count=len(found))] if found else []
    said = "\n".join(f"- {sentence(was, one.lang)}" for was in fired)
    return [f"{t('watch.alerts', count=len(fired))}:\n{said}"]

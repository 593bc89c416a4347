"""Several publishers' answers to one question, side by side and never added together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from data.refusal import Refusal
from data.store.store import Store
from metrics.ask import ask, lacking
from metrics.audience import PROTECTED, is_exact
from metrics.grammar.answer import Row
from metrics.grammar.question import Question, QuestionError
from metrics.measures.gaps import Lacking
from metrics.model.serving import generation_for
from metrics.packages.asking import ask_package
from metrics.packages.errors import PackageError
from metrics.packages.lacking import lacking_in
from metrics.packages.opening import Package


@dataclass(frozen=True)
class Beside:
    """One publisher's answer, or why there is none.

    package_id: empty of one's own store; release: 0 where there is none; lacks: what the publisher's files lack of the period,
    None where a package does not tell.
    """

    name: str
    package_id: str
    release: int
    until: date | None
    rows: tuple[Row, ...] = ()
    refusal: Refusal | None = None
    lacks: Lacking | None = None


def own_side(question: Question, store: Store, name: str) -> Beside:
    """Return the answer of one's own store, as visitors see it: nothing exact stands beside rounded values.

    Raises QuestionError, also for a question of the internal audience; StoreError, KeyFileError.
    """
    if is_exact(question.audience):
        raise QuestionError("package_protected")
    generation = generation_for(store, PROTECTED)
    answer = ask(question, store, generation)
    release = generation.release.number if generation.release else 0
    return Beside(name, "", release, answer.closed_until, answer.rows, lacks=lacking(question, store, generation))


def package_side(question: Question, package: Package) -> Beside:
    """Return the answer of a package; what it cannot answer is said instead."""
    about = package.about
    side = Beside(package.publisher.name, package.id, about.release, about.until)
    try:
        return replace(side, rows=ask_package(question, package).rows, lacks=lacking_in(question, about))
    except (QuestionError, PackageError) as error:
        return replace(side, refusal=error)

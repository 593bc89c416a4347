"""Making a package of a store's release: every value through the gate, for the protected audience."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby

from data.clock import day_of
from data.coverage.removal_log import removals
from data.store.generation import Generation
from data.store.store import Store
from data.version import version
from metrics.ask import ask, ask_curve
from metrics.grammar.answer import CurvePoint, Row
from metrics.grammar.question import Question
from metrics.measures.evidence import extent_told
from metrics.model.beginning import first_told
from metrics.model.definition import definitions
from metrics.packages import jsonstat, table
from metrics.packages.container import CELLS, CURVES, MANIFEST, SIGNATURE, STATISTICS, packed
from metrics.packages.errors import PackageError
from metrics.packages.lacking import gaps_told
from metrics.packages.manifest import (
    FORMAT,
    MOST_PERIODS,
    PackageManifest,
    check_closed,
    days_by_table,
    limits,
    mark_of,
    noise_mark,
)
from metrics.packages.scope import Scope
from metrics.packages.signing import SigningKey

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class PackedRelease:
    """The bytes of a package, with what it says of itself and how many values it holds."""

    content: bytes
    about: PackageManifest
    values: int


def release_of(store: Store) -> Generation:
    """Return the release that packages are made of. Raises PackageError: `not_open`; StoreError.

    What visitors see of a store that has not been opened follows every import, and two packages would tell of one client.
    """
    found = store.release()
    if found is None:
        store.serving()  # an empty store is said to be empty
        raise PackageError("not_open")
    return found


def make(
    store: Store, release: Generation, scope: Scope, key: SigningKey, progress: Progress | None = None
) -> PackedRelease:
    """Return the package of a release. progress: called with the number of questions asked and of all.

    Raises QuestionError, StoreError, KeyFileError; PackageError: `too_many_periods`, `no_values` when nothing of it would be
    a number, as of an area nobody has come from.
    """
    for text in scope.periods:
        check_closed(text, release.closed_until)
    if len(scope.periods) > MOST_PERIODS:
        raise PackageError("too_many_periods", most=MOST_PERIODS)
    questions = scope.questions()
    rows: list[Row] = []
    points: list[CurvePoint] = []
    for number, one in enumerate(questions, 1):
        for period in scope.periods_of(one):
            question = scope.asked(one, period)
            rows += _without(scope, ask(question, store, release).rows)
            for metric in one.metrics:
                if one.each is None and definitions()[metric].kind == "time_to_event":
                    points += _points(scope, replace(question, metrics=(metric,)), store, release)
        if progress:
            progress(number, len(questions))
    if all(row.value is None for row in rows):
        raise PackageError("no_values")
    metrics = tuple(dict.fromkeys(metric for one in questions for metric in one.metrics))
    about = PackageManifest(
        format=FORMAT, program=version(), publisher=key.publisher.name, population=scope.population,
        periods=scope.periods, release=release.release.number if release.release else 0, made=day_of(release.created),
        changed=_changed(store, release),
        first_day=first_told(store, release), until=release.closed_until,
        data_until=days_by_table(release, extent_told(store, release, exact=False)),
        definitions={metric: mark_of(definitions()[metric]) for metric in metrics},
        gate=limits(), noise=noise_mark(store.keys), example=store.is_sample, answers=questions,
        lacking=gaps_told(scope, questions, store, release),
    )  # fmt: skip
    rows = _ordered(rows)
    members = {MANIFEST: about.text(), CELLS: table.cells(rows), CURVES: table.curves(points)}
    for metric, found in groupby(rows, key=lambda row: row.metric):
        members[f"{STATISTICS}/{metric}.json"] = jsonstat.collection(metric, found, about)
    members[SIGNATURE] = key.signature(members)
    return PackedRelease(packed(members), about, len(rows))


def _changed(store: Store, release: Generation) -> datetime:
    """When a release was made, or when rows last left every version that is kept."""
    left = (line.time for line in removals(store.path).lines() if not line.generation)
    return max((release.created.astimezone(UTC), *left))


def _points(scope: Scope, question: Question, store: Store, release: Generation) -> list[CurvePoint]:
    return [replace(one, codes=_rest(scope, one.codes)) for one in ask_curve(question, store, release)]


def _without(scope: Scope, rows: tuple[Row, ...]) -> list[Row]:
    """Return rows without the code that all of a package have, and without the sources, which are each store's own."""
    return [replace(row, codes=_rest(scope, row.codes), ground="") for row in rows]


def _rest(scope: Scope, codes: object) -> dict[str, str]:
    return {name: code for name, code in dict(codes).items() if name != scope.population.dimension}  # type: ignore[call-overload]


def _ordered(rows: list[Row]) -> list[Row]:
    """Return rows metric by metric, each once: a month of two overlapping periods is the same in both."""
    seen: dict[tuple[object, ...], Row] = {}
    for row in rows:
        seen.setdefault((row.metric, row.period, row.horizon, row.quantile, *row.codes.items()), row)
    order = {metric: number for number, metric in enumerate(definitions())}
    return sorted(seen.values(), key=lambda row: order[row.metric])

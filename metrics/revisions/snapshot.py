"""The figures of a release as visitors see them, kept until the next one so that it can be told which of them it revises."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel, ConfigDict

from data.coverage import deliveries
from data.store.generation import Generation
from data.store.store import Store
from metrics.ask import ask
from metrics.audience import PROTECTED
from metrics.cube.cube import CUBE_VERSION
from metrics.gate import Bound, State
from metrics.grammar.answer import Row
from metrics.grammar.period import Each, Period
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from metrics.packages.manifest import limits, mark_of

FOLLOWED: tuple[Each, ...] = ("year", "month")
"""Which figures are followed: those of everybody by such periods. Their cells are made ahead anyhow."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FollowedFigure(_Frozen):
    """A published value of everybody."""

    metric: str
    period: str
    horizon: int | None = None
    quantile: float | None = None
    unit: str
    value: float | None
    state: State
    bound: str | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What it is the value of."""
        return self.metric, self.period, self.horizon, self.quantile

    @property
    def row(self) -> Row:
        """The same as a row of an answer."""
        return Row(
            metric=self.metric, codes={}, period=self.period, value=self.value, unit=self.unit, state=self.state,
            bound=Bound.parse(self.bound) if self.bound else None, horizon=self.horizon, quantile=self.quantile,
        )  # fmt: skip

    @property
    def told(self) -> tuple[object, ...]:
        """What was published of it."""
        return self.value, self.state, self.bound


class FollowedDelivery(_Frozen):
    """A delivery that a release is made of."""

    number: int
    table: str
    first_day: date | None
    last_day: date | None
    mends: bool


class Snapshot(_Frozen):
    """The figures of a release. marks: version and digest of each definition; counting: what else decides a figure."""

    release: int
    token: str
    marks: dict[str, str]
    counting: str
    deliveries: tuple[FollowedDelivery, ...]
    figures: tuple[FollowedFigure, ...]

    def is_of(self, release: Generation) -> bool:
        """Return whether it tells how a release is counted now."""
        return (self.token, self.marks, self.counting) == (release.token, marks(), counting())


def marks() -> dict[str, str]:
    """Return what tells how each metric is counted by the definitions in force."""
    found = ((metric, mark_of(one)) for metric, one in definitions().items())
    return {metric: f"{mark.version} {mark.digest}" for metric, mark in found}


def counting() -> str:
    """Return what decides a figure besides its definition: the limits of disclosure control and how cells are made."""
    told = json.dumps([CUBE_VERSION, limits()], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def taken(store: Store, release: Generation) -> Snapshot:
    """Return the figures of a release. Raises StoreError, KeyFileError."""
    with store.reading(release) as connection:
        brought = deliveries.read(connection)
    assert release.release is not None
    return Snapshot(
        release=release.release.number, token=release.token, marks=marks(), counting=counting(),
        deliveries=tuple(
            FollowedDelivery(
                number=one.number, table=one.table, first_day=one.first_day, last_day=one.last_day,
                mends=bool(one.replaced or one.gone),
            )
            for one in brought
        ),
        figures=tuple(_figures(store, release)),
    )  # fmt: skip


def _figures(store: Store, release: Generation) -> Iterator[FollowedFigure]:
    for each in FOLLOWED:
        for one in definitions().values():
            if not one.requires:
                question = Question((one.id,), period="all", each=each, audience=PROTECTED)
                rows = ask(question, store, release).rows
                # A year that goes on grows with every release, and is not revised.
                yield from (_figure(row) for row in rows if Period.parse(row.period).has_ended(release.closed_until))


def _figure(row: Row) -> FollowedFigure:
    return FollowedFigure(
        metric=row.metric, period=row.period, horizon=row.horizon,
        quantile=row.quantile, unit=row.unit, value=row.value, state=row.state, bound=str(row.bound) if row.bound else None,
    )  # fmt: skip

"""A request for the cells of one question, sent by a reader who lacked them to the background process."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass

from data.store.store import Store
from metrics.ask import make_cells
from metrics.audience import INTERNAL, Audience, is_exact
from metrics.grammar.question import Question, QuestionError


@dataclass(frozen=True)
class CellRequest:
    """The cells that a question is answered from, whatever codes it fixes. token: of the generation."""

    metrics: tuple[str, ...]
    dimensions: tuple[str, ...]
    period: str
    audience: Audience
    token: str

    @classmethod
    def of(cls, question: Question, token: str) -> CellRequest:
        """Return what a question needs: where it fixes a dimension, the cells of all its codes.

        Exact cells are the same for everybody who sees exact values of any place.
        """
        audience = INTERNAL if is_exact(question.audience) else question.audience
        return cls(question.metrics, tuple(sorted(question.dimensions)), question.period, audience, token)

    @classmethod
    def read(cls, line: str) -> CellRequest:
        """Return what a line tells of."""
        told = json.loads(line)
        return cls(tuple(told["metrics"]), tuple(told["dimensions"]), told["period"], told["audience"], told["token"])

    @property
    def line(self) -> str:
        """The line that tells of it."""
        return json.dumps(self.__dict__) + "\n"

    def make(self, store: Store) -> None:
        """Make the cells, unless their generation is no longer seen by anybody. Raises StoreError, KeyFileError."""
        seen = {generation.token: generation for generation in (store.serving(), store.released())}
        if self.token in seen:
            with suppress(QuestionError):  # of a program that has been renewed meanwhile
                make_cells(
                    Question(self.metrics, self.dimensions, period=self.period, audience=self.audience),
                    store, seen[self.token],
                )  # fmt: skip

"""Formulas of metrics as one line of text, made from the definition: in the reader's words, or with its codes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from data.texts import message
from metrics.model.condition_words import column_words, condition_words
from metrics.model.definition import Definition
from metrics.model.kinds import (
    Count,
    Mean,
    Part,
    Quantile,
    Rate,
    Ratio,
    Share,
    ShareAt,
    ShareOf,
    Spread,
    TimeToEvent,
    both,
)


def formula(definition: Definition, lang: str, *, in_codes: bool = False) -> str:
    """Return the formula of a metric: "100 × asioinnit (asiointitapa: Puhelin) / asioinnit".

    in_codes: with conditions and columns as in the definition, for whoever writes one. Raises TypeError for a kind of measure
    without a formula.
    """
    return _formula(definition.measure, _Words(definition.fact, lang, in_codes))


@dataclass(frozen=True)
class _Words:
    """How parts of a formula are said: of which fact, in which language."""

    fact: str
    lang: str
    in_codes: bool

    def said(self, key: str, **values: object) -> str:
        return message(key, self.lang, **values)

    def number(self, value: float) -> str:
        from babel.numbers import format_decimal  # not above: most commands say no formula

        return str(format_decimal(value, locale=self.lang))

    def times(self, per: int) -> str:
        return f"{self.number(per)} × " if per > 1 else ""

    def column(self, name: str) -> str:
        return name if self.in_codes else column_words(name, self.fact, self.lang) or name

    def event(self, measure: TimeToEvent) -> str:
        in_codes = f"{measure.cause} = '{measure.of_interest}'"
        if self.in_codes:
            return in_codes
        # The name of a cause says what of interest comes.
        return column_words(f"event.{measure.cause}", self.fact, self.lang) or in_codes

    def counted(self, unit: str, where: str, weight: str | None = None, fact: str | None = None) -> str:
        of = fact or self.fact
        counted = self.said("unit.clients" if unit == "clients" else "catalogue.events." + of)
        if where != "true":
            condition = where if self.in_codes else condition_words(where, of, self.lang)
            counted = self.said("catalogue.formula.where", counted=counted, condition=condition)
        return self.said("catalogue.formula.sum", value=self.column(weight), counted=counted) if weight else counted

    def part(self, part: Part) -> str:
        return self.counted(part.unit, part.where, part.weight, part.fact)


@singledispatch
def _formula(measure: Any, words: _Words) -> str:
    raise TypeError(type(measure).__name__)


@_formula.register
def _(measure: Count, words: _Words) -> str:
    return words.part(measure) + (f" / {words.number(measure.per)}" if measure.per > 1 else "")


@_formula.register
def _(measure: Share, words: _Words) -> str:
    # What is known to be so is known: the numerator need not say it again.
    above = both(measure.denominator, measure.numerator)
    return f"100 × {words.counted(measure.unit, above)} / {words.counted(measure.unit, measure.base)}"


@_formula.register
def _(measure: ShareAt, words: _Words) -> str:
    share = _formula(measure.at("N"), words)
    return words.said("catalogue.formula.share_at", share=share, months=", ".join(map(str, measure.horizons)))


@_formula.register
def _(measure: ShareOf, words: _Words) -> str:
    whole = words.counted(measure.unit, measure.base)
    dimension = words.said("dimension." + measure.dimension).lower()
    return words.said("catalogue.formula.share_of", dimension=dimension, whole=whole)


@_formula.register
def _(measure: Ratio, words: _Words) -> str:
    return f"{words.times(measure.per)}{words.part(measure.numerator)} / {words.part(measure.denominator)}"


@_formula.register
def _(measure: Rate, words: _Words) -> str:
    amount = words.said("catalogue.amount." + measure.amount)
    other = words.said(f"catalogue.amount.{measure.per_amount}") if measure.count is None else words.part(measure.count)
    # The numerator is the first of two amounts, or the count unless `upside` is the amount.
    above, below = (other, amount) if measure.count is not None and measure.upside == "count" else (amount, other)
    return f"{words.times(measure.per)}{above} / {below}"


@_formula.register
def _(measure: Mean, words: _Words) -> str:
    counted = words.counted("events", measure.where)
    return words.said("catalogue.formula.mean", value=words.column(measure.value), counted=counted)


@_formula.register
def _(measure: Spread, words: _Words) -> str:
    over = words.said("dimension." + measure.over).lower()
    return words.said(f"catalogue.formula.{measure.form}", counted=words.part(measure.count), over=over)


@_formula.register
def _(measure: Quantile, words: _Words) -> str:
    which = [
        words.said("catalogue.formula.middle")
        if quantile == 0.5
        else words.said("catalogue.formula.percentile", rank=f"{100 * quantile:.0f}")
        for quantile in measure.quantiles
    ]
    return words.said(
        "catalogue.formula.quantile",
        which=", ".join(which),
        value=words.column(measure.value),
        counted=words.counted("events", measure.where),
    )


@_formula.register
def _(measure: TimeToEvent, words: _Words) -> str:
    return words.said(
        f"catalogue.formula.{measure.answer}",
        method="Aalen–Johansen" if measure.estimate == "incidence" else "Kaplan–Meier",
        value=words.column(measure.duration),
        event=words.event(measure),
        counted=words.said("catalogue.events." + words.fact),
        months=", ".join(map(str, measure.horizons)),
    )

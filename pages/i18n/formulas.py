"""Formulas of metrics as one line of text, with conditions as in the definition."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from data.texts import Texts
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


def formula(definition: Definition, t: Texts) -> str:
    """Return the formula of a metric, e.g. "100 × asioinnit, joissa channel = 'phone' / asioinnit".

    Raises TypeError for a kind of measure without a formula.
    """
    return _formula(definition.measure, definition.fact, t)


def _part(fact: str, unit: str, where: str, t: Texts, weight: str | None = None) -> str:
    counted = t("unit.clients") if unit == "clients" else t("catalogue.events." + fact)
    if weight:
        counted = t("catalogue.formula.sum", value=weight, counted=counted)
    return counted if where == "true" else t("catalogue.formula.where", counted=counted, condition=where)


def _of(part: Part, fact: str, t: Texts) -> str:
    return _part(part.fact or fact, part.unit, part.where, t, part.weight)


@singledispatch
def _formula(measure: Any, fact: str, t: Texts) -> str:
    raise TypeError(type(measure).__name__)


@_formula.register
def _(measure: Count, fact: str, t: Texts) -> str:
    return _of(measure, fact, t) + (f" / {measure.per}" if measure.per > 1 else "")


@_formula.register
def _(measure: Share, fact: str, t: Texts) -> str:
    # What is known to be so is known: the numerator need not say it again.
    above = both(measure.denominator, measure.numerator)
    return f"100 × {_part(fact, measure.unit, above, t)} / {_part(fact, measure.unit, measure.base, t)}"


@_formula.register
def _(measure: ShareAt, fact: str, t: Texts) -> str:
    share = _formula(measure.at("N"), fact, t)
    return t("catalogue.formula.share_at", share=share, months=", ".join(map(str, measure.horizons)))


@_formula.register
def _(measure: ShareOf, fact: str, t: Texts) -> str:
    whole = _part(fact, measure.unit, measure.base, t)
    return t("catalogue.formula.share_of", dimension=t("dimension." + measure.dimension).lower(), whole=whole)


@_formula.register
def _(measure: Ratio, fact: str, t: Texts) -> str:
    times = f"{measure.per} × " if measure.per > 1 else ""
    return f"{times}{_of(measure.numerator, fact, t)} / {_of(measure.denominator, fact, t)}"


@_formula.register
def _(measure: Rate, fact: str, t: Texts) -> str:
    amount = t("catalogue.amount." + measure.amount)
    other = t(f"catalogue.amount.{measure.per_amount}") if measure.count is None else _of(measure.count, fact, t)
    # The numerator is the first of two amounts, or the count unless `upside` is the amount.
    above, below = (other, amount) if measure.count is not None and measure.upside == "count" else (amount, other)
    return (f"{measure.per} × " if measure.per > 1 else "") + f"{above} / {below}"


@_formula.register
def _(measure: Mean, fact: str, t: Texts) -> str:
    return t("catalogue.formula.mean", value=measure.value, counted=_part(fact, "events", measure.where, t))


@_formula.register
def _(measure: Spread, fact: str, t: Texts) -> str:
    return t(
        f"catalogue.formula.{measure.form}",
        counted=_of(measure.count, fact, t),
        over=t("dimension." + measure.over).lower(),
    )


@_formula.register
def _(measure: Quantile, fact: str, t: Texts) -> str:
    which = ", ".join(f"p{100 * quantile:.0f}" for quantile in measure.quantiles)
    return t(
        "catalogue.formula.quantile",
        which=which,
        value=measure.value,
        counted=_part(fact, "events", measure.where, t),
    )


@_formula.register
def _(measure: TimeToEvent, fact: str, t: Texts) -> str:
    return t(
        f"catalogue.formula.{measure.answer}",
        method="Aalen–Johansen" if measure.estimate == "incidence" else "Kaplan–Meier",
        value=measure.duration,
        event=f"{measure.cause} = '{measure.of_interest}'",
        counted=t("catalogue.events." + fact),
        months=", ".join(map(str, measure.horizons)),
    )

"""Texts of hypotheses: groups, units, directions, effects and p values, in the user's language."""

from __future__ import annotations

from dataclasses import dataclass

from data.texts import Texts
from metrics.hypotheses.hypothesis import OTHERS, PLACE, BeforeAfter, Groups, Guardrail, Hypothesis
from metrics.hypotheses.published_rounding import p_class
from metrics.hypotheses.register import Effect
from metrics.model.definition import definitions
from metrics.model.dimensions import label
from metrics.model.kinds import Share
from pages.i18n import formats
from pages.shell.serving import Serving
from pages.view.sentences import plain
from pages.view.values import NOTHING, Value, counted

POINTS = "%"
NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class HypothesisWords:
    """Texts of a store's hypotheses in one language. exact: for the internal audience."""

    served: Serving
    t: Texts
    exact: bool = False

    def metric(self, metric: str) -> str:
        """Return the name of a metric."""
        return definitions()[metric].name[self.t.lang]

    def code(self, metric: str, dimension: str, code: str) -> str:
        """Return the name of a code of a metric's dimension, or of all other codes (`OTHERS`)."""
        if code == OTHERS:
            return self.t("hypotheses.others")
        return label(metric, dimension, code, self.t.lang, self.served.places)

    def place(self, metric: str, code: str) -> str:
        """Return the name of a municipality, or of all others."""
        return self.t("hypotheses.all_others") if code == OTHERS else self.code(metric, PLACE, code)

    def fact(self, name: str) -> str:
        """Return the name of a background fact: a dimension, or one that nothing is broken down by."""
        own = "hypotheses.fact." + name
        return self.t(own) if self.t.has(own) else self.dimension(name)

    def guardrail(self, hypothesis: Hypothesis, one: Guardrail) -> str:
        """Return a figure that must not get worse, with its limit."""
        return f"{self.metric(one.metric)} ({self.amount(hypothesis.guarded(one), one.margin)})"

    def unit_of(self, metric: str) -> str:
        """Return the unit of a change of a metric."""
        definition = definitions()[metric]
        if definition.unit == POINTS:
            return self.t("hypotheses.points", count=2)
        unit = self.t("unit_short." + definition.unit, count=2)
        return self.t("hypotheses.a_month", unit=unit) if definition.kind == "count" else unit

    def dimension(self, dimension: str) -> str:
        """Return the name of a dimension."""
        return self.t("dimension." + dimension)

    def side(self, hypothesis: Hypothesis, name: str) -> str:
        """Return the name of a side: a group, the time before or after, or a place at either time."""
        match hypothesis.design:
            case Groups(dimension=dimension, compared=one, reference=other):
                return self.code(hypothesis.outcome, dimension, other if name == "reference" else one)
            case BeforeAfter(area=area, comparison=comparison):
                is_after = name.endswith("after") or name == "compared"
                time = self.t("hypotheses.side.after" if is_after else "hypotheses.side.before")
                place = {"compared": area, "reference": comparison}.get(name.partition("_")[0]) if "_" in name else None
                return f"{self.place(hypothesis.outcome, place)}, {time}" if place else time

    def comparison(self, hypothesis: Hypothesis) -> str:
        """Return what is compared with what, in one line."""
        t = self.t
        match hypothesis.design:
            case Groups(dimension=dimension) as groups:
                one, other = (
                    self.code(hypothesis.outcome, dimension, code) for code in (groups.compared, groups.reference)
                )
                return t("hypotheses.compares", dimension=self.dimension(dimension), one=one, other=other)
            case BeforeAfter(month=month, area=area, comparison=comparison):
                place = self.place(hypothesis.outcome, area) if area else t("hypotheses.whole_area")
                start = formats.period_label(month, t.lang)
                if comparison:
                    other = self.place(hypothesis.outcome, comparison)
                    return t("hypotheses.changes_beside", place=place, month=start, other=other)
                return t("hypotheses.changes", place=place, month=start)

    def amount(self, hypothesis: Hypothesis, value: float, *, signed: bool = False) -> str:
        """Return a change in the metric's unit: `12 prosenttiyksikköä`, `3 pv`, `40 asiointia kuukaudessa`."""
        number = formats.number(value, self.t.lang, 0 if float(value).is_integer() else 1)
        sign = "+" if signed and value > 0 else ""
        return f"{sign}{number}{NO_BREAK}{self.unit(hypothesis, value)}"

    def figure(self, hypothesis: Hypothesis, value: float | None) -> str:
        """Return the value of a side, or that it is not published."""
        if value is None:
            return self.t("state.small" if self.exact else "hypotheses.not_published")
        if hypothesis.unit == POINTS:
            return formats.percent(value, self.t.lang)
        return self.amount(hypothesis, value)

    def unit(self, hypothesis: Hypothesis, count: float = 2) -> str:
        """Return the unit of a change, inflected for a count."""
        if hypothesis.unit == POINTS:
            return self.t("hypotheses.points", count=abs(count))
        unit = formats.after(hypothesis.unit, abs(count), self.t)
        return self.t("hypotheses.a_month", unit=unit) if hypothesis.kind == "count" else unit

    def interval(self, hypothesis: Hypothesis, effect: Effect) -> str:
        """Return an effect with its interval: `12 prosenttiyksikköä (5 – 19)`."""
        low, high = (
            formats.number(x, self.t.lang, 0 if float(x).is_integer() else 1) for x in (effect.lower, effect.upper)
        )
        return f"{self.amount(hypothesis, effect.value, signed=True)} ({low}{NO_BREAK}–{NO_BREAK}{high})"

    def effect(self, hypothesis: Hypothesis, effect: Effect, p: str) -> str:
        """Return the sentence of an effect, in people where it can be. p: its p value for a sentence."""
        text = self.t(
            "hypotheses.effect",
            metric=plain(self.metric(hypothesis.outcome)),
            comparison=plain(self.comparison(hypothesis)),
            effect=self.interval(hypothesis, effect),
            p=p,
        )
        people = self.people(hypothesis, effect)
        return text + (f" **{people}**" if people else "")

    def people(self, hypothesis: Hypothesis, effect: Effect) -> str | None:
        """Return a difference of shares as people: "noin 12 useampi sadasta asiakkaasta"; None for other effects."""
        if effect.people is None:
            return None
        number, low, high = effect.people
        measure = hypothesis.definition.measure
        of_people = not isinstance(measure, Share) or measure.unit == "clients"
        of = self.t("hypotheses.of." + ("clients" if of_people else hypothesis.definition.of_fact.events))
        if low <= 0 <= high:
            return self.t("hypotheses.people.between", low=_minus(low), high=_minus(high), of=of)
        key = "hypotheses.people.more" if number > 0 else "hypotheses.people.fewer"
        low, high = sorted((abs(low), abs(high)))
        return self.t(key, number=abs(number), low=low, high=high, of=of)

    def p(self, value: float | None) -> str:
        """Return a p value as text: two decimals, three below 0.01, at least 0.001; a dash for None."""
        return self.p_value(value).text

    def p_value(self, value: float | None) -> Value:
        """Return a p value as a value of a table, rounded as in `p`."""
        return NOTHING if value is None else counted(max(value, 0.001), self.t, 2 if value >= 0.01 else 3)

    def p_class(self, p: float | None) -> str:
        """Return the class of a p value, as visitors are told it: `< 0,05`; a dash for None."""
        point = "." if self.t.lang == "en" else ","
        return NOTHING.text if p is None else p_class(p).replace(" ", NO_BREAK).replace(".", point)

    def p_class_text(self, p: float | None) -> str:
        """Return the class of a p value for a sentence: `p < 0,05`."""
        return f"p{NO_BREAK}{self.p_class(p)}"

    def p_text(self, value: float | None) -> str:
        """Return a p value for a sentence: `p = 0,01`."""
        return f"p{NO_BREAK}={NO_BREAK}{self.p(value)}"


def _minus(number: int) -> str:
    return str(number).replace("-", formats.MINUS)

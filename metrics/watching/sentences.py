"""Observations of watches as sentences, which claim no more than the published values."""

from data.texts import Language, message, number_said, percent_sign
from metrics.grammar.answer import Row
from metrics.grammar.period import Period
from metrics.measures.gaps import said
from metrics.model.definition import definitions
from metrics.model.dimensions import label
from metrics.model.unit_words import unit_word
from metrics.watching.watch import Observation, Watch


def sentence(seen: Observation, lang: Language) -> str:
    """Return an observation as a sentence.

    Example: "Odotus ajanvaraukseen, lokakuu 2026: 9 pv, yli rajan 7 pv." A bound or a missing value is never turned
    into a number, and what the data lack is said after it.
    """
    watch, now = seen.watch, seen.now
    told = message(
        _key(seen), lang,
        name=subject(watch, lang), period=Period.parse(seen.period).label(lang),
        value=_value(now, lang), before=_value(seen.before, lang),
        limit=_number(seen.limit, now.unit if now else _unit(watch), lang),
    )  # fmt: skip
    return f"{told} {said(seen.lacks, lang)}".rstrip()


def subject(watch: Watch, lang: str) -> str:
    """Return the metric and its filters: "Asiakkaat (Espoo, somali)"."""
    known = definitions()
    name = known[watch.metric].name[lang] if watch.metric in known else watch.metric
    # The metric may no longer exist; municipality and language have the same codes in all facts.
    labels = [label(None, name, code, lang, {}, within_sentence=True) for name, (code,) in watch.where]
    return f"{name} ({', '.join(labels)})" if labels else name


def rule(watch: Watch, lang: str) -> str:
    """Return the rule of a watch as text, for the list of watches."""
    return message(f"watch.said.rule_{watch.rule}", lang, limit=_number(watch.value, _unit(watch), lang))


def _unit(watch: Watch) -> str:
    known = definitions()
    return known[watch.metric].unit if watch.metric in known else "ratio"


def _key(seen: Observation) -> str:
    if seen.state in ("fired", "near"):
        kind = seen.watch.rule if seen.watch.rule in ("target", "change") else "limit"
        near = "_near" if seen.state == "near" else ""
        return f"watch.said.{kind}_{seen.way}{near}"
    return f"watch.said.{seen.state}"


def _value(row: Row | None, lang: str) -> str:
    return "–" if row is None or row.value is None else _number(row.value, row.unit, lang)


def _number(value: float | None, unit: str, lang: str) -> str:
    if value is None:
        return "–"
    text = number_said(value, lang)
    if unit == "%":
        return text + percent_sign(lang)
    return f"{text}\u00a0{unit_word(unit, value, lang)}"

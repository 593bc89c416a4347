"""Conditions of definitions in words, from the labels of the code lists: "asiointitapa: Puhelin, Video tai Viesti"."""

from __future__ import annotations

import re

from data.texts import capital, has_message, message
from metrics.model.condition import read
from metrics.model.condition_tree import ComparedColumn, Joined, Node
from metrics.model.facts import FACTS
from metrics.model.facts.fact import KNOWN, Fact

_OF_HORIZON = re.compile(r"(?<=_)(6|12|24|N)$")


def condition_words(condition: str, fact: str, lang: str) -> str:
    """Return a condition in words; as it is written where it has no tree, or says something of what has no name.

    >>> condition_words("channel IN ('phone', 'video') AND NOT sent", "encounter", "en")
    'channel: Phone or Video meeting; not: a referral was made in the same month'
    """
    found = read(condition).tree
    said = _said(found, FACTS[fact], lang) if found is not None else None
    return said or condition


def column_words(column: str, fact: str, lang: str) -> str | None:
    """Return the name of a column: "odotus päivinä", or what it says when it is true; None for one without a name."""
    months = _OF_HORIZON.search(column)
    name = _OF_HORIZON.sub("N", column)
    for key in (f"condition.{fact}.{name}", f"condition.{name}"):
        if has_message(key):
            return message(key, lang, months=months[0]) if months else message(key, lang)
    about = column.removesuffix(KNOWN)
    if about != column and has_message("dimension." + about):
        return message("condition.known", lang, name=_dimension(about, lang))
    return None


def _said(node: Node, fact: Fact, lang: str) -> str | None:
    if isinstance(node, ComparedColumn):
        return _compared(node, fact, lang)
    parts = []
    for part in node.parts:
        said = _said(part, fact, lang)
        if said is None:
            return None
        parts.append(f"({said})" if isinstance(part, Joined) and part.how != "not" else said)
    if node.how == "not":
        return message("condition.not", lang, said=parts[0])
    # Not as in a sentence, since labels and phrases hold commas and "tai" themselves.
    return ("; " if node.how == "and" else f", {message('condition.or', lang)} ").join(parts)


def _compared(said: ComparedColumn, fact: Fact, lang: str) -> str | None:
    """Return a comparison in words: of a coded column with labels, of a number with "vähintään 3"."""
    if said.column in fact.dimensions:
        codes = _labels(said, fact, lang)
        name = _dimension(said.column, lang)
    else:
        codes, name = _numbers(said, lang), column_words(said.column, fact.name, lang) or ""
    if not name or codes is None:
        return None
    return message("condition.said", lang, name=name, said=codes) if codes else name


def _labels(said: ComparedColumn, fact: Fact, lang: str) -> str | None:
    """Return the labels of the codes that a column is compared with; None where it is not compared with codes."""
    known = fact.list_of(said.column)
    if said.sign not in ("=", "<>", "in", "not in") or known is None:
        return None
    names = [known.label(code, lang) for code in (value.strip("'") for value in said.values)]
    text = _either([capital(name) for name in names], lang)
    return message("condition.other", lang, said=text) if said.sign in ("<>", "not in") else text


def _numbers(said: ComparedColumn, lang: str) -> str | None:
    """Return what a number is compared with; empty for a column that is simply true."""
    is_true = {"=": "true", "is": "true"}.get(said.sign) == (said.values[0].lower() if said.values else None)
    if not said.sign or is_true:
        return ""
    if said.values[0].lower() == "null":
        return message("condition.is_known" if said.sign == "is not" else "condition.is_unknown", lang)
    if not all(value.isdigit() for value in said.values):
        return None
    keys = {"<": "less", "<=": "most", ">": "more", ">=": "least", "<>": "other", "not in": "other"}
    if said.sign in ("between", "not between"):
        text = f"{said.values[0]}–{said.values[1]}"
        return message("condition.other", lang, said=text) if said.sign == "not between" else text
    text = _either(list(said.values), lang)
    return message(f"condition.{keys[said.sign]}", lang, said=text) if said.sign in keys else text


def _dimension(name: str, lang: str) -> str:
    text = message("dimension." + name, lang)
    return text[:1].lower() + text[1:]


def _either(parts: list[str], lang: str) -> str:
    if len(parts) == 1:
        return parts[0]
    return message("list.or", lang, first=", ".join(parts[:-1]), last=parts[-1])

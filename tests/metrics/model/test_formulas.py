"""Formulas are said in the reader's words: no code of a definition is left in them, and each column has a name."""

from __future__ import annotations

import re

import pytest

from data.texts import LANGUAGES, Language
from metrics.model.condition import read
from metrics.model.condition_tree import ComparedColumn, Joined
from metrics.model.condition_words import column_words, condition_words
from metrics.model.definition import definitions
from metrics.model.facts import FACTS
from metrics.model.formulas import formula

CODE = re.compile(r"[a-z]+_[a-z0-9_]+|\b(AND|OR|NOT|IN|NULL|IS)\b|[<>='`]")
"""An underscore, a word of SQL, a sign of a comparison; not the apostrophe of English."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_formula_holds_codes(lang: Language) -> None:
    for one in definitions().values():
        said = formula(one, lang)
        assert not CODE.search(re.sub(r"(?<=\w)'s\b", "", said)), (one.id, said)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_column_that_conditions_may_use_has_a_name(lang: Language) -> None:
    causes = {"first_cause", "open_cause", "positive_cause", "ended_by"}
    for fact in FACTS.values():
        for column in fact.columns:
            if column != "client" and column not in fact.dimensions:
                name = f"event.{column}" if column in causes else column
                assert column_words(name, fact.name, lang), (fact.name, column)


def test_formulas_read_as_they_are_counted() -> None:
    known = definitions()
    assert formula(known["own_language_share"], "fi") == (
        "100 × asioinnit (kielituki: Asiakkaan omalla kielellä) / asioinnit (kielituki: tiedossa)"
    )
    assert formula(known["wait_days"], "sv") == (
        "kundmöten (kontaktsätt: Tidsbokning), median, 90:e percentilen: väntetid i dagar"
    )
    assert formula(known["counter_to_counter_share"], "en") == (
        "100 × referral chains (90 days have passed since the chain began; (services: at least 3, or the client came back "
        "to an earlier service)) / referral chains (90 days have passed since the chain began)"
    )
    assert formula(known["reach_per_1000"], "fi").startswith("1\u00a0000 × asiakkaat (kieliryhmä: muu kuin ")


def test_whoever_writes_definitions_has_the_codes() -> None:
    assert formula(definitions()["own_language_share"], "en", in_codes=True) == (
        "100 × encounters (language_support = 'own_language') / encounters (language_support_known)"
    )


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("channel NOT IN ('phone', 'video')", "channel: other than Phone or Video meeting"),
        ("wait_days BETWEEN 1 AND 7", "wait in days: 1–7"),
        ("wait_days < 3 OR wait_days > 30", "wait in days: under 3, or wait in days: over 30"),
        ("NOT (sent OR joint = true)", "not: (a referral was made in the same month, or "
         "somebody from another organisation took part)"),
        ("topic_count <> 2", "topics: other than 2"),
        ("3 < wait_days AND 7 >= wait_days", "wait in days: over 3; wait in days: at most 7"),
        ("'phone' = channel", "channel: Phone"),
    ],
)  # fmt: skip
def test_conditions_of_other_definitions(condition: str, said: str) -> None:
    assert condition_words(condition, "encounter", "en") == said


@pytest.mark.parametrize(
    "condition",
    [
        "CASE WHEN sent THEN 1 ELSE 2 END = 1",
        "coalesce(wait_days, 0) > 3",
        "minutes = wait_days",
        "service_point = 'a1'",
        "minutes = 'many'",
        "joint = false",
    ],
)
def test_what_has_no_words_is_told_as_it_is_written(condition: str) -> None:
    assert condition_words(condition, "encounter", "en") == condition


def test_and_binds_before_or() -> None:
    flat, same, other = (read(one).tree for one in ("a OR b AND c", "a OR (b AND c)", "(a OR b) AND c"))
    assert flat == same != other
    a, b, c = map(ComparedColumn, "abc")
    assert other == Joined("and", (Joined("or", (a, b)), c))


@pytest.mark.parametrize("times", [2, 3, 9_999])
def test_not_several_times(times: int) -> None:
    said = read("NOT " * times + "sent").tree
    assert said == (Joined("not", (ComparedColumn("sent"),)) if times % 2 else ComparedColumn("sent"))

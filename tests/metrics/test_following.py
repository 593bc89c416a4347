"""Who is alone in two codes, under a condition, or in several tables is not told by the figures that they are a part of.

Each against its control: rules by which the same attack succeeds.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping

import pytest

from metrics.gate import TOGETHER_FROM
from tests.metrics.following import CODES, MONTHS, Guesses, Visitor, guessed, tastes, to_each_month, visitor, windows

MOST = 5
"""Percentage points above the guess of the commonest value that are allowed."""
PLACES = 4
"""Municipalities."""
FEW = {name: CODES[name] for name in ("channel", "topic", "sex")}
Attack = Callable[[int, int, Mapping[str, int], int], Guesses]
"""Of so many languages, a seed, the attributes, and how many enter at once (1: in their own month)."""


def months_of(visitors: list[Visitor], *names: str) -> dict[tuple[int, ...], list[int]]:
    found: dict[tuple[int, ...], list[int]] = defaultdict(lambda: [0] * MONTHS)
    for one in visitors:
        found[tuple(one.codes[name] for name in names)][one.month - 1] += 1
    return found


def when(together: int) -> Callable[..., list[bool]]:
    return lambda came: windows(came, together) if together > 1 else [True] * len(came)


def alone_in_two_codes(languages: int, seed: int, codes: Mapping[str, int], together: int) -> Guesses:
    """Many of every language and many in every municipality; in one municipality of each language, from March one a month."""
    chance, visitors, lone = random.Random(seed), list[Visitor](), list[Visitor]()
    for language in range(languages):
        for place in range(PLACES):
            of, here = tastes(chance, codes), {"language": language, "municipality": place}
            is_rare = place == language % PLACES
            for month in range(1, MONTHS + 1):
                if is_rare and month > 2:
                    lone.append(visitor(chance, month, of, **here))
                else:
                    many = chance.randint(15, 30) if is_rare else chance.randint(8, 12)
                    visitors += [visitor(chance, month, of, **here) for _ in range(many)]
    visitors += lone
    came, found = months_of(visitors, "language", "municipality"), Guesses()
    for name, count in codes.items():
        shown = to_each_month(visitors, ("language", "municipality", name), together)
        for one in lone:
            pair = one.codes["language"], one.codes["municipality"]
            of_codes = {code: shown[*pair, code] for code in range(count) if (*pair, code) in shown}
            guess, usual = guessed([(of_codes, came[pair], one.month - 1)], count, together, when(together))
            found.add(Guesses(1, guess == one.codes[name], usual == one.codes[name]))
    return found


def alone_under_a_condition(languages: int, seed: int, codes: Mapping[str, int], together: int) -> Guesses:
    """Many of every language come each month, and of those who are new, or solved at once, from March one.

    The control: they are counted among those of the condition as soon as they are in the cell of everybody.
    """
    chance, visitors, lone = random.Random(seed), list[Visitor](), list[Visitor]()
    for language in range(languages):
        others, of = tastes(chance, codes), tastes(chance, codes)
        for month in range(1, MONTHS + 1):
            visitors += [
                visitor(chance, month, others, language=language, met=0) for _ in range(chance.randint(35, 45))
            ]
            if month > 2:
                lone.append(visitor(chance, month, of, language=language, met=1))
            else:
                visitors += [
                    visitor(chance, month, of, language=language, met=1) for _ in range(chance.randint(15, 30))
                ]
    visitors += lone
    came, found = months_of([one for one in visitors if one.codes["met"]], "language"), Guesses()
    for name, count in codes.items():
        shown = to_each_month(visitors, ("language", name), TOGETHER_FROM, "met", waits=together > 1)
        for one in lone:
            own = (one.codes["language"],)
            of_codes = {code: shown[*own, code] for code in range(count) if (*own, code) in shown}
            guess, usual = guessed([(of_codes, came[own], one.month - 1)], count, together, when(together))
            found.add(Guesses(1, guess == one.codes[name], usual == one.codes[name]))
    return found


def alone_in_several_tables(languages: int, seed: int, codes: Mapping[str, int], together: int) -> Guesses:
    """One new speaker a month, most of whom have a referral, an enrolment and a job: the tables' people wait by themselves."""
    chance = random.Random(seed)
    tables: dict[str, list[Visitor]] = {name: [] for name in ("encounter", "referral", "enrolment", "outcome")}
    lone = list[dict[str, Visitor]]()
    for language in range(languages):
        of = tastes(chance, codes)
        for month in [*(chance.choice((1, 2)) for _ in range(chance.randint(40, 70))), *range(3, MONTHS + 1)]:
            one, later = visitor(chance, month, of, language=language), chance.randint(0, 2) if month > 2 else 0
            has = {"encounter": month}
            for name, part, at in (
                ("referral", 0.9, month),
                ("enrolment", 0.8, month + later),
                ("outcome", 0.7, month + later + 1),
            ):
                if chance.random() < part:
                    has[name] = min(at, MONTHS)
            mine = {name: Visitor(one.client, at, one.codes) for name, at in has.items()}
            for name, row in mine.items():
                tables[name].append(row)
            if month > 2:
                lone.append(mine)
    came, found = {name: months_of(rows, "language") for name, rows in tables.items()}, Guesses()
    for name, count in codes.items():
        shown = {table: to_each_month(rows, ("language", name), together) for table, rows in tables.items()}
        for mine in lone:
            own, truth = (mine["encounter"].codes["language"],), mine["encounter"].codes[name]
            of_tables = [
                (
                    {code: shown[table][*own, code] for code in range(count) if (*own, code) in shown[table]},
                    came[table][own], row.month - 1,
                )
                for table, row in mine.items()
            ]  # fmt: skip
            guess, usual = guessed(of_tables, count, together, when(together))
            found.add(Guesses(1, guess == truth, usual == truth))
    return found


ATTACKS = pytest.mark.parametrize(
    "attack", [alone_in_two_codes, alone_under_a_condition, alone_in_several_tables], ids=lambda one: one.__name__
)


@ATTACKS
def test_who_is_alone_is_not_told(attack: Attack) -> None:
    """Of 88 people, three attributes each: chance moves the share of right guesses by some three points."""
    found = attack(4, 1, FEW, TOGETHER_FROM)
    print(found)
    assert found.over() <= MOST + 5


@ATTACKS
def test_where_they_do_not_wait_they_are_told(attack: Attack) -> None:
    """The control: it must succeed, or the attack would prove nothing."""
    found = attack(4, 1, FEW, 1)
    print(found)
    assert found.over() >= 12


@pytest.mark.simulation
@ATTACKS
def test_following_at_length(attack: Attack) -> None:
    """Six attributes of 1 584 people."""
    results = Counter[int]()
    for together in (1, TOGETHER_FROM):
        found = Guesses()
        for seed in range(1, 5):
            found.add(attack(18, seed, CODES, together))
        print(attack.__name__, together, found)
        results[together] = round(10 * found.over())
    assert results[1] >= 150
    assert results[TOGETHER_FROM] <= 10 * MOST

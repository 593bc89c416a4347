"""The attack of linking: who is alone in a language and month is looked for in the cells that moved when they came.

The attacker knows who is the only one of a language in a month, how protected numbers are made, and every protected number of
clients by language and up to two attributes, to each month and of all time in each release. He weighs them by Bayes' rule: of
the people who came into the language's cells together, how many have a value? Against him stands the guess of the commonest
value of the language.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

from data.codes import code_list
from data.store.releases import follow, open_to_others
from data.store.store import Store
from metrics.ask import ask
from metrics.gate import BASE, SHOWN_FROM
from metrics.grammar.question import Question
from tests.metrics.made import add_rows, store_of

YEAR = 2025
CODES = {
    "municipality": ("049", "091", "092", "837"),
    "channel": ("walk_in", "phone", "appointment", "video"),
    "topic": ("work", "housing", "health", "education", "family"),
    "language_support": ("own_language", "common_language", "interpreter_on_site"),
    "resolution": ("solved", "referred", "continues"),
    "service_point": ("kamppi", "omena", "myyrmaki", "tesoma"),
}
Value = float | None
Place = tuple[str, ...]
"""Attributes and codes: name, code, name, code."""


@dataclass
class World:
    """People with one row each. names: the attributes that are looked for; before: the month that the attacker begins after."""

    names: tuple[str, ...]
    before: int
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def codes(self) -> dict[str, tuple[str, ...]]:
        return {name: CODES[name] for name in self.names}

    @property
    def languages(self) -> list[str]:
        return sorted({row["language"] for row in self.rows})

    def of(self, language: str) -> dict[int, list[dict[str, Any]]]:
        found: dict[int, list[dict[str, Any]]] = {}
        for row in self.rows:
            if row["language"] == language:
                found.setdefault(row["occurred_on"].month, []).append(row)
        return found

    def alone(self) -> Iterator[tuple[str, int, dict[str, Any]]]:
        """Each who is alone in a language and month."""
        for language in self.languages:
            months = self.of(language)
            for month in sorted(months):
                if len(months[month]) == 1 and month > self.before:
                    yield language, month, months[month][0]


def stress(languages: int, seed: int, names: tuple[str, ...] = tuple(CODES)) -> World:
    """A busy beginning of the year in every language, and from March one new speaker a month."""
    chance, world = random.Random(seed), World(names, 2)
    for language in _languages(languages):
        tastes = _tastes(chance)
        for _ in range(chance.randint(30, 60)):
            _add(world, language, chance.choice((1, 2)), tastes, chance)
        for month in range(3, 13):
            _add(world, language, month, tastes, chance)
    return world


def ordinary(languages: int, seed: int, names: tuple[str, ...] = tuple(CODES)) -> World:
    """Languages from one to ten newcomers a month all through the year, so that some are alone now and then."""
    chance, world = random.Random(seed), World(names, 3)
    for number, language in enumerate(_languages(languages)):
        tastes = _tastes(chance)
        for month in range(1, 13):
            for _ in range(_poisson(10 ** (number / (languages - 1)), chance)):
                _add(world, language, month, tastes, chance)
    return world


def regulars(languages: int, seed: int, names: tuple[str, ...] = tuple(CODES)) -> World:
    """A busy beginning of the year in every language; then six of the same people every month, and in May one newcomer."""
    chance, world = random.Random(seed), World(names, 2)
    for language in _languages(languages):
        tastes, start = _tastes(chance), len(world.rows)
        for _ in range(chance.randint(120, 160)):
            _add(world, language, chance.choice((1, 2)), tastes, chance)
        for month in range(3, 12):
            for row in world.rows[start : start + 6]:
                world.rows.append({**row, "record": len(world.rows) + 1, "occurred_on": date(YEAR, month, 15)})
        _add(world, language, 5, tastes, chance)
    return world


def newcomers_told(world: World, path: Path) -> tuple[int, int]:
    """Of what is new in the year to November since February: attributes of newcomers that moved cells give rightly, and all."""
    store = store_of(path, {"encounter": world.rows})
    before, after = (_shown(store, f"{YEAR}-ytd-{month}", world.names) for month in ("02", "11"))
    first = {row["client"]: row["occurred_on"].month for row in reversed(world.rows)}
    right = told = 0
    for row in (one for one in world.rows if first[one["client"]] == 5):
        for name in world.names:
            moved = [
                place[1] for (language, place), value in after.items()
                if language == row["language"] and place[:1] == (name,) and len(place) == 2
                and before[language, place] != value
            ]  # fmt: skip
            told += bool(moved)
            right += moved == [row["topics"][0] if name == "topic" else row[name]]
    return right, told


def _languages(count: int) -> list[str]:
    known = code_list("language")
    return [code for code in known.ids if code != known.unknown][:count]


def _tastes(chance: random.Random) -> dict[str, list[float]]:
    return {name: [chance.uniform(0.4, 1.6) for _ in codes] for name, codes in CODES.items()}


def _add(world: World, language: str, month: int, tastes: Mapping[str, list[float]], chance: random.Random) -> None:
    number = len(world.rows) + 1
    known = {name: chance.choices(codes, tastes[name])[0] for name, codes in CODES.items() if name != "topic"}
    world.rows.append(
        {
            "client": number * 7_919_001_002_003, "record": number, "language": language,
            "occurred_on": date(YEAR, month, chance.randint(1, 28)),
            "topics": chance.choices(CODES["topic"], tastes["topic"]), **known,
        }
    )  # fmt: skip


def _poisson(mean: float, chance: random.Random) -> int:
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product, count = product * chance.random(), count + 1
    return count


class Published:
    """All that the protected view shows of a language, to each month: of the year by the last release, of all time by each."""

    def __init__(self, world: World, path: Path) -> None:
        self.names, first = world.names, world.before
        self.chains: dict[str, dict[int, dict[tuple[str, Place], Value]]] = {"year": {}, "all": {}}
        points = [{"code": code, "name_fi": code} for code in CODES["service_point"]]
        begun = [row for row in world.rows if row["occurred_on"].month <= first]
        store = store_of(path, {"encounter": begun, "service_point": points})
        open_to_others(store)
        self.chains["all"][first] = _shown(store, "all", world.names)
        for month in range(first + 1, 13):
            with store.next_generation(f"month {month}") as connection:
                add_rows(connection, "encounter", [r for r in world.rows if r["occurred_on"].month == month])
            follow(store, "now")
            self.chains["all"][month] = _shown(store, "all", world.names)
        for month in range(first, 13):
            self.chains["year"][month] = _shown(store, f"{YEAR}-ytd-{month:02d}", world.names)

    def moved(self, language: str, before: int, after: int, place: Place) -> bool:
        """Whether any cell that holds a code of the language moved."""
        name, code = place
        held = [place]
        for other in self.names:
            if other != name:
                is_first = self.names.index(name) < self.names.index(other)
                held += [(name, code, other, one) if is_first else (other, one, name, code) for one in CODES[other]]
        return any(then != now for one in held for then, now in self.pairs(language, before, after, one))

    def pairs(self, language: str, before: int, after: int, place: Place) -> list[tuple[Value, Value]]:
        """A cell before and after, in each chain of periods."""
        return [
            (chain[before].get((language, place)), chain[after].get((language, place)))
            for chain in self.chains.values()
        ]


def _shown(store: Store, period: str, attributes: tuple[str, ...]) -> dict[tuple[str, Place], Value]:
    found: dict[tuple[str, Place], Value] = {}
    for size in range(3):
        for names in combinations(attributes, size):
            for row in ask(Question(("clients",), ("language", *names), period=period), store).rows:
                place = tuple(part for name in names for part in (name, row.codes[name]))
                found[row.codes["language"], place] = row.value
    return found


@dataclass(frozen=True)
class Result:
    """Of all who were alone: percentages of right guesses over all attributes, and people with three or more right.

    usual: by the commonest value of the language as the last release tells it; before: as it was known before they came.
    """

    people: int
    right: float
    usual: float
    before: float
    three: int
    three_usual: int


def attack(world: World, shown: Published, together: int) -> Result:
    """Guess every attribute of everyone who was alone. together: how many enter a cell at once, at least; 1: in any month."""
    right = usual = before = three = three_usual = people = 0
    for language, month, row in world.alone():
        people += 1
        months = {one: len(rows) for one, rows in world.of(language).items()}
        hits = plain = 0
        for name, codes in world.codes.items():
            truth = row["topics"][0] if name == "topic" else row[name]
            last, early = (_commonest(shown, language, at, name) for at in (12, world.before))
            guess = max(codes, key=lambda code: _expected(shown, language, months, month, (name, code), together))
            hits += guess == truth
            plain += last == truth
            before += early == truth
        right, usual = right + hits, usual + plain
        three, three_usual = three + (hits >= 3), three_usual + (plain >= 3)
    every = people * len(world.names) / 100
    return Result(people, right / every, usual / every, before / every, three, three_usual)


@dataclass(frozen=True)
class Window:
    """A cell stands as to `since` and then, if it has `moved`, as to `until`; so many people of the language came between."""

    since: int
    until: int
    people: int
    moved: bool


def _window(
    shown: Published, language: str, months: Mapping[int, int], month: int, place: Place, together: int
) -> Window:
    """When a cell took in who came in a month, by the moves of all cells that hold it, and how many of the language came."""
    first = min(shown.chains["year"])
    ends, waiting = [], 0
    for one in range(1, 13):
        waiting += months.get(one, 0)
        if waiting >= together:
            ends.append(one)
            waiting = 0
    ends = [first, *(one for one in ends if one > first)]
    stood = list(pairwise(ends))
    moves = [until for since, until in stood if shown.moved(language, since, until, place)]
    if together == 1:
        since = max(one for one in ends if one < month)
        until = month if month in moves else None
        return Window(since, until or month, months[month], until is not None)
    since = max([one for one in moves if one < month], default=first)
    until = min([one for one in moves if one >= month], default=None)
    people = sum(count for one, count in months.items() if since < one <= (until or ends[-1]))
    return Window(since, until or ends[-1], people, until is not None)


def _commonest(shown: Published, language: str, at: int, name: str) -> str:
    return max(CODES[name], key=lambda code: _size(shown, language, at, (name, code)))


def _size(shown: Published, language: str, at: int, place: Place) -> float:
    value = shown.chains["year"][at].get((language, place))
    return BASE - 1 if value is None else value


def _expected(
    shown: Published, language: str, months: Mapping[int, int], month: int, place: Place, together: int
) -> float:
    """The share of those who came into the language's cells together that has a code, expected from all that is shown."""
    name, code = place
    window = _window(shown, language, months, month, place, together)
    sizes = {one: _size(shown, language, window.since, (name, one)) for one in CODES[name]}
    share = sizes[code] / sum(sizes.values())
    counts = range(together, window.people + 1) if window.moved else range(min(together, window.people + 1))
    weights = {count: _binomial(count, window.people, share) for count in counts}
    if window.moved:
        for before, after in shown.pairs(language, window.since, window.until, place):
            weights = {count: weight * _step(before, after, count) for count, weight in weights.items()}
    total = sum(weights.values()) * window.people
    return sum(count * weight for count, weight in weights.items()) / total if total else share


@cache
def _step(before: Value, after: Value, count: int) -> float:
    """How likely one published number follows another when so many have come."""
    if count == 0:
        return 1.0 if before == after else 1e-6
    weights = [(n, _rounds_to(n, before)) for n in range(int(before or 4) + 6)]
    total = sum(weight for _, weight in weights)
    return sum(weight * _rounds_to(n + count, after) for n, weight in weights) / total + 1e-6


def _rounds_to(n: int, value: Value) -> float:
    """How likely a number is published as a value: random rounding to base five, nothing under ten."""
    down, up = n - n % BASE, n % BASE / BASE
    if value is None:
        return (down < SHOWN_FROM) * (1 - up) + (down + BASE < SHOWN_FROM) * up
    return (down == value) * (1 - up) + (down + BASE == value) * up


def _binomial(k: int, n: int, p: float) -> float:
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)

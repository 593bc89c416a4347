"""Conditions in metric definitions: a small language of comparisons over the columns of a fact, which SQL reads as it stands.

Whatever is not a whole sentence of it is refused: brackets that close more than they open, or a comment, would reach the SQL
around it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from metrics.model.condition_tree import ComparedColumn, Node, between_words, not_
from metrics.model.facts.fact import Fact

_TOKEN = re.compile(
    r"\s*(?:(?P<word>[a-z_][a-z_0-9]*)|(?P<text>'[^'\n]*')|(?P<number>\d{1,6})(?![\w.])|(?P<sign><=|>=|<>|[=<>(),]))",
    re.IGNORECASE | re.ASCII,  # no digit, letter or space that SQL does not know
)
_SPACE = " \t\n\r\f\v"
V = TypeVar("V")
_CONSTANTS = ("true", "false", "null")
_FUNCTIONS = ("coalesce", "greatest", "least")
COMPARED = ("=", "<>", "<", "<=", ">", ">=")
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""A sign as it reads from the right."""
KEYWORDS = frozenset((*"and or not in is between case when then else end".split(), *_CONSTANTS, *_FUNCTIONS))
_DEEPEST = 24
"""Brackets within each other."""


@dataclass(eq=False)
class ConditionError(ValueError):
    """Raised when a condition is outside the subset. `problem` describes the invalid part."""

    problem: str

    def __str__(self) -> str:
        return self.problem


@dataclass(frozen=True)
class ReadCondition:
    """columns: those of the fact, in order of appearance; comparisons: what it says of them; words: its keywords; tree: the
    comparisons as they are joined, None where it is more than comparisons of columns with constants.
    """

    columns: tuple[str, ...]
    comparisons: tuple[ComparedColumn, ...]
    words: frozenset[str]
    tree: Node | None


def in_one_spelling(condition: str) -> str:
    """Return a condition with one space between its words and its keywords in small letters. Raises ConditionError.

    >>> in_one_spelling("channel IN ('phone','video')   AND  identified")
    "channel in ( 'phone' , 'video' ) and identified"
    """
    return " ".join(one.lower() if one.lower() in KEYWORDS else one for one in tokens(condition))


def columns_of(condition: str, fact: Fact) -> tuple[str, ...]:
    """Return the fact's columns in a condition, in order of appearance. Raises ConditionError when it is invalid.

    >>> from metrics.model.facts import FACTS
    >>> columns_of("channel IN ('phone', 'video') AND identified", FACTS["encounter"])
    ('channel', 'identified')
    """
    return read_condition(condition, fact).columns


@lru_cache(maxsize=4096)
def read_condition(condition: str, fact: Fact) -> ReadCondition:
    """Return what a condition says of a fact. Raises ConditionError when it is invalid."""
    found = read(condition)
    for column in found.columns:
        if not fact.has(column):
            raise ConditionError(f"{fact.name} has no column {column!r}")
        if column in fact.lists:
            raise ConditionError(f"{column!r} holds several codes; use it as a dimension")
    for said in found.comparisons:
        # A comparison with a code that is not in the list would silently be false.
        known = fact.list_of(said.column) if said.column in fact.dimensions else None
        for code in (value.strip("'") for value in said.values if known and is_constant(value)):
            if known and code not in known and said.sign not in ("is", "is not"):
                raise ConditionError(f"{code!r} is not in the code list {known.name}")
    return found


@lru_cache(maxsize=4096)
def read(condition: str) -> ReadCondition:
    """Return what a condition says, of whatever columns. Raises ConditionError when it is outside the subset."""
    reader = _Reader(condition)
    tree = reader.whole()
    return ReadCondition(
        tuple(dict.fromkeys(reader.columns)), tuple(dict.fromkeys(reader.comparisons)), frozenset(reader.words), tree
    )


@dataclass(frozen=True)
class _Value:
    """What stands on a side of a comparison. column: empty where it is none; inner: what stands in brackets, if it has a tree;
    constant: a code or a number, as it is written; empty where it is none; in_brackets: whether it stands in them.
    """

    column: str = ""
    inner: Node | None = None
    constant: str = ""
    in_brackets: bool = False


class _Reader:
    """Reads a condition from left to right, one function for each kind of phrase."""

    def __init__(self, text: str) -> None:
        self.tokens, self.at, self.depth = tokens(text), 0, 0
        self.columns: list[str] = []
        self.comparisons: list[ComparedColumn] = []
        self.words: set[str] = set()

    def whole(self) -> Node | None:
        found = self.either()
        if self.at < len(self.tokens):
            raise ConditionError(f"cannot read {' '.join(self.tokens[self.at : self.at + 3])!r}")
        return found

    def either(self) -> Node | None:
        """One condition, or several between ANDs and ORs."""
        parts, words = [self.one()], list[str]()
        while word := self.takes("and", "or"):
            words.append(word)
            parts.append(self.one())
        return between_words(parts, words)

    def one(self) -> Node | None:
        is_not = False
        while self.takes("not"):
            is_not = not is_not
        said = self.said()
        return not_(said) if is_not else said

    def said(self) -> Node | None:
        value = self.operand()
        column = value.column
        if value.in_brackets and self.next() in (*COMPARED, "is", "not", "in", "between"):
            raise _of_brackets()
        if sign := self.takes(*COMPARED):
            return self.compared(value, sign)
        if self.takes("is"):
            said = self.says(column, "is not" if self.takes("not") else "is", ("null",))
            self.needs("null")
            return said
        if self.next() in ("not", "in", "between"):
            sign = "not " if self.takes("not") else ""
            return self.listed(column, sign) if self.takes("in") else self.between(column, sign)
        return self.says(column) or value.inner

    def compared(self, value: _Value, sign: str) -> Node | None:
        start, column = self.at, value.column
        other = self.operand()
        if other.in_brackets:
            raise _of_brackets()
        if "null" in (value.constant.lower(), other.constant.lower()):
            raise ConditionError("nothing is equal to null, nor unlike it: write 'is null' or 'is not null'")
        if column and other.column:
            self.says(column, sign, (other.column,))
            self.says(other.column, sign, (column,))
            return None
        if value.constant and other.column:
            return self.says(other.column, _TURNED.get(sign, sign), (value.constant,))
        said = self.says(column or other.column, sign, tuple(self.tokens[start : self.at]) if column else ("?",))
        return said if column and other.constant else None

    def listed(self, column: str, sign: str) -> Node | None:
        self.needs("(")
        codes = [self.compared_with()]
        while self.takes(","):
            codes.append(self.compared_with())
        self.needs(")")
        return self.says(column, f"{sign}in", tuple(codes))

    def between(self, column: str, sign: str) -> Node | None:
        self.needs("between")
        low = self.compared_with()
        self.needs("and")
        high = self.compared_with()
        if low.isdigit() and high.isdigit() and int(low) > int(high):
            raise ConditionError(f"nothing is between {low} and {high}")
        return self.says(column, f"{sign}between", (low, high))

    def compared_with(self) -> str:
        """A constant of a list, or an end of what is between two."""
        found = self.constant()
        if found.lower() == "null":
            raise ConditionError("null is in no list and at no end: write 'is null' or 'is not null'")
        return found

    def operand(self) -> _Value:
        word = self.next()
        if self.takes("("):
            inner = self.deeper(self.either)
            self.needs(")")
            return _Value(inner=inner, in_brackets=True)
        if self.takes("case"):
            self.deeper(self.cases)
        elif self.takes(*_FUNCTIONS):
            self.needs("(")
            self.deeper(self.either)
            while self.takes(","):
                self.deeper(self.either)
            self.needs(")")
        elif is_constant(word):
            return _Value(constant=self.constant())
        else:
            return _Value(self.column())
        return _Value()

    def cases(self) -> None:
        self.needs("when")
        while True:
            self.either()
            self.needs("then")
            self.either()
            if not self.takes("when"):
                break
        if self.takes("else"):
            self.either()
        self.needs("end")

    def column(self) -> str:
        name = self.tokens[self.at] if self.at < len(self.tokens) else ""
        if not re.fullmatch(r"[A-Za-z_]\w*", name) or name.lower() in KEYWORDS:
            raise ConditionError(f"cannot read {name!r}" if name else "it ends too early")
        self.at += 1
        self.columns.append(name)
        return name

    def constant(self) -> str:
        word = self.next()
        if not is_constant(word):
            raise ConditionError(f"{word!r} is no code and no number")
        self.at += 1
        return self.tokens[self.at - 1]

    def says(self, column: str, sign: str = "", values: tuple[str, ...] = ()) -> ComparedColumn | None:
        """Keep what is said of a column, and return it."""
        if not column:
            return None
        said = ComparedColumn(column, sign, values)
        self.comparisons.append(said)
        return said

    def deeper(self, read: Callable[[], V]) -> V:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ConditionError("too many brackets")
        found = read()
        self.depth -= 1
        return found

    def next(self) -> str:
        return self.tokens[self.at].lower() if self.at < len(self.tokens) else ""

    def takes(self, *words: str) -> str:
        """Go past the next token if it is one of these; the result is the token, empty when it is none of them."""
        found = self.next()
        if found not in words:
            return ""
        self.at += 1
        if found in KEYWORDS:
            self.words.add(found)
        return found

    def needs(self, word: str) -> None:
        if not self.takes(word):
            raise ConditionError(
                f"{word!r} is missing before {self.next()!r}" if self.next() else f"{word!r} is missing"
            )


def _of_brackets() -> ConditionError:
    # What stands on the sides of brackets is said of no column: rules of what may be compared would not see it.
    return ConditionError("brackets hold whole conditions: nothing is compared with them")


def is_constant(word: str) -> bool:
    """Return whether a token is a code, a number, true, false or null."""
    return word[:1] in tuple("'0123456789") or word.lower() in _CONSTANTS


def tokens(text: str) -> list[str]:
    """Return the words and signs of a condition. Raises ConditionError where there is anything else."""
    found, position, text = [], 0, text.rstrip(_SPACE)
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise ConditionError(f"cannot read {text[position : position + 12]!r}")
        found.append(token[token.lastgroup or 0])
        position = token.end()
    return found

"""What a valid condition says, as a tree: for telling it in words.

Only comparisons of a column with constants, and what joins them. Anything else, such as CASE, has no tree and is told as it
is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from metrics.model.condition import COMPARED, KEYWORDS, ComparedColumn, tokens


@dataclass(frozen=True)
class Joined:
    """Several conditions, all or any of which hold; with `not` there is one."""

    how: Literal["and", "or", "not"]
    parts: tuple[Node, ...]


Node = ComparedColumn | Joined


@lru_cache(maxsize=4096)
def tree(condition: str) -> Node | None:
    """Return the tree of a condition; None where it has none.

    >>> tree("first AND NOT (wait_days <= 3)")
    Joined(how='and', parts=(ComparedColumn(column='first', sign='', values=()), \
Joined(how='not', parts=(ComparedColumn(column='wait_days', sign='<=', values=('3',)),))))
    """
    reader = _Reader(tokens(condition))
    try:
        found = reader.joined("or")
    except _NoTreeError:
        return None
    return found if reader.at == len(reader.tokens) else None


class _NoTreeError(Exception):
    """The condition is more than comparisons with constants."""


class _Reader:
    def __init__(self, read: list[str]) -> None:
        self.tokens, self.at = read, 0

    def joined(self, how: Literal["and", "or"]) -> Node:
        """Return conditions between the same words; AND binds before OR, as in SQL."""
        parts: list[Node] = []
        while True:
            one = self.joined("and") if how == "or" else self.one()
            parts += one.parts if isinstance(one, Joined) and one.how == how else (one,)
            if not self.takes(how):
                return parts[0] if len(parts) == 1 else Joined(how, tuple(parts))

    def one(self) -> Node:
        if self.takes("not"):
            return Joined("not", (self.one(),))
        if self.takes("("):
            found = self.joined("or")
            self.needs(")")
            # In brackets it may be a value of a comparison.
            if self.next() in (*COMPARED, "is", "in", "between", "not"):
                raise _NoTreeError
            return found
        return self.said(self.word(is_column=True))

    def said(self, column: str) -> ComparedColumn:
        if (sign := self.next()) in COMPARED:
            self.at += 1
            return ComparedColumn(column, sign, (self.word(is_column=False),))
        if self.takes("is"):
            return ComparedColumn(column, "is not" if self.takes("not") else "is", (self.word(is_column=False),))
        is_not = self.takes("not")
        if self.takes("in"):
            self.needs("(")
            values = [self.word(is_column=False)]
            while self.takes(","):
                values.append(self.word(is_column=False))
            self.needs(")")
            return ComparedColumn(column, "not in" if is_not else "in", tuple(values))
        if self.takes("between"):
            low = self.word(is_column=False)
            self.needs("and")
            return ComparedColumn(column, "not between" if is_not else "between", (low, self.word(is_column=False)))
        if is_not:
            raise _NoTreeError
        return ComparedColumn(column)

    def word(self, *, is_column: bool) -> str:
        """Return the next token, which is a column, or else a constant."""
        found = self.next()
        named = bool(found) and (found[0].isalpha() or found[0] == "_") and found not in KEYWORDS
        if not found or named is not is_column or (not is_column and found[0] in "()<>=,"):
            raise _NoTreeError
        self.at += 1
        return self.tokens[self.at - 1]

    def next(self) -> str:
        return self.tokens[self.at].lower() if self.at < len(self.tokens) else ""

    def takes(self, word: str) -> bool:
        is_there = self.next() == word
        self.at += is_there
        return is_there

    def needs(self, word: str) -> None:
        if not self.takes(word):
            raise _NoTreeError

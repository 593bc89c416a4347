"""What a condition says, as a tree: comparisons of a column with constants, and what joins them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class ComparedColumn:
    """What a condition says of one column: a sign or a word, and the constants beside it; a column that stands alone has none."""

    column: str
    sign: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Joined:
    """Several conditions, all or any of which hold; with `not` there is one."""

    how: Literal["and", "or", "not"]
    parts: tuple[Node, ...]


Node = ComparedColumn | Joined


def not_(part: Node | None) -> Node | None:
    """Return the tree of a condition that does not hold. None, here and below: it has no tree."""
    return None if part is None else Joined("not", (part,))


def between_words(parts: Sequence[Node | None], words: Sequence[str]) -> Node | None:
    """Return the tree of several conditions. words: "and" or "or", between each two; AND binds before OR, as in SQL."""
    either: list[list[Node | None]] = [[parts[0]]]
    for word, part in zip(words, parts[1:], strict=True):
        if word == "or":
            either.append([])
        either[-1].append(part)
    return _joined("or", [_joined("and", together) for together in either])


def _joined(how: Literal["and", "or"], parts: Sequence[Node | None]) -> Node | None:
    found: list[Node] = []
    for part in parts:
        if part is None:
            return None
        found += part.parts if isinstance(part, Joined) and part.how == how else (part,)
    return found[0] if len(found) == 1 else Joined(how, tuple(found))

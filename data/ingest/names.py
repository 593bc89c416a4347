"""What a file is called by: its own name, unless that holds personal data; names are shown, logged and kept with rejects."""

from __future__ import annotations

import re
from dataclasses import dataclass

from data.personal import Kind, kinds

_JOINTS = re.compile(r"_|(?<=[^\W\d])-")
"""What often stands for a blank in names, while in a cell it makes a number part of an identifier."""
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,10}")


@dataclass(frozen=True)
class FileName:
    """The name of a file as it may be told, and the classes of personal values in the one it came with."""

    shown: str
    kinds: tuple[Kind, ...] = ()


def told_name(name: str, number: int) -> FileName:
    """The name of the file, or `file-NUMBER` with its ending when it holds personal data.

    >>> told_name("asiakkaat 2025.csv", 1).shown, told_name("131052-308T.csv", 2)
    ('asiakkaat 2025.csv', FileName(shown='file-2.csv', kinds=('personal_identity_code',)))
    """
    stem, dot, ending = name.rpartition(".")
    found = [kind for text in (name, stem, ending, _JOINTS.sub(" ", stem)) for kind in kinds(text)]
    if not found:
        return FileName(name)
    kept = f"{dot}{ending}" if _ENDING.fullmatch(f"{dot}{ending}") and not kinds(ending) and stem else ""
    return FileName(f"file-{number}{kept}", tuple(dict.fromkeys(found)))

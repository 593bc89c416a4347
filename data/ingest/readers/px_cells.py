"""The pieces of a PX file: its statements, the texts of one, and the cells of a table that leaves out its rows of zeros."""

import re
from collections.abc import Iterator, Sequence
from math import prod

Said = dict[tuple[str, str], str]
"""(keyword, the variable it is of or nothing) → what stands after the equals sign."""

MOST_ZEROS = 20
"""Cells of a table for each that the file holds: rows of zeros may be left out, but what is mostly zeros is not a table."""

_FEW = 100_000
_HEAD = re.compile(r'\s*([A-Z][A-Z0-9-]{0,60})(\[[^\]"]{0,20}\])?(?:\("([^"]*)"[^);"]*(?:"[^"]*"[^);"]*)*\))?\s*=')
_SAID = re.compile(r'(?:"[^"]*"|[^";]+)*+')
_STRING = re.compile(r'"([^"]*)"\s*(,?)')
_KEY = re.compile(r'"([^"]*)"[\s,]*')
_NUMBER = re.compile(r'(?:"([^"]*)"|([^\s,;"]+))[\s,]*')


def statements(text: str) -> Said:
    """The statements of the file's own language, up to the first thing that is none. The last one may lack its semicolon."""
    said: Said = {}
    at = 0
    while head := _HEAD.match(text, at):
        body = _SAID.match(text, head.end())
        assert body  # it matches nothing, too
        at = body.end() + 1
        if at <= len(text) and text[at - 1] != ";":
            break  # a quotation mark that is never closed
        if not head[2]:
            said.setdefault((head[1], head[3] or ""), body[0])
    return said


def texts(said: str) -> list[str]:
    """The strings of a statement; pieces without a comma between them are one string broken over lines.

    >>> texts('"Espoo","Van" "taa"')
    ['Espoo', 'Vantaa']
    """
    found: list[str] = []
    joined = False
    for string in _STRING.finditer(said):
        if joined:
            found[-1] += string[1]
        else:
            found.append(string[1])
        joined = not string[2]
    return found


def sparse_cells(data: str, known: Sequence[Sequence[str]], width: int) -> list[str]:
    """All cells of a table whose rows begin with their keys: those in the file, and zeros where a row was left out.

    known: the keys of each variable of the stub; width: cells of a row. Nothing when a row is not of this table, or stands twice.
    """
    places = [{key: place for place, key in enumerate(keys)} for keys in known]
    rows: dict[int, list[str]] = {}
    for keys, cells in _rows_of(data, len(known), width):
        row = 0
        for key, of in zip(keys, places, strict=True):
            if key not in of:
                return []
            row = row * len(of) + of[key]
        if row in rows or len(cells) != width:
            return []
        rows[row] = cells
    count = prod(len(of) for of in places)
    if any(len(of) != len(keys) for of, keys in zip(places, known, strict=True)):
        return []
    if count * width > max(_FEW, MOST_ZEROS * len(rows) * width):
        return []
    zeros = ["0"] * width
    return [cell for row in range(count) for cell in rows.get(row, zeros)]


def _rows_of(data: str, keys: int, width: int) -> Iterator[tuple[list[str], list[str]]]:
    data = data.strip()
    at = 0
    while at < len(data):
        found: list[list[str]] = [[], []]
        for part, pattern, count in ((0, _KEY, keys), (1, _NUMBER, width)):
            for _ in range(count):
                match = pattern.match(data, at)
                if not match:
                    yield found[0] + [""] * (keys - len(found[0])), []
                    return
                found[part].append(match[1] if match[1] is not None else match[2])
                at = match.end()
        yield found[0], found[1]

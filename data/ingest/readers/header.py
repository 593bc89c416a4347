"""Finding the header under title rows, and making its texts fit to be called columns."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

BLANKS = " \t\r\n\v\f\u00a0\u2007\u202f\u200b\u2060\ufeff"
"""What is stripped around every cell: besides ordinary blanks the invisible ones that web forms and Excel leave."""

SAMPLE_ROWS = 200
"""A header is looked for among this many rows; real exports have it among the first ten."""

_DATA = re.compile(r"[\d\s.,:/+–-]+|x|✓|✔|kyllä|ei|ja|nej|yes|no", re.IGNORECASE)
"""Cells that are no names of columns: numbers, dates and marks."""

_YEAR_WORD = re.compile(
    r"(?:(?:tilasto|raportti|raportointi|kalenteri)?vuosi|(?:rapport|kalender)?år|(?:calendar )?year)\s*:?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")

GROUP_JOINT = ": "
"""Between the header of a group and that of its column, where only both together tell columns apart."""

_FULL_ENOUGH = 0.6
"""A header may leave some columns unnamed; a title row fills one or two cells of many."""


def clean(cell: str | None) -> str:
    """A cell without the blanks around it; empty for a missing one."""
    return cell.strip(BLANKS) if cell else ""


def name_of(cell: str | None) -> str:
    """A header's text in one line."""
    return re.sub(r"\s+", " ", clean(cell))


def filled(cells: Sequence[str | None]) -> int:
    """How many cells hold something."""
    return sum(1 for cell in cells if clean(cell))


def find_header(rows: Sequence[Sequence[str | None]]) -> int | None:
    """Index of the header: the first row about as full as the rows after it; None when no row holds anything."""
    # A title in two cells is as full as the header of a narrow table.
    counts = [0 if _says_year(row) else filled(row) for row in rows[:SAMPLE_ROWS]]
    if not any(counts):
        counts = [filled(row) for row in rows[:SAMPLE_ROWS]]
    for index, count in enumerate(counts):
        below = max(counts[index + 1 : index + 21], default=0)
        if count and count >= _FULL_ENOUGH * below and count >= min(2, max(counts)):
            return index
    return None


def _says_year(row: Sequence[str | None]) -> bool:
    """A row of labels and what they are of, the year among them: `Vuosi`, `2025`.

    >>> _says_year(["Yksikkö", "Neuvonta", "Vuosi:", "2025"]), _says_year(["Vuosi", "Kunta"]), _says_year(["Kunta", "2025"])
    (True, False, False)
    """
    texts = [text for cell in row if (text := clean(cell))]
    return any(_YEAR_WORD.fullmatch(word) and _YEAR.fullmatch(year) for word, year in pairwise(texts))


def name_columns(
    cells: Mapping[int, str | None], groups: Mapping[int, str] | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Header texts by column number, made single-line, non-empty and all different, and notes on what was changed.

    groups: headers of the groups of columns; of columns named alike those of different groups are told apart by them.
    """
    names: dict[str, None] = {}
    notes: list[str] = []
    used: dict[str, int] = {}
    wanted = {position: name_of(cell) for position, cell in cells.items()}
    grouped = {position: group for position, group in (groups or {}).items() if group}
    alike = Counter(wanted[position] for position in wanted)
    over: dict[str, set[str]] = {}
    for position, name in wanted.items():
        over.setdefault(name, set()).add(grouped.get(position, ""))
    for position, name in list(wanted.items()):
        if name and alike[name] > 1 and len(over[name]) > 1 and position in grouped:
            wanted[position] = f"{grouped[position]}{GROUP_JOINT}{name}"
    taken = set(wanted.values())
    for position, name in wanted.items():
        if not name:
            name = _free(f"column {position}", taken, used)
            taken.add(name)
            notes.append(f"unnamed_column:{position}")
        elif name in names:
            name = _free(name, taken, used)
            taken.add(name)
            notes.append(f"duplicate_header:{position}")
        names[name] = None
    return tuple(names), tuple(notes)


def groups_above(above: Sequence[str | None], header: Sequence[str | None]) -> tuple[str, ...]:
    """The text of the row above a header over each of its columns, reaching to the next text; empty when that row is a title.

    >>> groups_above(["", "Aihe", "", "Tulkki"], ["Pvm", "Työ", "Asuminen", "Kieli"])
    ('', 'Aihe', 'Aihe', 'Tulkki')
    """
    texts = [clean(cell) for cell in above[: len(header)]]
    texts += [""] * (len(header) - len(texts))
    if (sum(map(bool, texts)) < 2 and not any(texts[1:])) or _says_year(texts):
        return ()  # one text at the left is the title of the table
    groups: list[str] = []
    for text, name in zip(texts, header, strict=True):
        groups.append(text if text else groups[-1] if groups and clean(name) else "")
    return tuple("" if group == clean(name) else group for group, name in zip(groups, header, strict=True))


def named_above(above: Sequence[str | None], header: Sequence[str | None]) -> list[str | None]:
    """The header with the names of columns that it leaves blank and the row above it, one of groups, has right over them.

    >>> named_above(["Pvm", "Aihe", "", "Kesto"], ["Pvm", "Työ", "Muu", None]), named_above(["Raportti", ""], ["Pvm", None])
    (['Pvm', 'Työ', 'Muu', 'Kesto'], ['Pvm', None])
    """
    if not groups_above(above, header):
        return list(header)
    upper = [clean(cell) for cell in above[: len(header)]]
    upper += [""] * (len(header) - len(upper))
    return [
        text if text and not clean(name) and not _DATA.fullmatch(text) else name
        for text, name in zip(upper, header, strict=True)
    ]


def is_upper_row(header: Sequence[str | None], rows: Sequence[Sequence[str | None]]) -> bool:
    """The header is the upper of two: it leaves columns blank or says the same of neighbours, and the first row under it names
    these columns and holds no data.

    >>> is_upper_row(["Pvm", "Aihe", None], [[None, "Työ", "Muu"], ["1.2.2025", "x", "x"]])
    True
    >>> is_upper_row(["Asiakas", "Asiakas"], [["Kieli", "Kunta"], ["arabia", "Espoo"], ["somali", "Espoo"]])
    True
    """
    texts = [clean(cell) for cell in header]
    if len(rows) < 2 or not texts[0]:
        return False
    first = [clean(cell) for cell in rows[0]]
    blank = [place for place, text in enumerate(texts) if not text]
    repeated = [place for place, text in enumerate(texts) if text and text in texts[max(place - 1, 0) : place]]
    named = [*blank, *repeated]
    if not named or not all(first[place] for place in named) or any(_DATA.fullmatch(text) for text in first):
        return False
    below = [[clean(row[place]) for row in rows[1:SAMPLE_ROWS]] for place in range(len(texts))]
    if any(first[place] and first[place] in below[place] for place in range(len(texts))):
        return False  # a name does not come again as a value
    if _is_typed(first, below):
        return True
    if blank:
        alone = [place for place, text in enumerate(texts) if text and all(texts[place + 1 : place + 2])]
        # What stands under such a name is a mark or a number, or something said many times over.
        is_data = [_DATA.fullmatch(text) for place in blank for text in below[place] if text]
        return bool(is_data) and (all(is_data) or not any(first[place] for place in alone))
    # Lists of one column's values have columns named alike too: those hold the same values.
    return not any(first[place] == first[place - 1] or first[place] in below[place - 1] for place in repeated)


def _is_typed(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Nothing but dates or numbers stands under some name: the name is none of the values."""
    for name, column in zip(first, below, strict=True):
        texts = [text for text in column if text]
        if name and texts and all(any(letter.isdigit() for letter in text) and _DATA.fullmatch(text) for text in texts):
            return True
    return False


def _free(name: str, taken: set[str], used: dict[str, int]) -> str:
    """The name with the next number that is free; used: the last number of each name, so that it need not be looked for."""
    number, candidate = used.get(name, 1), name
    while candidate in taken:
        number += 1
        candidate = f"{name} ({number})"
    used[name] = number
    return candidate

"""CSV that a spreadsheet reads as it is meant: every text that would run as a formula is made harmless, here and nowhere else."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable

FORMULA_STARTS = frozenset("=+-@")


def neutral(text: str) -> str:
    r"""Text that no spreadsheet takes for a formula: an apostrophe before it where it would (OWASP, CSV injection).

    What comes first is looked at without the blanks and invisible characters before it, and full-width signs count as
    plain ones: some spreadsheets trim and convert them. A tab or line break in front may end the cell before.

    >>> neutral("=1+1"), neutral(" ＝1+1"), neutral("\tEspoo"), neutral("Espoo"), neutral("−5")
    ("'=1+1", "' ＝1+1", "'\tEspoo", 'Espoo', '−5')
    """
    first = next((char for char in text if not _is_unseen(char)), "")
    starts_formula = unicodedata.normalize("NFKC", first)[:1] in FORMULA_STARTS
    return f"'{text}" if starts_formula or text.startswith(("\t", "\r", "\n")) else text


def csv_text(
    lines: Iterable[Iterable[object]], *, separator: str = ",", line_end: str = "\n",
    number: Callable[[float], str] = str,
) -> str:  # fmt: skip
    """Lines of cells as CSV. Texts are made neutral, numbers written by `number`, None is an empty cell."""
    return "".join(_line([_written(cell, number) for cell in line], separator) + line_end for line in lines)


def _line(cells: list[str], separator: str) -> str:
    out = io.StringIO()
    # The module quotes only the breaks that its own line end has; others would begin a line in a spreadsheet all the same.
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerow(cells)
    return out.getvalue().removesuffix("\r\n")


def _written(cell: object, number: Callable[[float], str]) -> str:
    if cell is None:
        return ""
    return number(cell) if isinstance(cell, int | float) else neutral(str(cell))


def _is_unseen(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp")

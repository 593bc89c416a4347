"""Which character separates the cells of a text file, decided by how evenly it cuts the first rows."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

from data.ingest.readers.header import SAMPLE_ROWS, clean, filled, find_header

SEPARATORS = (";", "\t", ",", "|")
"""In order of preference when two cut equally well: the decimal comma makes the comma the likelier impostor."""


def sample_rows(text: str, separator: str, limit: int = SAMPLE_ROWS) -> list[list[str]]:
    """The first records of a text, cut by a separator; a record that cannot be cut ends the sample."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append(row)
            if len(rows) >= limit:
                break
    except csv.Error:
        pass
    return rows


def find_separator(text: str) -> str | None:
    """The separator of a text (its beginning is enough), or None when nothing cuts most rows in two."""
    scored = [(score(sample_rows(text, separator)), separator) for separator in SEPARATORS]
    best = max(scored, key=lambda pair: pair[0])  # the first of equals
    return best[1] if best[0] > 0 else None


def score(rows: Sequence[Sequence[str]]) -> float:
    """How well rows look like a table: 0 = not at all, 1 = even width under a header of words that comes first."""
    written = [row for row in rows if filled(row)]
    widths = [len(row) for row in written]
    header = find_header(written)
    if header is None or sum(width > 1 for width in widths) < len(widths) / 2:
        return 0.0
    width, times = Counter(width for width in widths if width > 1).most_common(1)[0]
    names = [clean(cell) for cell in written[header] if clean(cell)]
    # Decimal commas cut data rows evenly too, but then numbers stand where the names of columns should.
    words = sum(re.search(r"[^\W\d_]{2}", name) is not None for name in names) / len(names)
    return times / len(widths) * (0.1 + words) * (1.0 if header == 0 else 0.8) * (1 - 1 / width)

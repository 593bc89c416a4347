"""The room that text takes where it must be known before it is drawn: the font is that of the reader's machine.

Generous averages, relative to the size of the font: DejaVu Sans, which LibreOffice and many a Linux take, is wide.
"""

from math import ceil

PLAIN, BOLD, LINE = 0.56, 0.66, 1.2
"""Width of a letter and of a bold one, and height of a line."""
OF_CHARTS = 12
"""Size of names in charts, in pixels."""


def width(letters: int, size: float = OF_CHARTS, *, bold: bool = False) -> int:
    """Return the width of so many letters, in the unit of the size.

    >>> width(10), width(10, bold=True)
    (68, 80)
    """
    return ceil(letters * size * (BOLD if bold else PLAIN))

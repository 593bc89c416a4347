"""The last step all readers share: from raw text columns to a sheet without blanks, empty rows and empty columns."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import polars as pl

from data.ingest.readers.header import BLANKS, SAMPLE_ROWS, clean, groups_above, is_upper_row, name_columns, named_above
from data.ingest.readers.limits import LONGEST_CELL, check_texts
from data.ingest.readers.sheet import BrokenRow, FileRefused, Sheet

_LONG = 1_000
_FEW_BLANKS = 1
_MARKS = 30
"""As many combining marks on one letter as Unicode expects in any writing."""


def tidy(frame: pl.DataFrame, blanks: str = BLANKS) -> pl.DataFrame:
    """All cells stripped, empty ones null, wholly empty rows left out; the column `row` is kept as it is.

    blanks: those of BLANKS that any cell may have. Where they are few, looking for them is much faster than stripping.
    """
    cells = pl.exclude("row")
    if len(blanks) > _FEW_BLANKS or _around(frame, blanks):
        frame = frame.with_columns(cells.str.strip_chars(blanks))
    tidied = frame.with_columns(pl.when(cells.str.len_bytes() > 0).then(cells).name.keep())
    # Marks over marks over marks: putting them into the order of Unicode takes the square of their number.
    long = [name for name in tidied.columns[1:] if (tidied[name].str.len_bytes() > _LONG).any()]
    if long:
        tidied = tidied.with_columns(pl.col(long).str.replace_all(rf"(\pM{{{_MARKS}}})\pM+", "$1"))
    return tidied.filter(pl.any_horizontal(cells.is_not_null()))


def _around(frame: pl.DataFrame, blanks: str) -> bool:
    """Whether any cell begins or ends with one of some blanks."""
    cells = pl.exclude("row").str
    return any(True in frame.select((cells.starts_with(one) | cells.ends_with(one)).any()).row(0) for one in blanks)


def assemble(
    *,
    file: str,
    name: str | None,
    size: int,
    header: Sequence[str | None],
    frame: pl.DataFrame,
    broken: Sequence[BrokenRow] = (),
    notes: Sequence[str] = (),
    above: Sequence[Sequence[str | None]] = (),
    blanks: str = BLANKS,
) -> Sheet:
    """The sheet of a header, its rows (`row`, then one String column per header cell) and the rows above it. Of a header of two
    rows the lower one names the columns, the upper one their groups.

    size: bytes of the file it came from; blanks: as for `tidy`. Raises FileRefused: `header_only` when nothing stands under the
    header, `long_cell`, `too_large_area`.
    """
    _check_header(file, header, above)
    rows = tidy(frame, blanks)
    check_texts(file, rows, size)
    if rows.is_empty() and not broken:
        raise FileRefused(file, "header_only")
    header = named_above(above[-1], header) if above else header
    if is_upper_row(header, rows.head(SAMPLE_ROWS).drop("row").rows()):
        above = (*above, header)
        lower = rows.drop("row").row(0)
        header = [cell if clean(cell) else upper for cell, upper in zip(lower, header, strict=True)]
        notes = [f"header_row:{len(above) + 1}" if note.startswith("header_row:") else note for note in notes]
        rows = rows.slice(1)
    columns = rows.columns[1:]
    kept = {
        position: text
        for position, text in enumerate(header)
        if clean(text) or rows[columns[position]].null_count() < rows.height
    }
    groups = groups_above(above[-1], header) if above else ()
    names, changed = name_columns(
        {position + 1: text for position, text in kept.items()},
        {position + 1: groups[position] for position in kept} if groups else None,
    )
    rows = rows.select("row", *(pl.col(columns[position]).alias(f"c{index}") for index, position in enumerate(kept)))
    return Sheet(
        file=file,
        name=name,
        header=names,
        rows=rows,
        broken=tuple(replace(row, cells=_under_header(row.cells, kept)) for row in broken),
        notes=(*notes, *changed),
        titles=tuple((row, clean(cell)) for row, cells in enumerate(above, start=1) for cell in cells if clean(cell)),
        groups=tuple(groups[position] for position in kept) if groups else (),
    )


def _check_header(file: str, header: Sequence[str | None], above: Sequence[Sequence[str | None]]) -> None:
    for row, cells in enumerate((*above, header), start=1):
        if any(cell and len(cell) > LONGEST_CELL for cell in cells):
            raise FileRefused(file, "long_cell", row=row, most=LONGEST_CELL)


def _under_header(cells: Sequence[str], kept: Collection[int]) -> tuple[str, ...]:
    """A broken row's cells in the order of the kept columns, those of no column last."""
    inside = [cells[position] for position in kept if position < len(cells)]
    return (*inside, *(cell for position, cell in enumerate(cells) if position not in kept))

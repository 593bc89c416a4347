"""The last step all readers share: from raw text columns to a sheet without blanks, empty rows and empty columns."""

from collections.abc import Sequence

import polars as pl

from data.readers.header import clean, name_columns
from data.readers.sheet import BrokenRow, FileRefused, Sheet


def tidy(frame: pl.DataFrame) -> pl.DataFrame:
    """All cells stripped, empty ones null, wholly empty rows left out; the column `row` is kept as it is."""
    cells = pl.exclude("row")
    # `strip_chars()` knows all Unicode blanks but not the zero-width ones, which are rare enough to look for first.
    invisible = frame.select(cells.str.contains("^[\u200b\u2060\ufeff]|[\u200b\u2060\ufeff]$").any())
    odd = [name for name in invisible.columns if invisible[name][0]]
    # A blank may hide behind an invisible one and the other way round, hence the whole set for these columns.
    tidied = frame.with_columns(pl.col(odd).str.replace_all(r"^[\s\u200b\u2060\ufeff]+|[\s\u200b\u2060\ufeff]+$", ""))
    tidied = tidied.with_columns(cells.str.strip_chars())
    tidied = tidied.with_columns(pl.when(cells.str.len_bytes() > 0).then(cells).name.keep())
    return tidied.filter(pl.any_horizontal(cells.is_not_null()))


def assemble(
    *,
    file: str,
    name: str | None,
    header: Sequence[str | None],
    frame: pl.DataFrame,
    broken: Sequence[BrokenRow] = (),
    notes: Sequence[str] = (),
    titles: Sequence[str] = (),
) -> Sheet:
    """The sheet of a header and its rows (`row`, then one String column per header cell).

    Raises FileRefused (`header_only`) when nothing stands under the header.
    """
    rows = tidy(frame)
    if rows.is_empty() and not broken:
        raise FileRefused(file, "header_only")
    columns = rows.columns[1:]
    kept = {
        position: text
        for position, text in enumerate(header)
        if clean(text) or rows[columns[position]].null_count() < rows.height
    }
    names, changed = name_columns({position + 1: text for position, text in kept.items()})
    rows = rows.select("row", *(pl.col(columns[position]).alias(f"c{index}") for index, position in enumerate(kept)))
    return Sheet(
        file=file,
        name=name,
        header=names,
        rows=rows,
        broken=tuple(broken),
        notes=(*notes, *changed),
        titles=tuple(text for text in map(clean, titles) if text),
    )

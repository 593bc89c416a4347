"""PX files, the format of Statistics Finland's StatFin and other PxWeb databases: one table, its variables and one cell for each
combination of their values (PX file format specification 2013, Statistics Sweden).

A reader of our own: the libraries there are fetch addresses from the network or have not been kept up.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from pathlib import Path

import polars as pl

from data.ingest.readers.encoding import recoded, to_utf8
from data.ingest.readers.limits import LONGEST_CELL
from data.ingest.readers.px_cells import Said, sparse_cells, statements, texts
from data.ingest.readers.sheet import FileRefused, Sheet, file_name
from data.ingest.readers.table import assemble

VALUE_HEADER = "Väestö"

_CODEPAGE = re.compile(rb'CODEPAGE\s*=\s*"([A-Za-z0-9_-]{1,40})"')
_CODEPAGES = {
    "iso-8859-1": "iso-8859-1", "iso-8859-15": "iso-8859-15", "windows-1252": "cp1252", "cp1252": "cp1252", "utf-8": "utf-8",
}  # fmt: skip
_CELL = re.compile(r'"([^"]*)"|([^\s,;"]+)')
_CONTROLS = re.compile(rb"[\x80-\x9f]")
_PLAIN = frozenset("alue kunta kieli vuosi område kommun språk år area municipality region language year".split())
"""First words of the variables the language table is about; of any other, only the total counts."""
_TOTAL = re.compile(r"(?i)^SSS\b|\b(?:yhteensä|totalt|total)\b")


def read_px(path: Path, name: str | None = None) -> Sheet:
    """The one sheet of a PX file: a column per variable (`code text` where it has codes) and one for the cells.

    Variables beside area, language and year (age, sex) are kept at their total, so that nobody is counted twice. `row` is the
    number of the cell, counted from 2 as if a header stood above. Raises FileRefused `not_px`.
    """
    file = name or file_name(path)
    raw = path.read_bytes()
    data, encoding = _decoded(raw, file)
    said = statements(data.decode())
    names = [*texts(said.get(("STUB", ""), "")), *texts(said.get(("HEADING", ""), ""))]
    values = [texts(said.get(("VALUES", name), "")) for name in names]
    cells = _cells(said, names, values)
    if not names or not cells:
        raise FileRefused(file, "not_px")
    labels = [_labels(one, texts(said.get(("CODES", name), ""))) for name, one in zip(names, values, strict=True)]
    if any(len(label) > LONGEST_CELL for one in labels for label in one):
        raise FileRefused(file, "not_px")
    columns = ["row", *(f"c{index}" for index in range(len(names) + 1))]
    schema = {"row": pl.UInt32} | dict.fromkeys(columns[1:], pl.String)
    frame = pl.DataFrame(list(_rows(names, labels, cells)), schema=schema, orient="row")
    return assemble(
        file=file,
        name=None,
        size=len(raw),
        header=[*names, VALUE_HEADER],
        frame=frame,
        notes=(f"encoding:{encoding}", "header_row:1"),
    )


def _decoded(data: bytes, file: str) -> tuple[bytes, str]:
    """The text as UTF-8 by the code page it says it has. Real UTF-8 is believed before it, and Windows-1252 has letters where
    ISO 8859 has controls.
    """
    utf8, encoding = to_utf8(data, file)
    found = _CODEPAGE.search(data[:10_000])
    page = _CODEPAGES.get(found[1].decode().lower()) if found else None
    if encoding != "cp1252" or page in (None, "utf-8", "cp1252"):
        return utf8, encoding
    if page and not _CONTROLS.search(data):
        return recoded(data, page), page
    return utf8, encoding


def _cells(said: Said, names: Sequence[str], values: Sequence[Sequence[str]]) -> list[str]:
    """One cell for each combination of values, in their order; none when the two do not agree."""
    stub = texts(said.get(("STUB", ""), ""))
    keys = [said.get(("KEYS", name), "").strip().upper() for name in names]
    if any(keys):
        if not all(keys[: len(stub)]) or any(keys[len(stub) :]):
            return []
        known = [
            texts(said.get(("CODES", name), "")) if key == "CODES" else every
            for key, name, every in zip(keys, stub, values, strict=False)
        ]
        return sparse_cells(said.get(("DATA", ""), ""), known, prod(map(len, values[len(stub) :])))
    cells = [quoted or plain for quoted, plain in _CELL.findall(said.get(("DATA", ""), ""))]
    return cells if len(cells) == prod(map(len, values)) else []


def _rows(
    names: Sequence[str], labels: Sequence[Sequence[str]], cells: Sequence[str]
) -> Iterator[tuple[int | str, ...]]:
    """The cells that count, each with its number and the labels it stands for."""
    left_out = [_parts(name, every) for name, every in zip(names, labels, strict=True)]
    for number, (places, cell) in enumerate(
        zip(product(*(range(len(every)) for every in labels)), cells, strict=True), 2
    ):
        if not any(place in parts for place, parts in zip(places, left_out, strict=True)):
            yield (number, *(every[place] for place, every in zip(places, labels, strict=True)), cell)


def _parts(name: str, labels: Sequence[str]) -> frozenset[int]:
    """Places of one age or sex, where the variable has a total too."""
    if name.split(" ")[0].casefold() in _PLAIN:
        return frozenset()
    totals = {place for place, label in enumerate(labels) if _TOTAL.search(label)}
    return frozenset(range(len(labels))) - totals if totals else frozenset()


def _labels(texts: Sequence[str], codes: Sequence[str]) -> list[str]:
    if len(codes) != len(texts):
        return list(texts)
    return [
        text if f"{text} ".startswith(f"{code} ") else f"{code} {text}" for code, text in zip(codes, texts, strict=True)
    ]

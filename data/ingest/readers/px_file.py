"""PX files, the format of Statistics Finland's StatFin and other PxWeb databases: one table, its variables and one cell for each
combination of their values (PX file format specification 2013, Statistics Sweden).

A reader of our own: the libraries there are fetch addresses from the network or have not been kept up.
"""

import re
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import polars as pl

from data.ingest.readers.encoding import to_utf8
from data.ingest.readers.sheet import FileRefused, Sheet, file_name
from data.ingest.readers.table import assemble

PX_MARKS = (b"CHARSET=", b"AXIS-VER")
VALUE_HEADER = "Väestö"

_STATEMENT = re.compile(
    r'\s*(?P<word>[A-Z][A-Z0-9-]*)(?P<lang>\[[^\]]*\])?(?:\("(?P<of>[^"]*)"[^)]*\))?\s*=\s*(?P<said>(?:"[^"]*"|[^";]+)*+);'
)
_TEXTS = re.compile(r'"([^"]*)"(?:\s*"([^"]*)")*')
_CELL = re.compile(r'"([^"]*)"|([^\s,;"]+)')
_PLAIN = frozenset("alue kunta kieli vuosi område kommun språk år area municipality region language year".split())
"""First words of the variables the language table is about; of any other, only the total counts."""
_TOTAL = re.compile(r"(?i)^(?:SSS\b.*|.*\b(?:yhteensä|totalt|total)\b.*)$")


def read_px(path: Path) -> Sheet:
    """The one sheet of a PX file: a column per variable (`code text` where it has codes) and one for the cells.

    Variables beside area, language and year (age, sex) are kept at their total, so that nobody is counted twice. `row` is the
    number of the cell, counted from 2 as if a header stood above. Raises FileRefused `not_px`.
    """
    file = file_name(path)
    data, encoding = to_utf8(path.read_bytes(), file)
    text = data.decode()
    said: dict[tuple[str, str], str] = {}
    for found in _STATEMENT.finditer(text):
        if not found["lang"]:
            said.setdefault((found["word"], found["of"] or ""), found["said"])
    names = [*_texts(said.get(("STUB", ""), "")), *_texts(said.get(("HEADING", ""), ""))]
    values = [_texts(said.get(("VALUES", name), "")) for name in names]
    cells = [quoted or plain for quoted, plain in _CELL.findall(said.get(("DATA", ""), ""))]
    size = 1
    for one in values:
        size *= len(one)
    if not names or not cells or size != len(cells) or ("KEYS", names[0]) in said:
        raise FileRefused(file, "not_px")
    labels = [_labels(one, _texts(said.get(("CODES", name), ""))) for name, one in zip(names, values, strict=True)]
    rows = [
        (number, *combination, cell)
        for number, (combination, cell) in enumerate(zip(product(*labels), cells, strict=True), 2)
        if not _is_part(names, combination, labels)
    ]
    columns = ["row", *(f"c{index}" for index in range(len(names) + 1))]
    schema = {"row": pl.UInt32} | dict.fromkeys(columns[1:], pl.String)
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return assemble(
        file=file,
        name=None,
        header=[*names, VALUE_HEADER],
        frame=frame,
        notes=(f"encoding:{encoding}", "header_row:1"),
    )


def _texts(said: str) -> list[str]:
    """The strings of a statement; pieces without a comma between them are one string broken over lines."""
    return ["".join(re.findall(r'"([^"]*)"', found.group(0))) for found in _TEXTS.finditer(said)]


def _labels(texts: Sequence[str], codes: Sequence[str]) -> list[str]:
    if len(codes) != len(texts):
        return list(texts)
    return [
        text if f"{text} ".startswith(f"{code} ") else f"{code} {text}" for code, text in zip(codes, texts, strict=True)
    ]


def _is_part(names: Sequence[str], combination: Sequence[str], labels: Sequence[Sequence[str]]) -> bool:
    """A cell of one age or sex, where the variable has a total too."""
    return any(
        name.split(" ")[0].casefold() not in _PLAIN
        and not _TOTAL.match(label)
        and any(_TOTAL.match(other) for other in every)
        for name, label, every in zip(names, combination, labels, strict=True)
    )

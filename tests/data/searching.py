"""Looks for texts in everything below a folder: bytes, DuckDB's tables, whose texts are compressed, and what zips hold."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb


def found_below(folder: Path, needles: Sequence[str]) -> list[str]:
    """Where one of the needles (in small letters) stands: in a name, or in a content."""
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        found += [f"{name}: its name" for needle in needles if needle in name.casefold()]
        if path.is_file():
            found += [f"{name}: {place}" for place in _found_in(path.read_bytes(), needles)]
    return found


def found_in_text(text: str, needles: Sequence[str]) -> list[str]:
    """Those of the needles that stand in a text."""
    return [needle for needle in needles if needle in text.casefold()]


def _found_in(content: bytes, needles: Sequence[str]) -> Iterator[str]:
    for encoding in ("utf-8", "utf-16-le"):
        text = content.decode(encoding, "ignore").casefold()
        yield from (f"{needle} as {encoding}" for needle in needles if needle in text)
    if content[8:12] == b"DUCK":
        for text in _texts_of_tables(content):
            yield from (f"{needle} in a table" for needle in needles if needle in text.casefold())
    elif zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                yield from (f"{name}: {place}" for place in _found_in(packed.read(name), needles))


def _texts_of_tables(content: bytes) -> Iterator[str]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "copy.duckdb"
        file.write_bytes(content)
        with duckdb.connect(str(file), read_only=True) as connection:
            tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall()
            types = connection.execute("SELECT string_agg(labels::VARCHAR, ' ') FROM duckdb_types()").fetchall()
            yield str(types)
            for (table,) in tables:
                rows = connection.execute(f'SELECT theirs::VARCHAR FROM "{table}" theirs').fetchall()
                yield f"{table} " + " ".join(str(text) for (text,) in rows)

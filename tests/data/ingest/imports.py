"""Files and stores for the import tests, made of nothing but made-up rows."""

import re
from collections.abc import Sequence
from pathlib import Path

from data.ingest.pipeline import prepare, publish
from data.ingest.plan import Prepared
from data.store.generation import Generation
from data.store.store import Store
from data.store.workspace import looking_into

HEADER = "Tunnus;Asiakas;Pvm;Kuntanro;Kieli;Kielituki;Kanava;Aiheet;Kesto_h;Tulos"
GOOD = "K1;AS-1;3.2.2025;49;Arabia;Etätulkki;Puhelin;Työ;0,50;Ratkesi"


def encounters(folder: Path, *rows: str, name: str = "kohtaamiset.csv", header: str = HEADER) -> Path:
    """A CSV file of encounters."""
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def load(store: Store, *paths: Path) -> tuple[Prepared, Generation | None]:
    """Prepare and publish."""
    return publish(prepare(paths, store), store, "test")


def rows(store: Store, query: str) -> list[tuple[object, ...]]:
    """Rows of a query over the serving generation, into which it looks: to open it for readers takes eight times as long."""
    with looking_into(store.file(store.serving())) as connection:
        return [tuple(row) for row in connection.execute(query).fetchall()]


def bytes_below(folder: Path) -> Sequence[bytes]:
    """The content of every file below a folder."""
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def said_only(content: bytes) -> bytes:
    """A content without digests, pseudonyms, keys and parts of a second: any four digits stand in them by chance."""
    return re.sub(rb"[0-9a-f]{24,}|\d{15,}|(?<=\d)\.\d{6}", b" ", content)

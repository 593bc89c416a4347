"""Preparation of uploaded files, which are on disk only while they are read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from data.ingest.batch import Progress
from data.ingest.pipeline import prepare
from data.ingest.plan import Prepared
from data.personal import kinds
from data.store.store import Store

ENDINGS = ["csv", "txt", "xlsx", "parquet", "px"]
_LONGEST_NAME = 180  # bytes; the store adds a time stamp to it, and file systems end at 255
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')


class Upload(Protocol):
    """An uploaded file: the part of Streamlit's UploadedFile that is used here."""

    @property
    def name(self) -> str: ...  # noqa: D102
    def getbuffer(self) -> memoryview: ...  # noqa: D102


def prepare_uploads(uploads: Sequence[Upload], store: Store, progress: Progress) -> Prepared:
    """Return the prepared import of uploaded files. Raises what `data.ingest.pipeline.prepare` raises.

    The files are written to a temporary folder that only its owner may open, and that is always removed afterwards.
    """
    with TemporaryDirectory(prefix="tilannekuva-") as folder:
        paths = []
        for number, upload in enumerate(uploads, 1):
            path = Path(folder, str(number), safe_name(upload.name, number))  # two files may have one name
            path.parent.mkdir(mode=0o700)
            path.write_bytes(upload.getbuffer())
            paths.append(path)
        return prepare(paths, store, progress)


def safe_name(name: str, number: int = 1) -> str:
    r"""Return the name of an uploaded file without folders, unsafe characters or personal data.

    A name that holds personal data is replaced, because names are shown, logged and kept with rejected rows.

    >>> safe_name("../../etc/asiakkaat 2025.csv"), safe_name("C:\\tiedot\\a?b.xlsx")
    ('asiakkaat 2025.csv', 'a_b.xlsx')
    >>> safe_name("131052-308T.csv", 2), safe_name("..")
    ('file-2.csv', 'file-1')
    """
    last = re.split(r"[\\/]", name)[-1]
    kept = "".join(c if c.isprintable() else "_" for c in _NOT_IN_NAMES.sub("_", last)).strip()
    stem, dot, ending = kept.rpartition(".")
    personal = any(kinds(part) for part in (kept, stem, ending))
    if not ending or len(ending) > 10 or kinds(ending):
        # Windows drops a dot or a blank at the end of a name.
        stem, dot, ending = kept.rstrip(". "), "", ""
    if personal or not stem.strip(". "):
        stem = f"file-{number}"
    while len(f"{stem}{dot}{ending}".encode()) > _LONGEST_NAME:
        stem = stem[:-1]
    return f"{stem}{dot}{ending}"

"""From uploaded files to what an import would do; the files stand on disk only while they are read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from data.ingest.batch import Progress, Wishes
from data.ingest.names import told_name
from data.ingest.pipeline import prepare
from data.ingest.plan import Prepared
from data.store.store import Store

_LONGEST_NAME = 180  # bytes; the store adds a time stamp to it, and file systems end at 255
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')


class Upload(Protocol):
    """An uploaded file: Streamlit's UploadedFile, as far as it is used here."""

    @property
    def name(self) -> str: ...  # noqa: D102
    def getbuffer(self) -> memoryview: ...  # noqa: D102


def prepare_uploads(
    uploads: Sequence[Upload], store: Store, progress: Progress, wishes: Wishes | None = None
) -> Prepared:  # fmt: skip
    """Prepare uploaded files as the steward wishes. Raises what `data.ingest.pipeline.prepare` raises.

    They are written to a folder that only its owner may open, and that is gone afterwards whatever happens.
    """
    with TemporaryDirectory(prefix="tilannekuva-") as folder:
        paths, names = [], []
        for number, upload in enumerate(uploads, 1):
            names.append(_cleaned(upload.name, number))
            path = Path(folder, str(number), safe_name(upload.name, number))  # two files may have one name
            path.parent.mkdir(mode=0o700)
            path.write_bytes(upload.getbuffer())
            paths.append(path)
        return prepare(paths, store, progress, wishes, names=names)


def safe_name(name: str, number: int = 1) -> str:
    r"""The name of an uploaded file, without folders, and without what file systems and people must not get to see.

    A name that holds personal data is replaced, because names are shown, logged and kept with rejected rows.

    >>> safe_name("../../etc/asiakkaat 2025.csv"), safe_name("C:\\tiedot\\a?b.xlsx")
    ('asiakkaat 2025.csv', 'a_b.xlsx')
    >>> safe_name("131052-308T.csv", 2), safe_name("..")
    ('file-2.csv', 'file-1')
    """
    return told_name(_cleaned(name, number), number).shown


def _cleaned(name: str, number: int) -> str:
    last = re.split(r"[\\/]", name)[-1]
    visible = "".join(c for c in last if unicodedata.category(c) != "Cf")
    kept = "".join(c if c.isprintable() else "_" for c in _NOT_IN_NAMES.sub("_", visible)).strip()
    stem, dot, ending = kept.rpartition(".")
    if not ending or len(ending) > 10:
        # Windows drops a dot or a blank at the end of a name.
        stem, dot, ending = kept.rstrip(". "), "", ""
    if not stem.strip(". "):
        stem = f"file-{number}"
    while len(f"{stem}{dot}{ending}".encode()) > _LONGEST_NAME:
        stem = stem[:-1]
    return f"{stem}{dot}{ending}"

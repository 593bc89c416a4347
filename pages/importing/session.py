"""State of an import in one browser session: prepared files, published generation, and pending rollback."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from data.ingest.plan import Prepared
from data.store.generation import Generation

_KEY = "import_session"


@dataclass
class ImportSession:
    """The state of the import page between reruns."""

    round: int = 0
    """Counter of the uploader's key; a new key gives an empty uploader, and the server drops the earlier files."""
    uploads: tuple[str, ...] = ()
    """Ids of the uploaded files of `prepared`."""
    prepared: Prepared | None = None
    published: Generation | None = None
    """The generation published from `prepared`."""
    rollback_to: str | None = None
    """Token of the generation whose rollback awaits confirmation; its number may by then belong to another one."""

    def received(self, uploads: tuple[str, ...], prepared: Prepared | None) -> None:
        """Replace the prepared files; the state of earlier ones is discarded."""
        self.uploads, self.prepared, self.published, self.rollback_to = uploads, prepared, None, None

    def done(self, prepared: Prepared, generation: Generation | None) -> None:
        """Record the publication: keep the report, release rows and uploaded files."""
        self.round += 1
        self.uploads, self.published = (), generation
        self.prepared = without_rows(prepared)


def import_session() -> ImportSession:
    """Return the state of this browser session, created on first use."""
    found = st.session_state.setdefault(_KEY, ImportSession())
    assert isinstance(found, ImportSession)
    return found


def without_rows(prepared: Prepared) -> Prepared:
    """Return the report without its rows, to be shown after publication."""
    files = tuple(
        replace(
            file,
            parts=tuple(replace(part, frame=part.frame.clear(), clients=part.clients.clear()) for part in file.parts),
        )
        for file in prepared.files
    )
    return replace(prepared, files=files)

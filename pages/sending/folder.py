"""Files of a report in a folder that others look into: whole or not there, and never through a link that somebody has left."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from data.store.durable import fsync
from data.store.store import Store
from pages.sending.settings import SendingError


def check_folder(folder: Path, store: Store) -> None:
    """Raise SendingError: `folder` (there is none, as when a disk is not there), `folder_inside` (of the store)."""
    if not folder.is_dir():
        raise SendingError("folder", path=folder)
    if folder.resolve().is_relative_to(store.path.resolve()):
        raise SendingError("folder_inside", path=folder)


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files by their names; what is in their place goes, be it a link. Raises OSError."""
    for name, content in files.items():
        draft = folder / f".{secrets.token_hex(8)}.tmp"  # nobody can have put a link there
        try:
            _write(draft, content)
            draft.replace(folder / name)
        except OSError:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise
    fsync(folder)


def _write(draft: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    # Whoever runs the app says with the umask who may read it.
    with os.fdopen(os.open(draft, flags, 0o644), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())

"""Lines that are only ever added: what people write beside the numbers (targets, notes, briefings, hypotheses, watches).

One JSON object per line, oldest first; a later line on the same thing replaces or withdraws the earlier one, and nothing is
erased. A ledger belongs to the store, not to a generation: an import or a rollback leaves it alone.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import filelock
from pydantic import BaseModel, ValidationError

from data.store.durable import write_durably
from data.store.store import StoreError

L = TypeVar("L", bound=BaseModel)


def append(path: Path, line: L) -> L:
    """Add a line: the file is written anew beside the old one and takes its place, so that no crash can tear it.

    Raises StoreError ("busy", "damaged").
    """
    with alone(path.parent):
        read(path, type(line))  # what cannot be read is not built upon
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        write_durably(path, before + json.dumps(line.model_dump(mode="json"), ensure_ascii=False) + "\n")
        path.chmod(0o600)
    return line


def read(path: Path, model: type[L]) -> tuple[L, ...]:
    """Every line ever written, oldest first; none when there is no file. Raises StoreError("damaged")."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    found = []
    # Only the line feed parts lines: a text may hold any other mark that Python takes for one.
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else (), 1):
        try:
            found.append(model.model_validate_json(line))
        except ValidationError:
            raise StoreError("damaged", path, str(number)) from None
    return tuple(found)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """A lock of the folder's own, so that a long import keeps nobody from writing; it may be taken again within itself."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with filelock.FileLock(folder / "lock", timeout=30, is_singleton=True):
            yield
    except filelock.Timeout:
        raise StoreError("busy", folder) from None


def now() -> datetime:
    """The time of a line: UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)

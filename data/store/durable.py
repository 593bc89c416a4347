"""Writing so that a power cut loses nothing: a reader sees the old text or the new, never a torn one."""

import os
from pathlib import Path


def fsync(path: Path) -> None:
    """Make a file or a folder's entries survive a power cut."""
    if path.is_dir() and os.name != "posix":
        return  # Windows has no handle for a folder and needs none.
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_durably(path: Path, text: str) -> None:
    """Replace a small file, for its owner alone, so that a reader sees the old text or the new, whatever happens."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(path)
    fsync(path.parent)

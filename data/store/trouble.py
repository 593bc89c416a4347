"""What a disk and DuckDB raise becomes a StoreError here, and nowhere else: damage, no room, no right to read or write."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data.refusal import is_stop
from data.store.errors import StoreError, damage_of

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_SPILL = "max_temp_directory_size"
"""What DuckDB names where the disk has no room for what memory has none for."""
_SHUT = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@contextmanager
def told(folder: Path, name: str, *, writing: bool = False) -> Iterator[None]:
    """Raise a StoreError for what the disk does in the block.

    folder: of the store; name: the file in it that is read, or that what is written is made from; nothing where there is none.
    writing: the block writes to the store. Any other error goes through as it is: it is no fault of the disk. Raises
    KeyboardInterrupt for Ctrl-C in the middle of a statement.
    """
    try:
        yield
    except RuntimeError as error:
        if is_stop(error):
            raise KeyboardInterrupt from None
        raise
    except (OSError, duckdb.Error) as error:
        found = trouble_of(error, folder, name, writing=writing)
        if found is None:
            raise
        raise found from None


def trouble_of(error: Exception, folder: Path, name: str, *, writing: bool) -> StoreError | None:
    """The StoreError of an error, None when neither the disk nor a file of the store has brought it about."""
    if not isinstance(error, OSError | duckdb.Error) or isinstance(error, FileExistsError | NotADirectoryError):
        return None  # whoever makes a folder says what is in its place
    if isinstance(error, OSError) and (error.errno is None or (error.errno == errno.ENOENT and not writing)):
        return (
            None  # nothing that the disk has said; or whoever looks for the file says what it means that there is none
        )
    number = error.errno if isinstance(error, OSError) else _number(str(error))
    if isinstance(error, duckdb.OutOfMemoryException) and _SPILL not in str(error):
        return StoreError("no_memory", folder)
    if number in _NO_ROOM or isinstance(error, duckdb.OutOfMemoryException):
        return StoreError("no_room", folder)
    if number in _SHUT or (isinstance(error, OSError) and number != errno.EIO):
        return StoreError("unwritable", folder) if writing else StoreError("unreadable", folder / name)
    if not name:
        return StoreError("unwritable", folder) if isinstance(error, OSError) else None
    return StoreError(damage_of(name), folder, name) if isinstance(error, OSError) or is_damage(error) else None


def is_damage(error: duckdb.Error) -> bool:
    """Whether DuckDB found its file damaged, rather than the question wrong or the disk full."""
    kinds = duckdb.SerializationException | duckdb.FatalException | duckdb.InternalException | duckdb.IOException
    return isinstance(error, kinds) or "corrupt" in str(error).lower()


def _number(said: str) -> int | None:
    """The error number that DuckDB has put into words; it keeps none."""
    return next((number for number in (*_NO_ROOM, *_SHUT, errno.EIO) if os.strerror(number) in said), None)

"""A folder of files that is whole or not there: a web server never finds half a site in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from data.store.durable import fsync
from data.store.trouble import trouble_of
from metrics.packages.errors import PackageError


def check_free(out: Path) -> None:
    """Raise PackageError: `folder_exists`, unless a folder is empty or not there yet."""
    if out.is_symlink() and not out.exists():  # a link to nothing
        raise PackageError("folder_exists", path=out)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise PackageError("folder_exists", path=out)


def write_whole(out: Path, files: Mapping[str, bytes]) -> None:
    """Write files by their names into a folder that is empty or not there yet. Raises OSError, and PackageError:
    `folder_exists`; `no_room` on a full disk. After every failure the folder is as it was.
    """
    check_free(out)
    # What is there may be where a disk is mounted, which cannot be put in the place of another folder.
    beside = (out if out.exists() else out.parent) / f".{out.name}.{os.getpid()}.tmp"
    made = {out / name.partition("/")[0] for name in files} if out.exists() else set()
    with _removed_on_failure(out, {beside, *made}):
        for name, content in files.items():
            (beside / name).parent.mkdir(parents=True, exist_ok=True)
            (beside / name).write_bytes(content)
            fsync(beside / name)
        if beside.parent == out:
            # The page that leads to the others comes last.
            for one in sorted(beside.iterdir(), key=lambda path: path.is_file()):
                one.rename(out / one.name)
            beside.rmdir()
        else:
            beside.rename(out)
        fsync(out)


@contextmanager
def _removed_on_failure(out: Path, made: Collection[Path]) -> Iterator[None]:
    try:
        yield
    except BaseException as error:  # also when it is stopped
        for one in made:
            if one.is_dir():
                shutil.rmtree(one, ignore_errors=True)
            else:
                one.unlink(missing_ok=True)
        found = trouble_of(error, out, "", writing=True) if isinstance(error, OSError) else None
        if found is not None and found.reason == "no_room":
            raise PackageError("no_room", path=out) from None
        raise

"""Cells that an earlier generation has: where no row has changed that they are counted from, the next one has the same.

So after a small delivery only what is counted from its tables is counted anew.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from data.model.schema import tables
from data.store.errors import StoreError
from data.store.generation import Generation
from data.store.kept import kept
from data.store.store import Store
from metrics.cube.counting import Counting, CumulativeProfile
from metrics.cube.shape import Shape

_READ = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)|'(\w+)'")
"""What a script reads from, and what it calls by name: deliveries are told apart by their table."""
DELIVERIES = "delivery"


@lru_cache(maxsize=4096)
def tables_of(measure: Counting | CumulativeProfile, shape: Shape) -> frozenset[str]:
    """Return the tables of a store that cells are counted from."""
    from metrics.cube.scan import Job  # as in `metrics.cube.cube`

    setup, queries = Job(measure if isinstance(measure, CumulativeProfile) else (measure,), shape).script()
    text = "\n".join([*(one for one in setup if isinstance(one, str)), *queries])
    return frozenset(name for pair in _READ.findall(text) for name in pair if name in tables())


class EarlierCells:
    """The cells of all generations that a store keeps, and of the release that is seen.

    The name of a file tells all that decides its cells but the rows: what is counted, how, and until when.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._prints: dict[str, Mapping[str, object]] = {}
        self._earlier: list[Generation] = []
        with suppress(StoreError):  # a description is damaged: whoever lists the generations is told
            self._earlier = [*reversed(kept(Store(store.path)))]

    def take(self, path: Path, generation: Generation, measure: Counting | CumulativeProfile, shape: Shape) -> bool:
        """Put the same cells of another generation in the place of a generation's, if there are any. Raises StoreError."""
        for one in tuple(self._earlier):
            file = self._store.cube_path(one) / path.name
            if file != path and file.exists() and self._is_same(one, generation, tables_of(measure, shape)):
                return _linked(file, path)
        return False

    def _is_same(self, one: Generation, other: Generation, read: frozenset[str]) -> bool:
        if one.schema_version != other.schema_version:
            return False
        now = self._prints_of(other)
        try:
            then = self._prints_of(one)
        except StoreError:  # damaged, or just pruned: nothing is taken from it, and whoever goes back to it is told
            self._earlier.remove(one)
            return False
        names = read - {DELIVERIES} | {f"{DELIVERIES} {name}" for name in read if DELIVERIES in read}
        return all(now.get(name) == then.get(name) for name in names)

    def _prints_of(self, generation: Generation) -> Mapping[str, object]:
        """Return a finger-print of the rows of each table, and of the deliveries of each."""
        if generation.token not in self._prints:
            with self._store.reading(generation) as cursor:
                found: dict[str, object] = {}
                for name in tables():
                    by = "data_table" if name == DELIVERIES else "NULL"
                    query = f"SELECT {by}, count(*), sum(hash(one)::HUGEINT) FROM {name} one GROUP BY ALL"
                    for of, *told in cursor.execute(query).fetchall():
                        found[f"{name} {of}" if of else name] = tuple(told)
            self._prints[generation.token] = found
        return self._prints[generation.token]


_taken_from: list[EarlierCells] = []


@contextmanager
def taking_from(earlier: EarlierCells) -> Iterator[None]:
    """Take cells of this process from earlier generations meanwhile, where they are the same."""
    _taken_from.append(earlier)
    try:
        yield
    finally:
        _taken_from.remove(earlier)


def taken(path: Path, generation: Generation, measure: Counting | CumulativeProfile, shape: Shape) -> bool:
    """Whether the same cells of another generation have been put in the place of a generation's. Raises StoreError."""
    return bool(_taken_from) and _taken_from[-1].take(path, generation, measure, shape)


def _linked(file: Path, path: Path) -> bool:
    """Nobody writes into a file of cells that is whole: two names of one are as two files."""
    try:
        os.link(file, path)
    except FileExistsError:
        return True
    except OSError:  # a file system without links
        temporary = path.with_name(f"{path.name}.tmp")
        try:
            shutil.copyfile(file, temporary)
            temporary.chmod(0o600)
            temporary.replace(path)
        except OSError:  # there is no room: half of it would be in nobody's way, and take up some
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
            return False
    return True

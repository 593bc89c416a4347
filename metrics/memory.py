"""A bounded in-memory cache shared by all sessions of a process, with least-recently-used eviction."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Origin = tuple[Path, str]
"""The folder of a store, and the token or the name of a generation of it that something in memory was found from."""


class Memory(Generic[K, V]):
    """A thread-safe cache whose values' weights together never exceed a bound; the least recently used are evicted first.

    Values are not copied: they must be immutable or thread-safe. A key must contain everything that decides the value;
    for data of a generation, its token. bound: in the unit of the weights. origin: of what a value is by its key, None for what
    is of no store; values go with their generation (`let_go`).
    """

    def __init__(self, bound: int, origin: Callable[[K], Origin | None] | None = None) -> None:
        self.bound = bound
        self.origin = origin
        if origin:
            _of_generations.append(self)
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._weight = 0
        self._lock = threading.Lock()

    @property
    def weight(self) -> int:
        """Sum of the weights of all values."""
        return self._weight

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[K]:
        """Yield the keys of the values that are there when it begins."""
        with self._lock:
            every = tuple(self._entries)
        return iter(every)

    def get(self, key: K) -> V | None:
        """Return the value of a key, None when it is not cached."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: K, value: V, weight: int) -> None:
        """Cache a value. One heavier than the bound is not cached, and evicts all others."""
        with self._lock:
            self._drop(key)
            self._entries[key] = value, weight
            self._weight += weight
            self._evict()

    def grow(self, key: K, value: V, more: int) -> None:
        """Add `more` to the weight of a value; nothing happens when it is no longer cached."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or entry[0] is not value:
                return
            self._entries[key] = value, entry[1] + more
            self._entries.move_to_end(key)
            self._weight += more
            self._evict()

    def recall(self, key: K, make: Callable[[], V], weigh: Callable[[V], int]) -> V:
        """Return the value of a key, computed by `make` when it is not cached.

        weigh: returns the weight of a computed value. Exceptions of `make` propagate and are not cached.
        """
        found = self.get(key)
        if found is None:
            # Outside the lock: two threads may compute the same value, but none waits for another's computation.
            found = make()
            self.put(key, found, weigh(found))
        return found

    def remove(self, keys: Iterable[K]) -> None:
        """Remove the values of some keys."""
        with self._lock:
            for key in keys:
                self._drop(key)

    def clear(self) -> None:
        """Remove all values."""
        with self._lock:
            self._entries.clear()
            self._weight = 0

    def _evict(self) -> None:
        while self._weight > self.bound:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: K) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._weight -= entry[1]


_of_generations: list[Memory[Any, Any]] = []


def origins() -> set[Origin]:
    """Return what all that is in memory was found from."""
    found = {memory.origin(key) for memory in tuple(_of_generations) if memory.origin for key in memory}
    return {origin for origin in found if origin}


def let_go(gone: Collection[Origin]) -> None:
    """Let go of all that was found from some generations."""
    for memory in tuple(_of_generations):
        if memory.origin:
            memory.remove([key for key in memory if memory.origin(key) in gone])


def at_the_head(key: tuple[Any, ...]) -> Origin | None:
    """Return the origin that a key begins with: the folder, None for what is of no store, and the token."""
    folder, token = key[:2]
    return (folder, token) if folder else None

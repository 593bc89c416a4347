"""A bounded in-memory cache shared by all sessions of a process, with least-recently-used eviction."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """A thread-safe cache whose values' weights together never exceed a bound; the least recently used are evicted first.

    Values are not copied: they must be immutable or thread-safe. A key must contain everything that decides the value;
    for data of a generation, its token. bound: in the unit of the weights.
    """

    def __init__(self, bound: int) -> None:
        self.bound = bound
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

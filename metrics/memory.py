"""A bounded memory that all visitors of a process share: what was used longest ago goes first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """Values by key, whose weights together never pass a bound. Safe for threads.

    Values are handed out as they are, not as copies: they must be immutable, or know themselves how to be shared. A key
    must hold all that decides the value; of a generation that is its token. bound: in the unit of the weights.
    """

    def __init__(self, bound: int) -> None:
        self.bound = bound
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._weight = 0
        self._lock = threading.Lock()

    @property
    def weight(self) -> int:
        """What all values weigh together."""
        return self._weight

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K) -> V | None:
        """The value of a key, None when it is not held."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: K, value: V, weight: int) -> None:
        """Hold a value. One that is heavier than the bound is not held at all."""
        with self._lock:
            self._drop(key)
            self._entries[key] = value, weight
            self._weight += weight
            self._make_room()

    def grow(self, key: K, value: V, more: int) -> None:
        """A value has become heavier since it was put; one that is not held any more is let be."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or entry[0] is not value:
                return
            self._entries[key] = value, entry[1] + more
            self._entries.move_to_end(key)
            self._weight += more
            self._make_room()

    def recall(self, key: K, make: Callable[[], V], weigh: Callable[[V], int]) -> V:
        """The value of a key, made when it is not held. What `make` raises is not remembered."""
        found = self.get(key)
        if found is None:
            # Not under the lock: two who ask at once may both make it, but nobody waits for another's question.
            found = make()
            self.put(key, found, weigh(found))
        return found

    def clear(self) -> None:
        """Forget everything, as a restart does."""
        with self._lock:
            self._entries.clear()
            self._weight = 0

    def _make_room(self) -> None:
        while self._weight > self.bound:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: K) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._weight -= entry[1]

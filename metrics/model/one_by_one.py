"""Things that lie in files by their ids, of which a short command needs one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

V = TypeVar("V")


class ReadOneByOne(Mapping[str, V]):
    """What is asked for by its id is read alone; whoever goes through all has all read, in their order.

    ids: of all there are; one: reads that of an id; every: reads all. What they raise comes through: of one alone what is wrong
    in that one, of all what is wrong in any.
    """

    def __init__(self, ids: Iterable[str], one: Callable[[str], V], every: Callable[[], Mapping[str, V]]) -> None:
        self._ids, self._one, self._read_all = frozenset(ids), one, every
        self._known: dict[str, V] = {}
        self._every: tuple[str, ...] = ()

    def __getitem__(self, key: str) -> V:
        if key not in self._known:
            if key not in self._ids:  # nothing is read for a word that somebody has typed
                raise KeyError(key)
            self._known.setdefault(key, self._one(key))
        return self._known[key]

    def __contains__(self, key: object) -> bool:
        return key in self._ids

    def __iter__(self) -> Iterator[str]:
        if not self._every:
            found = self._read_all()
            for key, value in found.items():
                self._known.setdefault(key, value)  # one that was read before stays the same object
            self._every = tuple(found)
        return iter(self._every)

    def __len__(self) -> int:
        return len(self._ids)

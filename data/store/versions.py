"""The generations of a store in whatever state they are: what `history` lists, and what one may go back to."""

from dataclasses import dataclass
from pathlib import Path

from data.store.generation import Generation
from data.store.store import Store, StoreError


@dataclass(frozen=True)
class Version:
    """A generation that is there. generation: None when its description cannot be read; damage: None when it is whole."""

    number: int
    is_serving: bool
    generation: Generation | None
    damage: StoreError | None

    @property
    def is_whole(self) -> bool:
        """Whether it can be served. Only the file's end and its name are looked at, not every block."""
        return self.damage is None


def versions(store: Store) -> tuple[Version, ...]:
    """All of them, oldest first; none is left out because it, another one or the pointer is damaged."""
    try:
        serving = store.pointer()
    except StoreError:
        serving = 0
    return tuple(
        found for number in store.numbers() if (found := _version(store, number, is_serving=number == serving))
    )


def _version(store: Store, number: int, *, is_serving: bool) -> Version | None:
    generation = None
    try:
        generation = store.generation(number)
        store.read(generation).close()
    except StoreError as error:
        # Without a description another process has just pruned it.
        return None if error.reason == "no_generation" else Version(number, is_serving, generation, error)
    return Version(number, is_serving, generation, None)


def last_whole(path: Path, besides: str = "") -> int | None:
    """Number of the newest version of a store folder that can be served; None when there is none. besides: a damaged file."""
    store = Store(path)
    found = (one.number for one in reversed(versions(store)) if one.is_whole)
    return next((number for number in found if f"/{number:06d}." not in besides), None)

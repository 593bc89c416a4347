"""Before another state of a store is seen: whoever makes figures ready makes those of the new state, beside what still serves.

Nothing is made where nobody has said who does, or where somebody must not wait (`at_once`): a pointer then moves at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from data.store.small_file import content_of
from data.store.within import within

if TYPE_CHECKING:
    from data.store.generation import Generation
    from data.store.store import Store

DRAFT = ".draft"
_HURRY = f"hurry{DRAFT}"
_STEPS = f"steps{DRAFT}"
"""In the store; they go with the other drafts, as soon as the next writer begins or this one ends."""
_KNOWN = ("no_room", "no_memory", "killed", "enough")
"""Why figures are not all made, where there is a text for it."""


@dataclass(frozen=True)
class Waiter:
    """Whoever waits. progress: told how many steps are done, and of how many; left: told by one word why figures are not all
    ready, though the new state is seen; is_enough: whether they would rather not wait any longer.
    """

    progress: Callable[[int, int], None] = lambda _done, _of: None
    left: Callable[[str], None] = lambda _why: None
    is_enough: Callable[[], bool] = lambda: False


Maker = Callable[["Store", "Generation", Path, Waiter], None]
"""Makes figures of a generation that still is a draft, and tells who waits. Raises StoreError where the draft is damaged: it is
not to be seen then. Whatever else keeps it from making them, it says so, and the draft is seen all the same."""

_makers: list[Maker] = []
_waiting: ContextVar[Waiter | None] = ContextVar("waiting", default=None)
_at_once: ContextVar[bool] = ContextVar("at_once", default=False)


def hurry(store: Path) -> None:
    """Tell whoever waits for figures of a draft, in whatever process, not to wait any longer."""
    with suppress(OSError):
        (store / _HURRY).touch(mode=0o600)


def is_hurried(store: Path) -> bool:
    """Whether somebody has told them so since the draft was begun."""
    return (store / _HURRY).exists()


def steps(store: Path) -> tuple[int, int] | None:
    """How many steps of figures of a draft are done, and of how many, in whatever process; None where none are made."""
    with suppress(OSError, ValueError):
        done, of = content_of(store / _STEPS).decode("ascii").split("/")
        return int(done), int(of)
    return None


def reason_text(why: str) -> str:
    """Key of the text of why figures are not all ready."""
    return f"release.left.{why if why in _KNOWN else 'other'}"


def made_by(maker: Maker | None) -> None:
    """From now on figures are made by this; None: by nobody, before anything is seen."""
    _makers[:] = [maker] if maker else []


def waited_for(waiting: Waiter) -> AbstractContextManager[None]:
    """Tell somebody of what is made in the block."""
    return within(_waiting, waiting)


def at_once(*, really: bool = True) -> AbstractContextManager[None]:
    """What changes in the block is seen at once: what was seen before it is wrong, or there was nothing. really: else not."""
    return within(_at_once, really or _at_once.get())


def make(store: Store, made: Generation, draft: Path) -> Mapping[str, str] | None:
    """Have the figures of a draft made, whose description lies beside it; the moves that put them in their place.

    None where it is left to whoever comes after. Raises StoreError where the draft turns out to be damaged.
    """
    if not _makers or _at_once.get():
        return None
    _makers[0](store, made, draft, _told_to_others(store.path, _waiting.get() or Waiter()))
    place = store.cube_path(made).relative_to(store.path).as_posix()
    return {f"{place}{DRAFT}": place} if (store.path / f"{place}{DRAFT}").is_dir() else {}


def _told_to_others(store: Path, waiting: Waiter) -> Waiter:
    """Return the same who waits; how far it has come is told to whoever else wants to write, too."""

    def progress(done: int, of: int) -> None:
        with suppress(OSError):
            (store / _STEPS).write_text(f"{done}/{of}", encoding="ascii")
        waiting.progress(done, of)

    return replace(waiting, progress=progress)

"""What a store has data of: its generations, and the release; cells of anything else go."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from data.refusal import Refusal
from data.store.commit import UNFINISHED
from data.store.errors import StoreError
from data.store.generation import Generation
from data.store.ready import DRAFT

if TYPE_CHECKING:
    from data.store.store import Store


def kept(store: Store) -> tuple[Generation, ...]:
    """Return the generations that are still there, oldest first, and the latest release. Raises StoreError."""
    release = store.release()
    return (*store.history(), release) if release else store.history()


def is_kept(store: Store, generation: Generation) -> bool:
    """Whether a store still has data of a generation: not once it was pruned, or somebody was forgotten in it."""
    try:
        seen = store.release() if generation.release else store.generation(generation.number)
    except StoreError as error:
        return error.reason != "no_generation"  # damaged: nobody can tell
    return seen is not None and seen.token == generation.token


def clear_cells(store: Store) -> None:
    """Delete the cells of what is not here any more: pruned, or replaced by a restored or remade store."""
    from data.store.store import Store  # which calls this

    # Folders first: a generation published in between has its description before it has cells. Those that were made before it is
    # seen come with it: they are drafts until then, and while all take their places nothing is deleted.
    folders = [folder for folder in (store.path / "cube").glob("*") if folder.suffix != DRAFT]
    if (store.path / UNFINISHED).exists():
        return
    try:
        # As others see it: whoever makes figures of a draft sees none of what serves.
        seen = Store(store.path)
        named = {seen.cube_path(generation) for generation in kept(seen)}
    except Refusal:
        return  # a description is damaged: whoever lists the generations is told, and no cells are lost to it
    for folder in folders:
        if folder not in named:
            shutil.rmtree(folder, ignore_errors=True)

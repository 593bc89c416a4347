"""What a store has data of: its generations, and the release; cells of anything else go."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from data.refusal import Refusal
from data.store.generation import Generation

if TYPE_CHECKING:
    from data.store.store import Store


def kept(store: Store) -> tuple[Generation, ...]:
    """Return the generations that are still there, oldest first, and the latest release. Raises StoreError."""
    release = store.release()
    return (*store.history(), release) if release else store.history()


def clear_cells(store: Store) -> None:
    """Delete the cells of what is not here any more: pruned, or replaced by a restored or remade store."""
    # Folders first: a generation published in between has its description before it has cells.
    folders = list((store.path / "cube").glob("*"))
    try:
        named = {store.cube_path(generation) for generation in kept(store)}
    except Refusal:
        return  # a description is damaged: whoever lists the generations is told, and no cells are lost to it
    for folder in folders:
        if folder not in named:
            shutil.rmtree(folder, ignore_errors=True)

"""Changing every generation that is kept, for what must be forgotten: in all of them at once, or in none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb

from data.store import reading
from data.store.commit import commit
from data.store.draft import rewrite as rewrite_file
from data.store.durable import fsync, write_durably
from data.store.generation import Generation, describe
from data.store.kept import kept
from data.store.ledger import alone
from data.store.trouble import told

if TYPE_CHECKING:
    from data.store.store import Store

Change = Callable[[duckdb.DuckDBPyConnection], None]
TOLD_OF_NOBODY = ("cube", "rejected", "revisions", "damaged")
"""Folders that go with those who are forgotten, since nobody can tell whose what is in them."""


def rewrite(store: Store, change: Change, beside: Callable[[], Mapping[str, str]] = dict) -> None:
    """Change every generation that is kept, and keep nothing of what was there before.

    change: given a writable connection to a copy of each generation, which gets a new token; beside: gives the texts of files in
    sources/ that change with them, while nobody else writes there. Raises StoreError: `busy`, `damaged`, `empty`, `no_room`.
    """
    with store.writing(urgently=True):  # the law goes before figures
        store.serving()
        every = kept(store)
        for generation in every:  # before any of them is changed
            store.check(generation)
        moves: dict[str, str] = {}
        for generation in every:
            with told(store.path, f"{generation.stem}.duckdb", writing=True):
                made = _drafted(store, generation, change)
            moves |= {f"{made.stem}.draft": f"{made.stem}.duckdb", f"{made.stem}.json.draft": f"{made.stem}.json"}
        for generation in every:
            reading.forget(store.file(generation).resolve())
        with alone(store.path / "sources"):
            for name, text in beside().items():
                write_durably(store.path / f"{name}.draft", text)
                moves[f"{name}.draft"] = name
            commit(store.path, moves, (*TOLD_OF_NOBODY, *_unused_releases(store, every)))


def _drafted(store: Store, generation: Generation, change: Change) -> Generation:
    file = store.file(generation)
    draft = file.with_suffix(".draft")
    rewrite_file(draft, file, change)
    described = describe(draft, generation.number, None, generation.cause)
    fsync(draft)
    made = replace(
        described, parent=generation.parent, created=generation.created, release=generation.release,
        covered_until=generation.covered_until if generation.release else described.covered_until,
    )  # fmt: skip
    made.write(file.with_suffix(".json.draft"))
    return made


def _unused_releases(store: Store, every: tuple[Generation, ...]) -> tuple[str, ...]:
    """Files of releases that nobody sees any more, which nothing else would look into."""
    used = {store.file(generation) for generation in every}
    return tuple(f"releases/{file.name}" for file in (store.path / "releases").glob("*.duckdb") if file not in used)

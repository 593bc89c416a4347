"""The store: one DuckDB file per generation, a pointer to the one that serves, and the rule that nothing published is edited.

DIR/store.json             which keys the store belongs to, is it example data
DIR/current                number of the serving generation
DIR/generations/000007.duckdb, 000007.json (what it holds)
DIR/cube/000007-5f0c…/     cells computed from it (made by `metrics`): its number and the beginning of its token
DIR/released               number of the release that visitors see, once the store is open to others (see `releases`)
DIR/releases/000002.duckdb, 000002.json
DIR/rejected/              rows that did not load
DIR/revisions/             published figures, and which of them have been changed (made by `metrics`)
DIR/lock                   one writer at a time
DIR/unfinished             what a writer was about to put in place when it was stopped (see `commit`)
DIR/damaged/               what a repair has set aside (see `repair`)
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import duckdb

from data.store import changed, reading, ready
from data.store.acting import act
from data.store.commit import UNFINISHED, clear_drafts, commit, finish
from data.store.draft import draft as draft_of
from data.store.durable import fsync, write_durably
from data.store.errors import StoreError as StoreError
from data.store.errors import damage_of
from data.store.generation import Generation, described
from data.store.kept import clear_cells
from data.store.keys import KeyFileError, Keys, key_path, load_or_create
from data.store.lock import locked, locked_soon
from data.store.sealed import sealed, sealed_number, unsealed, unsealed_number
from data.store.small_file import content_of
from data.store.trouble import told

KEEP = 5
"""Generations kept for rollback besides the serving one."""

DEFAULT_STORE = Path("store")
SAMPLE_STORE = Path("sample-store")
LEFT = "left"
"""File of a sample store that somebody has left in the app: it is not shown until it is asked for again."""

_PATIENCE = 5
"""Seconds that whoever writes waits for another one."""


def default_store() -> "Store":
    """One's own store; as long as it has never had data, the sample municipality beside it where that is to be looked at."""
    own = own_store()
    if own.is_made:
        return own
    example = example_store()
    return example if example.is_made and not (example.path / LEFT).exists() and _is_sample(example) else own


def example_store() -> "Store":
    """The sample municipality beside one's own store: `sample-store/`, or `NAME-example` beside the one that is named."""
    given = os.environ.get("TILANNEKUVA_STORE")
    return Store(Path(f"{Path(given)}-example") if given else SAMPLE_STORE)


def _is_sample(store: "Store") -> bool:
    try:
        return store.is_sample
    except StoreError:  # damaged: nobody can tell
        return False


def store_at(path: Path | None) -> "Store":
    """The store that a command was told, else the default one. Raises StoreError("not_a_folder")."""
    store = Store(path) if path else default_store()
    if store.path.exists() and not store.path.is_dir():
        raise StoreError("not_a_folder", store.path)
    return store


def own_store() -> "Store":
    """Where one's own files go: `TILANNEKUVA_STORE`, else `store/`; real and made-up clients do not mix."""
    return Store(Path(os.environ.get("TILANNEKUVA_STORE") or DEFAULT_STORE))


@dataclass(frozen=True)
class Store:
    """A store in a folder; cheap to make, opens files only when asked."""

    path: Path

    @property
    def rejected_path(self) -> Path:
        """Folder of rows that did not load."""
        return self.path / "rejected"

    @property
    def is_made(self) -> bool:
        """Whether anything has ever been published, also when it is damaged or gone by now."""
        if (self.path / "current").exists() or self.numbers():
            return True
        try:
            return bool(self._about().get("published"))
        except StoreError:
            return True

    @property
    def is_sample(self) -> bool:
        """Made-up data of the sample municipality."""
        return bool(self._about().get("sample"))

    def current(self) -> Generation | None:
        """The serving generation, None when nothing has been published. Raises StoreError when it is damaged."""
        number = self.pointer()
        if not number:
            return None
        try:
            return self.generation(number)
        except StoreError as error:
            if error.reason != "no_generation":
                raise
            raise StoreError("damaged", self.path, self._name(number, ".json")) from None

    def pointer(self) -> int:
        """Number of the serving generation, 0 when nothing has been published. Raises StoreError("damaged")."""
        self._settle()
        text = self._text("current")
        if text is not None:
            number = unsealed_number(text)
        elif self.numbers() == (1,):
            number = 1  # there has never been another one to point to
        else:
            # A lost pointer is no empty store: an import would begin anew, and what is there would be pruned.
            number = None if self.is_made else 0
        if number is None:
            raise StoreError("damaged", self.path, "current")
        return number

    def serving(self) -> Generation:
        """The serving generation. Raises StoreError("empty") when there is none."""
        generation = self.current()
        if generation is None:
            raise StoreError("empty", self.path.absolute())  # where, for whoever is in the wrong folder
        return generation

    def generation(self, number: int) -> Generation:
        """A generation by number. Raises StoreError: `no_generation`, `damaged`, `unreadable`."""
        name = self._name(number, ".json")
        is_there = (self.path / self._name(number, ".duckdb")).exists()
        missing = ("damaged", name) if is_there else ("no_generation", str(number))
        found = self._described(name, StoreError(missing[0], self.path, missing[1]))
        if found.number != number or found.release:
            raise StoreError("replaced", self.path, name)
        return found

    def released(self) -> Generation:
        """What visitors see: the latest release once the store is open to others, until then the serving generation.

        Raises StoreError as `serving`.
        """
        return self.release() or self.serving()

    def release(self) -> Generation | None:
        """The latest release, None when the store has not been opened to others. Raises StoreError when it is damaged."""
        if not self.is_open:
            return None
        self._settle()
        text = self._text("released")
        # A lost pointer must not show visitors the newest import.
        number = unsealed_number(text or "")
        if number is None:
            raise StoreError("release_damaged", self.path, "released")
        name = f"releases/{number:06d}.json"
        found = self._described(name, StoreError("release_damaged", self.path, name))
        if found.release is None or found.release.number != number:
            raise StoreError("release_damaged", self.path, name)
        return found

    @property
    def is_open(self) -> bool:
        """Whether the store has been opened to others, also when its releases are damaged or gone. Raises StoreError."""
        there = (self.path / "released").exists() or any((self.path / "releases").glob("[0-9]*.json"))
        return there or bool(self._about().get("open"))

    def mark_open(self) -> None:
        """Write down that the store has been opened, where it cannot be lost with the releases."""
        if not self._about().get("open"):
            write_durably(self.path / "store.json", sealed(self._about() | {"open": True}))

    def numbers(self) -> tuple[int, ...]:
        """Numbers of all generations that are still there, the oldest first, whatever state they are in."""
        files = (self.path / "generations").glob("[0-9]*.*")
        found = {int(file.stem) for file in files if file.stem.isdecimal() and file.suffix in (".json", ".duckdb")}
        return tuple(sorted(found))

    def history(self) -> tuple[Generation, ...]:
        """All generations that are still there, oldest first. Raises as `generation`."""
        found = []
        for number in self.numbers():
            try:
                found.append(self.generation(number))
            except StoreError as error:
                if error.reason != "no_generation":  # else another process has just pruned it
                    raise
        return tuple(found)

    def read(self, generation: Generation | None = None) -> duckdb.DuckDBPyConnection:
        """A read-only cursor over a generation (default: the serving one); close it after use.

        Raises StoreError: `no_generation` when it is not here any more, or another one has taken its place, description and
        all; `damaged`; `replaced` when its file alone is another one's.
        """
        generation = generation or self.serving()
        name = f"{generation.stem}.duckdb"
        try:
            with told(self.path, name):
                found = reading.cursor(self.file(generation).resolve(), generation)
        except FileNotFoundError:
            found = None
        if found is not None:
            return found
        self._settle()  # in the middle of a commit, a file is another one's for a moment
        known = self.generation(generation.number) if generation.release is None else self.released()
        if known.token != generation.token:
            raise StoreError("no_generation", self.path, str(generation.number))
        raise StoreError(damage_of(name, replaced=(self.path / name).exists()), self.path, name)

    @contextmanager
    def reading(self, generation: Generation | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """The cursor of `read` for as long as the block lasts. Raises as `read` and `noticing_damage`."""
        generation = generation or self.serving()
        cursor = self.read(generation)
        try:
            with self.noticing_damage(generation):
                yield cursor
        finally:
            cursor.close()

    @contextmanager
    def noticing_damage(self, generation: Generation) -> Iterator[None]:
        """Raises StoreError("damaged") when a block of a generation's file turns out to be scrambled.

        DuckDB looks at a block's checksum when a query comes to it, not when it opens the file.
        """
        with told(self.path, f"{generation.stem}.duckdb"):
            yield

    def cube_path(self, generation: Generation) -> Path:
        """Folder of the cells computed from a generation."""
        kind = "release-" if generation.release else ""
        return self.path / "cube" / f"{kind}{Path(generation.stem).name}-{generation.token[:16]}"

    @cached_property
    def keys(self) -> Keys:
        """The store's keys, made on first run. Raises KeyFileError, also when the keys are another store's."""
        path = key_path(self.path)
        known = self._about().get("keys")
        if known is not None and not path.exists():
            raise KeyFileError("missing", path)
        keys = load_or_create(path)
        if known is not None and known != keys.fingerprint:
            raise KeyFileError("mismatch", path)
        return keys

    @contextmanager
    def next_generation(self, cause: str, *, sample: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """Build and publish a generation: a writable copy of the serving one inside a transaction.

        Published when the block ends; left as if nothing had happened when it raises or the process dies.
        Raises StoreError: `busy` when another import is running, `damaged` when there is nothing whole to build upon,
        `no_room`, `unwritable`.
        """
        with self.writing(), act(self.path, "published", {"cause": cause.partition(" ")[0].rstrip(":")}) as said:
            self._remember(sample)
            parent = self.current()
            if parent is not None:
                self.check(parent)
            number = max(self.numbers(), default=0) + 1
            (self.path / "generations").mkdir(exist_ok=True, mode=0o700)
            draft = self.path / self._name(number, ".draft")
            with told(self.path, f"{parent.stem}.duckdb" if parent else "", writing=True):
                with draft_of(draft, self.file(parent) if parent else None) as connection:
                    yield connection
                    made = described(connection, number, parent, cause)
                pruned = [self._name(old, "") for old in (*self.numbers(), number)[: -KEEP - 1]]
                self.commit(made, draft, {"current": number}, pruned, {"published": True})
            said["generation"] = number

    def point_to(self, generation: Generation) -> Generation:
        """Serve an older generation again, for whoever writes. Raises StoreError: `damaged`."""
        with act(self.path, "rolled_back", {"generation": generation.number}):
            self.check(generation)
            write_durably(self.path / "current", sealed_number(generation.number))
            changed.note(self.path)
        return generation

    def check(self, generation: Generation) -> None:
        """Read a generation or release from its first block to its last. Raises StoreError."""
        with self.reading(generation) as connection:
            reading.read_through(connection)

    @contextmanager
    def writing(self, *, urgently: bool = False) -> Iterator[None]:
        """Nobody else writes to the store meanwhile; what an earlier writer could not finish is finished, and no draft is left.

        urgently: who writes now shall wait for no more figures (`ready`). Raises StoreError: `busy`, `damaged`, `no_room`,
        `unwritable`.
        """
        hurried = locked_soon(self.path, lambda: ready.hurry(self.path))
        with hurried if urgently else locked(self.path, _PATIENCE, again=False), told(self.path, "", writing=True):
            finish(self.path)
            try:
                yield
            finally:
                if not (self.path / UNFINISHED).exists():
                    clear_drafts(self.path)

    def _settle(self) -> None:
        """Finish what a writer was stopped in the middle of; where that cannot be done, what is there is read as it is."""
        if (self.path / UNFINISHED).exists():
            with suppress(StoreError), self.writing():
                pass

    def file(self, generation: Generation) -> Path:
        """The DuckDB file of a generation or release."""
        return self.path / f"{generation.stem}.duckdb"

    def commit(
        self, made: Generation, draft: Path, pointers: Mapping[str, int], gone: Sequence[str],
        about: Mapping[str, object],
    ) -> None:  # fmt: skip
        """Put a draft in its place, with its description and the pointers that move with it, and remove stems that are gone.

        Before that figures are made of it (`ready`), while what is there serves. about: what store.json says from then on.
        """
        drafts = {f"{made.stem}.json": made.text()} | {name: sealed_number(of) for name, of in pointers.items()}
        drafts["store.json"] = sealed({**self._about(), **about})
        for place, text in drafts.items():
            write_durably(self.path / f"{place}.draft", text)
        fsync(draft)
        cells = ready.make(self, made, draft)
        for name in (made.stem, *gone):
            reading.forget(self.path.resolve() / f"{name.removesuffix('.duckdb')}.duckdb")
        moves = {
            str(draft.relative_to(self.path)): f"{made.stem}.duckdb",
            **(cells or {}),
            **{f"{place}.draft": place for place in drafts},
        }
        commit(self.path, moves, gone)
        if cells is not None:
            changed.made_ready(self.path)
        clear_cells(self)

    def _name(self, number: int, ending: str) -> str:
        return f"generations/{number:06d}{ending}"

    def _described(self, name: str, missing: StoreError) -> Generation:
        """What a description says. Raises `missing` when there is none, StoreError: `damaged`, `unreadable`."""
        try:
            return Generation.read(self.path / name)
        except FileNotFoundError:
            raise missing from None
        except NotADirectoryError:
            raise StoreError("not_a_folder", (self.path / name).parent) from None
        except OSError:
            raise StoreError("unreadable", self.path / name) from None
        except (ValueError, RecursionError):
            raise StoreError(damage_of(name), self.path, name) from None

    def _text(self, name: str) -> str | None:
        """A file of the store, None when there is none; other bytes than text are no number and no JSON either."""
        try:
            return content_of(self.path / name).decode("utf-8", "replace")
        except FileNotFoundError:
            return None
        except NotADirectoryError:
            raise StoreError("not_a_folder", self.path) from None
        except OSError:
            raise StoreError("unreadable", self.path / name) from None

    def _about(self) -> dict[str, object]:
        text, is_new = self._text("store.json"), not (self.path / "current").exists() and not self.numbers()
        if text is None and is_new:
            return {}
        with suppress(ValueError, RecursionError):
            found = unsealed(text or "")
            if "keys" in found or is_new:
                return found
        # Without it nobody knows whose keys the store has, and new ones would make new noise over the same numbers.
        raise StoreError("damaged", self.path, "store.json")

    def _remember(self, sample: bool) -> None:
        if not self._about():
            about = {"keys": self.keys.fingerprint, "sample": sample, "made": datetime.now().isoformat("T", "seconds")}
            write_durably(self.path / "store.json", sealed(about))

"""The store: one DuckDB file per generation, a pointer to the one that serves, and the rule that nothing published is edited.

DIR/store.json             which keys the store belongs to, is it example data
DIR/current                number of the serving generation
DIR/generations/000007.duckdb, 000007.json (what it holds)
DIR/cube/000007-5f0c…/     cells computed from it (made by `metrics`): its number and the beginning of its token
DIR/released               number of the release that visitors see, once the store is open to others (see `releases`)
DIR/releases/000002.duckdb, 000002.json
DIR/rejected/              rows that did not load
DIR/lock                   one writer at a time
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

import duckdb
import filelock

from data.store import reading
from data.store.draft import draft as draft_of
from data.store.draft import rewrite
from data.store.durable import fsync, write_durably
from data.store.errors import StoreError as StoreError
from data.store.errors import damage_of
from data.store.generation import Generation, describe
from data.store.kept import clear_cells, kept
from data.store.keys import KeyFileError, Keys, key_path, load_or_create

KEEP = 5
"""Generations kept for rollback besides the serving one."""

DEFAULT_STORE = Path("store")
SAMPLE_STORE = Path("sample-store")

_PATIENCE = 5
"""Seconds an import or a rollback waits for another one."""


def default_store() -> "Store":
    """`TILANNEKUVA_STORE`, else `store/`, else the sample municipality's `sample-store/`."""
    given = os.environ.get("TILANNEKUVA_STORE")
    if given:
        return Store(Path(given))
    own = Store(DEFAULT_STORE)
    return own if (own.path / "current").exists() or own.numbers() else Store(SAMPLE_STORE)


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
        text = self._text("current")
        # The very first import may have been stopped just before it pointed to what it had made, which is whole.
        number = _number(text) if text is not None else {(): 0, (1,): 1}.get(self.numbers())
        if number is None:
            raise StoreError("damaged", self.path, "current")
        return number

    def serving(self) -> Generation:
        """The serving generation. Raises StoreError("empty") when there is none."""
        generation = self.current()
        if generation is None:
            raise StoreError("empty", self.path)
        return generation

    def generation(self, number: int) -> Generation:
        """A generation by number. Raises StoreError: `no_generation`, `damaged`, `unreadable`."""
        name = self._name(number, ".json")
        found = self._described(name, StoreError("no_generation", self.path, str(number)))
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
        # A lost pointer must not show visitors the newest import.
        number = _number(self._text("released") or "")
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
            write_durably(self.path / "store.json", json.dumps(self._about() | {"open": True}))

    def numbers(self) -> tuple[int, ...]:
        """Numbers of all generations that are still there, the oldest first, whatever state they are in."""
        files = (self.path / "generations").glob("*.json")
        return tuple(sorted(int(file.stem) for file in files if file.stem.isdecimal()))

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
            found = reading.cursor((self.path / name).resolve(), generation)
        except FileNotFoundError:
            found = None
        except (OSError, duckdb.Error):
            raise StoreError(damage_of(name), self.path, name) from None
        if found is not None:
            return found
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
        try:
            yield
        except duckdb.Error as error:
            if not reading.is_damage(error):
                raise
            name = f"{generation.stem}.duckdb"
            raise StoreError(damage_of(name), self.path, name) from None

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
        Raises StoreError: `busy` when another import is running, `damaged` when there is nothing whole to build upon.
        """
        with locked(self.path, _PATIENCE, again=False):
            self._remember(sample)
            parent = self.current()
            if parent is not None:
                self.read(parent).close()
            number = max(self.numbers(), default=0) + 1
            (self.path / "generations").mkdir(exist_ok=True, mode=0o700)
            draft = self.path / "generations" / f"{number:06d}.draft"
            self._clear_drafts()
            try:
                with draft_of(draft, self._file(parent.number) if parent else None) as connection:
                    yield connection
                self._publish(number, draft, describe(draft, number, parent, cause))
            finally:
                self._clear_drafts()

    def rollback(self, number: int) -> Generation:
        """Serve an older generation again. Raises StoreError: `no_generation`, `damaged`, `busy`."""
        generation = self.generation(number)
        self.read(generation).close()
        with locked(self.path, _PATIENCE, again=False):
            self._point_to(number)
        return generation

    def rewrite(self, change: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
        """Change every generation that is kept, and keep nothing of what was there before: for what must be forgotten.

        change: given a writable connection to a copy of each generation. Each gets a new token, and its cells are dropped.
        Raises StoreError: `busy`, `damaged`, `empty`.
        """
        with locked(self.path, _PATIENCE, again=False):
            self.serving()
            self._clear_drafts()
            every = kept(self)
            for generation in every:  # before any of them is changed
                self.read(generation).close()
            for generation in every:
                file = self.file(generation)
                draft = file.with_suffix(".draft")
                try:
                    rewrite(draft, file, change)
                    described = describe(draft, generation.number, None, generation.cause)
                    fsync(draft)
                    reading.forget(file.resolve())
                    draft.replace(file)
                finally:
                    self._clear_drafts()
                replace(
                    described, parent=generation.parent, created=generation.created, release=generation.release,
                    covered_until=generation.covered_until if generation.release else described.covered_until,
                ).write(file.with_suffix(".json"))  # fmt: skip
                fsync(file.parent)
            clear_cells(self)

    def file(self, generation: Generation) -> Path:
        """The DuckDB file of a generation or release."""
        return self.path / f"{generation.stem}.duckdb"

    def _publish(self, number: int, draft: Path, generation: Generation) -> None:
        fsync(draft)
        draft.replace(self._file(number))
        generation.write(self._file(number).with_suffix(".json"))
        fsync(self.path / "generations")
        self._point_to(number)
        self._prune(number)

    def _point_to(self, number: int) -> None:
        write_durably(self.path / "current", f"{number:06d}\n")

    def _prune(self, serving: int) -> None:
        for old in self.numbers()[: -KEEP - 1]:
            if old == serving:
                continue
            file = self._file(old)
            reading.forget(file.resolve())
            try:
                file.unlink(missing_ok=True)
            except PermissionError:  # Windows keeps a file that someone reads; the next import tries again.
                continue
            file.with_suffix(".json").unlink(missing_ok=True)
        clear_cells(self)

    def _clear_drafts(self) -> None:
        for folder in ("generations", "releases"):
            for leftover in (self.path / folder).glob("*.draft*"):
                leftover.unlink(missing_ok=True)

    def _file(self, number: int) -> Path:
        return self.path / self._name(number, ".duckdb")

    def _name(self, number: int, ending: str) -> str:
        return f"generations/{number:06d}{ending}"

    def _described(self, name: str, missing: StoreError) -> Generation:
        """What a description says. Raises `missing` when there is none, StoreError: `damaged`, `unreadable`."""
        try:
            return Generation.read(self.path / name)
        except FileNotFoundError:
            raise missing from None
        except OSError:
            raise StoreError("unreadable", self.path / name) from None
        except (ValueError, RecursionError):
            raise StoreError(damage_of(name), self.path, name) from None

    def _text(self, name: str) -> str | None:
        """A file of the store, None when there is none; other bytes than text are no number and no JSON either."""
        try:
            return (self.path / name).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None
        except NotADirectoryError:
            raise StoreError("not_a_folder", self.path) from None
        except OSError:
            raise StoreError("unreadable", self.path / name) from None

    def _about(self) -> dict[str, object]:
        text = self._text("store.json")
        if text is None and not (self.path / "current").exists() and not self.numbers():
            return {}
        try:
            about = json.loads(text or "")
        except (ValueError, RecursionError):
            about = None
        # Without it nobody knows whose keys the store has, and new ones would make new noise over the same numbers.
        if not isinstance(about, dict):
            raise StoreError("damaged", self.path, "store.json")
        return about

    def _remember(self, sample: bool) -> None:
        if not self._about():
            about = {"keys": self.keys.fingerprint, "sample": sample, "made": datetime.now().isoformat("T", "seconds")}
            write_durably(self.path / "store.json", json.dumps(about))


@contextmanager
def locked(folder: Path, patience: float, *, again: bool = True) -> Iterator[None]:
    """Nobody else holds the lock of a folder meanwhile; the folder is made when it is not there.

    patience: seconds to wait for it; again: whether the holder may take it once more. Raises StoreError: `busy`, `not_a_folder`,
    `unwritable`.
    """
    lock = filelock.FileLock(folder / "lock", timeout=patience, is_singleton=again)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock.acquire()
    except filelock.Timeout:
        raise StoreError("busy", folder) from None
    except (FileExistsError, NotADirectoryError):
        raise StoreError("not_a_folder", folder) from None
    except OSError:
        raise StoreError("unwritable", folder) from None
    try:
        yield
    finally:
        lock.release()


def _number(text: str) -> int | None:
    """The number of the pointer, None when it is none."""
    return int(text) if text.strip().isdecimal() and len(text) < 20 and int(text) else None

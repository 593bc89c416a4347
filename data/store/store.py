"""The store: one DuckDB file per generation, a pointer to the one that serves, and the rule that nothing published is edited.

DIR/store.json             which keys the store belongs to, is it example data
DIR/current                number of the serving generation
DIR/generations/000007.duckdb, 000007.json (what it holds)
DIR/cube/000007/           cells computed from it (made by `metrics`)
DIR/rejected/              rows that did not load
DIR/lock                   one writer at a time
"""

import json
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import duckdb
import filelock

from data.refusal import Refusal
from data.store.draft import draft as draft_of
from data.store.durable import fsync, write_durably
from data.store.generation import Generation, describe
from data.store.keys import KeyFileError, Keys, key_path, load_or_create

KEEP = 5
"""Generations kept for rollback besides the serving one."""

DEFAULT_STORE = Path("store")
SAMPLE_STORE = Path("sample-store")

_readers: dict[tuple[Path, int], duckdb.DuckDBPyConnection] = {}
# By file and inode: a store made anew in the same folder has the same file names.
_readers_lock = threading.Lock()


class StoreError(Refusal):
    """The store cannot do what was asked. `reason`: `empty`, `busy`, `no_generation`, `damaged`, `sample`."""

    family = "store"

    def __init__(self, reason: str, path: Path, detail: str = "") -> None:
        super().__init__(reason, path=path, detail=detail)
        self.path = path
        self.detail = detail


def default_store() -> "Store":
    """`TILANNEKUVA_STORE`, else `store/`, else the sample municipality's `sample-store/`."""
    given = os.environ.get("TILANNEKUVA_STORE")
    if given:
        return Store(Path(given))
    return Store(DEFAULT_STORE if (DEFAULT_STORE / "current").exists() else SAMPLE_STORE)


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
        try:
            number = int((self.path / "current").read_text(encoding="ascii"))
        except FileNotFoundError:
            return None
        except ValueError:
            raise StoreError("damaged", self.path, "current") from None
        return self.generation(number)

    def serving(self) -> Generation:
        """The serving generation. Raises StoreError("empty") when there is none."""
        generation = self.current()
        if generation is None:
            raise StoreError("empty", self.path)
        return generation

    def generation(self, number: int) -> Generation:
        """A generation by number. Raises StoreError("no_generation")."""
        try:
            return Generation.read(self._file(number).with_suffix(".json"))
        except FileNotFoundError:
            raise StoreError("no_generation", self.path, str(number)) from None

    def history(self) -> tuple[Generation, ...]:
        """All generations that are still there, oldest first."""
        files = sorted((self.path / "generations").glob("*.json"))
        return tuple(Generation.read(file) for file in files)

    def read(self, generation: Generation | None = None) -> duckdb.DuckDBPyConnection:
        """A read-only cursor over a generation (default: the serving one); close it after use."""
        generation = generation or self.serving()
        file = self._file(generation.number).resolve()
        key = (file, file.stat().st_ino)
        with _readers_lock:
            connection = _readers.get(key)
            if connection is None:
                # DuckDB would hand out the database it already has open under this name, though the file is another one.
                for earlier in [other for other in _readers if other[0] == file]:
                    _readers.pop(earlier).close()
                connection = duckdb.connect(str(file), read_only=True)
                while len(_readers) > 3:
                    # Cursors already handed out keep their database alive; only our own hold on it ends here.
                    _readers.pop(next(iter(_readers))).close()
                _readers[key] = connection
            return connection.cursor()

    def cube_path(self, generation: Generation) -> Path:
        """Folder of the cells computed from a generation."""
        return self.path / "cube" / f"{generation.number:06d}"

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
        Raises StoreError("busy") when another import is running.
        """
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.path / "generations").mkdir(exist_ok=True, mode=0o700)
        try:
            with filelock.FileLock(self.path / "lock", timeout=5):
                self._remember(sample)
                parent = self.current()
                number = max((g.number for g in self.history()), default=0) + 1
                draft = self.path / "generations" / f"{number:06d}.draft"
                self._clear_drafts()
                try:
                    with draft_of(draft, self._file(parent.number) if parent else None) as connection:
                        yield connection
                    self._publish(number, draft, describe(draft, number, parent, cause))
                finally:
                    self._clear_drafts()
        except filelock.Timeout:
            raise StoreError("busy", self.path) from None

    def rollback(self, number: int) -> Generation:
        """Serve an older generation again. Raises StoreError("no_generation")."""
        generation = self.generation(number)
        if not self._file(number).exists():
            raise StoreError("no_generation", self.path, str(number))
        with filelock.FileLock(self.path / "lock", timeout=5):
            self._point_to(number)
        return generation

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
        for old in self.history()[: -KEEP - 1]:
            if old.number == serving:
                continue
            file = self._file(old.number)
            with _readers_lock:
                for key in [key for key in _readers if key[0] == file.resolve()]:
                    _readers.pop(key).close()
            try:
                file.unlink(missing_ok=True)
            except PermissionError:  # Windows keeps a file that someone reads; the next import tries again.
                continue
            file.with_suffix(".json").unlink(missing_ok=True)
            shutil.rmtree(self.cube_path(old), ignore_errors=True)

    def _clear_drafts(self) -> None:
        for leftover in (self.path / "generations").glob("*.draft*"):
            leftover.unlink(missing_ok=True)

    def _file(self, number: int) -> Path:
        return self.path / "generations" / f"{number:06d}.duckdb"

    def _about(self) -> dict[str, object]:
        try:
            about: dict[str, object] = json.loads((self.path / "store.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError:
            raise StoreError("damaged", self.path, "store.json") from None
        return about

    def _remember(self, sample: bool) -> None:
        if not self._about():
            about = {"keys": self.keys.fingerprint, "sample": sample, "made": datetime.now().isoformat("T", "seconds")}
            write_durably(self.path / "store.json", json.dumps(about))

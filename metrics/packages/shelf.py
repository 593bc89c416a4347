"""The packages that a store holds: which may be taken in, beside which others, and from whom.

STORE/packages/publishers.json    whose key is known, by name
STORE/packages/5f0c….tkp          packages, whole, by their ids
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from data.store.durable import write_durably
from data.store.ledger import alone
from data.store.small_file import text_of
from data.store.store import Store
from data.store.trouble import told
from metrics.packages.checking import check
from metrics.packages.errors import PackageError
from metrics.packages.manifest import PackageManifest, limits, noise_mark
from metrics.packages.opening import Package, opened_once
from metrics.packages.scope import own_municipalities
from metrics.packages.signing import Publisher, is_name

FOLDER, ENDING = "packages", ".tkp"
_KNOWN = "publishers.json"


@dataclass(frozen=True)
class Taken:
    """A package that was taken in, with the ids of those it has replaced."""

    package: Package
    replaced: tuple[str, ...]


@dataclass(frozen=True)
class Shelf:
    """The packages of a store folder; cheap to make, looks at the files on every call."""

    store: Store

    @property
    def folder(self) -> Path:
        """Where they are."""
        return self.store.path / FOLDER

    def held(self) -> tuple[Package, ...]:
        """Return the packages, by publisher and area. Raises PackageError of one that has been damaged since, StoreError of what
        cannot be read in its place, OSError of one that somebody has just removed.
        """
        found = (look() for look in self.each())
        return tuple(sorted(found, key=lambda one: (one.publisher.name, one.about.population.code, one.about.periods)))

    def each(self) -> tuple[Callable[[], Package], ...]:
        """Return what reads each package, so that one that is damaged does not hide the others."""
        return tuple(partial(self._opened, path) for path in self._files())

    def _opened(self, path: Path) -> Package:
        with told(self.store.path, f"{FOLDER}/{path.name}"):
            return opened_once(path)

    def take(self, package: Package, trust: str | None = None) -> Taken:
        """Keep a package, in place of older ones of the same publisher, people and days.

        trust: the fingerprint of a publisher who is not known yet, as they have told it. Raises PackageError, StoreError.
        """
        with alone(self.folder):  # of two at once the second one sees whom the first one tells of
            known = self.publishers()
            self._check_publisher(package, known, trust)
            if package.about.gate != limits():
                raise PackageError("other_gate", publisher=package.publisher.name)
            check(package)
            self._check_own(package.about)
            replaced = tuple(self._replaced(package))
            with told(self.store.path, "", writing=True):
                # Its publisher first: a package is shown as soon as it lies there.
                names = {**known, package.publisher.key: package.publisher.name}
                text = json.dumps(names, ensure_ascii=False, indent=1, sort_keys=True)
                write_durably(self.folder / _KNOWN, text + "\n")
                write_durably(self._place(package.id), package.content)
                for one in replaced:
                    self._place(one).unlink(missing_ok=True)
        return Taken(package, replaced)

    def remove(self, package_id: str) -> None:
        """Remove a package by its id, without reading it: it may be the one that has been damaged.

        Raises PackageError: `not_held`; StoreError.
        """
        if package_id not in {path.stem for path in self._files()}:
            raise PackageError("not_held", id=package_id)
        with told(self.store.path, "", writing=True):
            self._place(package_id).unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob(f"*{ENDING}"))

    def _place(self, package_id: str) -> Path:
        return self.folder / f"{package_id}{ENDING}"

    def publishers(self) -> dict[str, str]:
        """Return the names of the publishers who are known, by key. Raises PackageError: `publishers`."""
        path = self.folder / _KNOWN
        try:
            found = json.loads(text_of(path))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError):
            raise PackageError("publishers", path=path) from None
        if not isinstance(found, dict) or not all(map(is_name, found.values())):
            raise PackageError("publishers", path=path)
        return found

    @staticmethod
    def _check_publisher(package: Package, known: dict[str, str], trust: str | None) -> None:
        publisher = package.publisher
        if known.get(publisher.key) == publisher.name:
            return
        if trust is None:
            is_taken = _alike(publisher.name) in map(_alike, known.values())
            reason = "other_key" if is_taken else "unknown_publisher"
            raise PackageError(reason, publisher=publisher.name, fingerprint=publisher.fingerprint)
        if not publisher.is_known_as(trust):
            raise PackageError("other_fingerprint", publisher=publisher.name, fingerprint=publisher.fingerprint)

    def _check_own(self, about: PackageManifest) -> None:
        """Refuse figures of the people that this store counts itself: two noises of the same people tell of them."""
        if self.store.current() is None:
            return
        if about.noise == noise_mark(self.store.keys):
            raise PackageError("own")
        if shared := set(own_municipalities(self.store, self.store.released())) & set(about.population.municipalities):
            raise PackageError("own_people", publisher=about.publisher, municipalities=", ".join(sorted(shared)))

    def _replaced(self, package: Package) -> Iterator[str]:
        """Yield the ids of packages that a package takes the place of."""
        about = package.about
        for one in self.held():
            if one.id == package.id:
                raise PackageError("held", id=one.id)
            if not about.overlaps(one.about):
                continue
            params: dict[str, Any] = {
                "publisher": about.publisher,
                "other": one.publisher.name,
                "release": one.about.release,
            }
            if one.publisher.key != package.publisher.key:
                raise PackageError("overlap", (), **params)
            if one.about.noise != about.noise:
                raise PackageError("two_noises", (), **params)
            if about.is_older(one.about):
                raise PackageError("older", (), **params)
            is_same = (about.population, about.periods) == (one.about.population, one.about.periods)
            if is_same or about.release > one.about.release or (one.about.changed and one.about.is_older(about)):
                yield one.id


def _alike(name: str) -> str:
    """Return what names have in common that look the same: letter case, spaces and ways to write a letter tell nobody apart."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def known_as(publisher: Publisher) -> str:
    """Return a publisher's name with the beginning of the fingerprint, for lists."""
    return f"{publisher.name} ({publisher.fingerprint[:9]})"

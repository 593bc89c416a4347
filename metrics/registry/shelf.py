"""Definitions that a store has taken: STORE/definitions/000002.json, a sealed file for each time; the newest is in force.

Nothing is ever removed or edited: to go back is to take an earlier set once more. So it can always be told when a metric began to
be counted otherwise. The program's own definitions stay where a set has no others; without any set they are in force alone. What
a set has no more stays as it was, since saved briefings, hypotheses and targets of it must still be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from data import clock
from data.store.acting import About, act
from data.store.durable import create_durably, fsync, write_durably
from data.store.ready import DRAFT
from data.store.sealed import sealed, unsealed
from data.store.small_file import text_of
from data.store.store import Store
from data.store.trouble import told
from metrics.model.definition import (
    Definition,
    DefinitionsError,
    Origin,
    TranslatedText,
    definitions,
    own_definitions,
    parsed,
    put_in_force,
)
from metrics.registry import patterns
from metrics.registry.differing import MetricChange, differences
from metrics.registry.errors import RegistryError
from metrics.registry.folder import Registry, RegistryAbout
from metrics.registry.sets import FOLDER, NEWEST, numbers
from metrics.registry.trial import failures, together

_NOTED_DAYS = 366
"""How long figures tell that a metric has begun to be counted otherwise."""


class NotedChange(BaseModel):
    """What a set changed of a metric: its versions before and after (0: there was none), and what its change log says.

    counts: whether values are other ones, and not the texts alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    before: int
    after: int
    counts: bool
    what: TranslatedText | None = None


class TakenSet(BaseModel):
    """Definitions as they were taken.

    back_to: the number of the set that was gone back to, 0 for the program's own; stayed: files that are of earlier sets.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    day: date
    name: str
    version: str
    back_to: int | None = None
    changes: tuple[NotedChange, ...] = ()
    files: dict[str, str] = {}
    stayed: tuple[str, ...] = ()

    @property
    def known(self) -> dict[str, Definition]:
        """All definitions that are in force with it. Raises RegistryError: `no_longer_valid`."""
        try:
            found = parsed({name: text.encode() for name, text in self.files.items()})
        except DefinitionsError as error:
            raise RegistryError("no_longer_valid", number=self.number, why=error.lines[0]) from None
        # What may be counted protects people, so it holds for what was taken by another version of the program, too.
        for one in found.values():
            for said in patterns.against(one):
                raise RegistryError("no_longer_valid", number=self.number, why=f"{one.id}.toml: {said}")
        return together(found)


@dataclass(frozen=True)
class DefinitionShelf:
    """The sets of a store. Cheap to make; files are read when asked for."""

    store: Store

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self.store.path / FOLDER

    def numbers(self) -> tuple[int, ...]:
        """Numbers of all sets, the oldest first."""
        return numbers(self.store)

    def newest(self, numbers: Sequence[int]) -> int:
        """Return the number of the newest set that was ever taken, also of one that is lost; 0 where there was none.

        That which is noted beside the folder, unless the program was killed before it was: then the last of the `numbers` that
        are there. Raises ValueError where the note is damaged; stores of earlier versions have none.
        """
        there = max(numbers, default=0)
        try:
            noted = unsealed(text_of(self.store.path / NEWEST)).get("newest")
        except FileNotFoundError:
            return there or int(self.folder.is_dir())  # it is made with the first set
        except (OSError, RecursionError):
            raise ValueError(NEWEST) from None
        if not isinstance(noted, int):
            raise ValueError(NEWEST)
        return max(there, noted)

    def lost(self) -> str | None:
        """Return the file of the newest set where it is gone, or that which says which one it is where that is damaged."""
        there = self.numbers()
        try:
            newest = self.newest(there)
        except ValueError:
            return NEWEST
        return None if newest in (0, *there[-1:]) else f"{FOLDER}/{newest:06d}.json"

    def taken(self, number: int) -> TakenSet:
        """Return a set. Raises RegistryError: `no_such_set`, `damaged_set`."""
        try:
            found = TakenSet.model_validate(unsealed(text_of(self._file(number))))
        except FileNotFoundError:
            raise RegistryError("no_such_set", number=number) from None
        except (OSError, ValueError, ValidationError, RecursionError):
            raise RegistryError("damaged_set", number=number) from None
        if found.number != number:
            raise RegistryError("damaged_set", number=number)
        return found

    def _file(self, number: int) -> Path:
        return self.folder / f"{number:06d}.json"

    def history(self) -> tuple[TakenSet, ...]:
        """Return all sets that can be read, the oldest first."""
        found = []
        for number in self.numbers():
            with suppress(RegistryError):
                found.append(self.taken(number))
        return tuple(found)

    def take(self, registry: Registry) -> TakenSet:
        """Take definitions; they are in force from now on.

        Raises RegistryError: `same`, `version`; DefinitionsError; StoreError.
        """
        return self._put(registry.about, registry.files)

    def go_back(self, number: int) -> TakenSet:
        """Take an earlier set once more; 0: the program's own definitions alone.

        Raises RegistryError: `no_such_set`, `in_force`; StoreError.
        """
        about, files = RegistryAbout(name="Tilannekuva", version="0"), dict[str, str]()
        if number:
            earlier = self.taken(number)
            about, files = RegistryAbout(name=earlier.name, version=earlier.version), earlier.files
        return self._put(about, files, number)

    def staying(self, files: Mapping[str, object], *, back: bool = False) -> dict[str, str]:
        """Return the definitions that stay beside others: those of the newest set that these do not have.

        back: others are gone back to, which takes what the program has itself back to the program's own.
        """
        every, own = self.numbers(), own_definitions() if back else ()
        there = self.taken(every[-1]).files if every else {}
        return {
            name: text for name, text in there.items() if name not in files and name.removesuffix(".toml") not in own
        }

    def _taken_number(self, changes: Sequence[MetricChange]) -> str | None:
        """Return a metric that an earlier set counts otherwise under the same version; None when there is none."""
        for earlier in self.history():
            with suppress(RegistryError):  # those of another version of the program cannot be read
                known = earlier.known
                for after in (one.after for one in changes if one.after):
                    old = known.get(after.id)
                    if old and old.version == after.version and old.measure != after.measure:
                        return after.id
        return None

    def _ever(self) -> Iterator[Definition]:
        """Yield all definitions that were ever taken."""
        for earlier in self.history():
            with suppress(RegistryError):
                yield from earlier.known.values()

    def _put(self, about: RegistryAbout, files: dict[str, str], back_to: int | None = None) -> TakenSet:
        with self.store.writing():
            number = self._next()
            made = TakenSet(
                number=number, day=clock.today(), name=about.name, version=about.version, back_to=back_to,
                files=files,
            )  # fmt: skip
            is_readable = False
            with suppress(RegistryError):  # those that cannot be read any more are what is to be replaced
                use(self.store)
                staying = self.staying(files, back=back_to is not None)
                made = made.model_copy(update={"files": {**staying, **files}, "stayed": tuple(staying)})
                is_readable = True
            known = made.known
            changes = differences(definitions(), known)
            if back_to is None:
                check_versions(changes)
                if metric := self._taken_number(changes):
                    raise RegistryError("version", metric=metric, version=known[metric].version)
                taken = {name: one for name, one in known.items() if f"{name}.toml" in made.files}
                # Of what stays and what comes beside each other, and of figures that somebody may have kept.
                if lines := (*failures(taken), *patterns.too_many((*taken.values(), *self._ever()))):
                    raise DefinitionsError(lines)
            if is_readable and not changes:
                raise RegistryError("same" if back_to is None else "in_force")
            made = made.model_copy(update={"changes": tuple(map(_noted, changes))})
            about_line: About = {"file": FOLDER, "id": number, "source": f"{about.name} {about.version}"}
            with act(self.store.path, "wrote", about_line), told(self.store.path, "", writing=True):
                self._write(number, sealed(made.model_dump(mode="json")))
                with suppress(OSError):  # the set is in force by now; it is one that is not missed when it is lost
                    write_durably(self.store.path / NEWEST, sealed({"newest": number}))
        use(self.store)
        return made

    def _next(self) -> int:
        there = self.numbers()
        try:
            return self.newest(there) + 1
        except ValueError:
            return max(there, default=0) + 1

    def _write(self, number: int, text: str) -> None:
        """Make the file of a set; of the first one with the folder at once, for a folder without sets has lost them."""
        if self.folder.is_dir():
            create_durably(self._file(number), text)
            return
        draft = self.folder.with_name(FOLDER + DRAFT)
        draft.mkdir(mode=0o700)  # whoever writes to the store has cleared what a killed one has left
        create_durably(draft / self._file(number).name, text)
        draft.rename(self.folder)
        fsync(self.folder.parent)


def check_versions(changes: Sequence[MetricChange]) -> None:
    """Raises RegistryError: `version` when a metric is counted otherwise under the number of the one in force, or a lower one."""
    for one in changes:
        if one.kind == "counted" and one.before and one.after and one.after.version <= one.before.version:
            raise RegistryError("version", metric=one.metric, version=one.before.version)


def _noted(change: MetricChange) -> NotedChange:
    before, after = change.before, change.after
    log = after.changes[-1].what if after and before and after.version != before.version else None
    return NotedChange(
        metric=change.metric, before=before.version if before else 0, after=after.version if after else 0,
        counts=change.counts, what=log,
    )  # fmt: skip


@dataclass(frozen=True)
class _Used:
    """What was last read of a store's definitions. state: of the file they were read from."""

    state: tuple[str, int, int]
    known: dict[str, Definition]
    changed: dict[str, tuple[date, NotedChange]]
    origins: dict[str, Origin]


_used: dict[Path, _Used] = {}


def use(store: Store) -> None:
    """Put the definitions of a store in force in this process, which serves one store at a time.

    Raises RegistryError: `damaged_set`, `no_longer_valid`.
    """
    found = read(store)
    if found is None:
        put_in_force(None)
    else:
        put_in_force(found.known, found.origins)


def read(store: Store) -> _Used | None:
    """Return the definitions of a store, from memory while they have not changed; None where it has none. Raises as `use`."""
    shelf = DefinitionShelf(store)
    there = shelf.numbers()
    if (lost := shelf.lost()) is not None:  # figures by other definitions would be taken for the same ones
        raise RegistryError("damaged_set", number=max(there, default=1) if lost == NEWEST else int(Path(lost).stem))
    if not there:
        return None
    file = shelf.folder / f"{there[-1]:06d}.json"
    try:
        found = file.stat()
    except OSError:
        raise RegistryError("damaged_set", number=there[-1]) from None
    state, kept = (file.name, found.st_mtime_ns, found.st_size), _used.get(shelf.folder)
    if kept is None or kept.state != state:
        known, sets = shelf.taken(there[-1]).known, shelf.history()
        changed = {change.metric: (one.day, change) for one in sets for change in one.changes if change.counts}
        kept = _used[shelf.folder] = _Used(state, known, changed, origins(sets))
    return kept


def origins(sets: Sequence[TakenSet]) -> dict[str, Origin]:
    """Return where the definitions of the newest set come from, by metric. sets: all there are, the oldest first."""
    found: dict[str, Origin] = {}
    for one in sets:
        whose = Origin(name=one.name, version=one.version)
        stayed = {name: found.get(name, whose) for name in one.stayed}
        found = {name: stayed.get(name, whose) for name in one.files}
    return {name.removesuffix(".toml"): whose for name, whose in found.items()}


def last_change(store: Store, metric: str, until: date) -> tuple[date, NotedChange] | None:
    """Return when a metric began to be counted otherwise; None if it has not, or long before a day."""
    kept = _used.get(DefinitionShelf(store).folder)
    found = kept.changed.get(metric) if kept else None
    return found if found and found[1].after and found[1].before and (until - found[0]).days < _NOTED_DAYS else None

"""What metrics and pages keep beside the numbers: lines of lists, definitions that were taken, packages, and reports sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from data.refusal import Refusal
from data.store.lists import Kinds
from data.store.store import Store, StoreError
from metrics.briefings.briefing import Briefing, Briefings
from metrics.hypotheses.register import Registered, Result
from metrics.packages.errors import PackageError
from metrics.packages.shelf import Shelf
from metrics.packages.signing import publisher_path, signing_key
from metrics.registry.errors import RegistryError
from metrics.registry.sets import FOLDER
from metrics.registry.shelf import DefinitionShelf
from metrics.revisions.log import Revision
from metrics.sums import taking_part
from metrics.watching.watch import Observation, Watch


def kinds() -> Kinds:
    """Return those of metrics."""
    return Kinds(
        {
            "steward/watches.jsonl": Watch.model_validate_json,
            "steward/seen.jsonl": Observation.model_validate_json,
            "hypotheses/registered.jsonl": Registered.model_validate_json,
            "hypotheses/results.jsonl": Result.model_validate_json,
            "briefings/B-*.jsonl": Briefing.model_validate_json,
            "revisions/log.jsonl": Revision.model_validate_json,
        },
        damage,
        replaced,
    )


def damage(path: Path) -> Iterator[Refusal]:
    """Yield what is wrong with the definitions, briefings and packages of a store, and with what stands beside its keys."""
    store = Store(path)
    definitions, packages = DefinitionShelf(store), Shelf(store)
    if lost := definitions.lost():
        yield StoreError("damaged_definitions", path, lost)
    for number in definitions.numbers():
        try:
            taken = definitions.taken(number)
            if number == definitions.numbers()[-1]:
                _ = taken.known
        except RegistryError as error:
            is_damaged = error.reason == "damaged_set"
            yield StoreError("damaged_definitions", path, f"{FOLDER}/{number:06d}.json") if is_damaged else error
    yield from taking_part.damaged(store)
    briefings = Briefings.of(path)
    looks: tuple[Callable[[], object], ...] = (
        *(partial(briefings.history, one) for one in briefings.ids()),
        *packages.each(),
        packages.publishers,
        *((partial(signing_key, path),) if publisher_path(path).exists() else ()),
    )
    for look in looks:
        try:
            look()
        except (PackageError, StoreError) as error:
            yield error
        except OSError as error:
            yield StoreError("unreadable", Path(error.filename or packages.folder))


def replaced(path: Path) -> Iterator[Path]:
    """Yield the files of damaged sets of definitions that are not in force any more."""
    definitions = DefinitionShelf(Store(path))
    for number in definitions.numbers()[:-1]:
        try:
            definitions.taken(number)
        except RegistryError:
            yield path / FOLDER / f"{number:06d}.json"


def of_pages() -> Kinds:
    """Return those of pages."""
    return Kinds({}, _sent)


def _sent(path: Path) -> Iterator[Refusal]:
    """Yield what is wrong with the list of what has gone out."""
    from pages.sending.sent import Outbox

    try:
        Outbox(Store(path)).lines()
    except StoreError as error:
        yield error

"""Releases: which state of the data visitors see, once the store has been opened to others.

Two states that differ by one client show everything about that client: the cells with the client move, all others stay. So
visitors do not see every import. A release follows when a month has become whole and enough people differ, and at the end of a
quarter whatever the number. Corrections of months that are published already wait until enough people are corrected at once, also
when the year is whole: one late row alone would be told by whatever moved. Until the store is opened nobody else has seen it, and
there are no releases.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from data.model.schema import schema_version
from data.refusal import Refusal
from data.store.acting import act
from data.store.draft import draft as draft_of
from data.store.draft import version_of
from data.store.durable import write_durably
from data.store.generation import MANY, Generation, Reason, Released, describe
from data.store.ready import at_once
from data.store.release_file import changed_clients, cut, keep_months
from data.store.release_reach import end_of_many, limit_deliveries, limit_follow_up
from data.store.small_file import text_of
from data.store.store import Store, StoreError
from data.store.trouble import told
from data.store.workspace import writing_into

LEAST = 50
"""Fewest people of whom a release must tell otherwise than the one before it."""
_NOTED = "releases/waiting.json"


class ReleaseError(Refusal):
    """A store cannot be released. `reason`: `open_already`, `not_open`; `warning` and `rollback` (of what the act may show)."""

    family = "release"


@dataclass(frozen=True)
class ReleaseStatus:
    """What visitors see and what waits.

    release: the latest release; until: to which day a release of the serving generation would reach; people: of whom it tells
    otherwise than the release in what is not published yet; corrected: in months that are published already; closed: last
    closed day of the serving generation (None: it has no rows), whose last months have too few people where it is later than
    `until`. Numbers for the steward alone.
    """

    release: Generation
    until: date
    people: int
    corrected: int
    closed: date | None

    @property
    def waits(self) -> bool:
        """Whether the next release will have anything that this one has not."""
        seen = self.release.closed_until
        return self.people > 0 or self.corrected > 0 or self.until > seen

    @property
    def few_since(self) -> date | None:
        """The last day before closed months that no release has, as too few people have come in or after them; else None."""
        return self.until if self.closed is not None and self.until < self.closed else None


def open_to_others(store: Store) -> Generation:
    """Make the first release, of the serving generation; from now on visitors see releases. Raises ReleaseError, StoreError."""
    with store.writing():
        if store.release() is not None:
            raise ReleaseError("open_already")
        return _made_anew(store, store.serving(), "opened").release


def follow(store: Store, reason: Reason | None = None) -> ReleaseStatus | None:
    """Make the next release if it is time for one; None when the store has not been opened to others.

    reason: make it in any case, with all corrections (`rollback`, `now`), also when the last one is damaged. Raises StoreError.
    """
    if not store.is_open:
        return None
    with store.writing():
        return _made_next(store, store.serving(), reason)


def _made_next(
    store: Store, generation: Generation, reason: Reason | None, *, goes_back: bool = False
) -> ReleaseStatus:
    """As `follow`, of a generation. goes_back: it serves from the moment on when the release is seen."""
    last = None
    try:
        last = store.release()
        assert last is not None
        store.read(last).close()
        return _followed(store, generation, last, reason, goes_back=goes_back)
    except StoreError as error:
        if reason is None or (last is not None and error.reason != "release_damaged"):
            raise
        return _made_anew(store, generation, reason, goes_back=goes_back)


def _followed(
    store: Store, generation: Generation, last: Generation, reason: Reason | None, *, goes_back: bool
) -> ReleaseStatus:
    """Make the release after `last` if it is time for one, or for a reason that is given."""
    assert last.release is not None
    number = last.release.number + 1
    with _drafted(store, generation, number, last) as (draft, until, with_corrections):
        with _compared_with(store, last) as before:
            corrected = changed_clients(draft, before, published_until=last.closed_until)
            takes_corrections = reason is not None or corrected >= LEAST
            with writing_into(draft) as connection:
                if not takes_corrections:
                    keep_months(connection, before, last.closed_until)
                elif with_corrections < until:
                    until = with_corrections
                    cut(connection, until)
                    limit_follow_up(connection)
            people = changed_clients(draft, before)
        decided = reason or due(last.closed_until, until, people=people, corrected=corrected)
        if decided is None:
            return _noted(store, generation, ReleaseStatus(last, until, people, corrected, _closed(generation)))
        made = _publish(store, generation, draft, until, Released(number, decided, people), goes_back=goes_back)
    left = 0 if takes_corrections else corrected
    return _noted(store, generation, ReleaseStatus(made, until, 0, left, _closed(generation)))


def _made_anew(store: Store, generation: Generation, reason: Reason, *, goes_back: bool = False) -> ReleaseStatus:
    """Make a release of a generation that is compared with none."""
    number = 1 + max((int(file.stem) for file in (store.path / "releases").glob("[0-9]*.json")), default=0)
    store.check(generation)  # nothing else looks at every row of it
    with _drafted(store, generation, number) as (draft, until, _):
        made = _publish(store, generation, draft, until, Released(number, reason, 0), goes_back=goes_back)
    return _noted(store, generation, ReleaseStatus(made, made.closed_until, 0, 0, _closed(generation)))


@contextmanager
def unless_busy() -> Iterator[None]:
    """Leave a look at releases to whoever is writing to the store: they look when they have finished."""
    try:
        yield
    except StoreError as error:
        if error.reason != "busy":
            raise


def after_change(store: Store) -> None:
    """Look whether what was just published makes a release due, unless somebody has looked. Raises nothing: the change is made,
    and whoever tells of it looks at what visitors see, where damage shows again.
    """
    with contextlib.suppress(StoreError):
        release_status(store, looks=False)


def release_status(store: Store, *, looks: bool = True) -> ReleaseStatus | None:
    """Return what visitors see and what waited when it was last looked at; None when the store is not open to others.

    looks: a release that is due all the same is seen at once, for whoever only looks does not wait for its figures. Raises
    StoreError, also when the release is damaged.
    """
    release = store.release()
    if release is None:
        return None
    store.read(release).close()
    generation = store.serving()
    try:
        noted = json.loads(text_of(store.path / _NOTED))
        until, counts = date.fromisoformat(noted["until"]), (int(noted["people"]), int(noted["corrected"]))
        is_of_this = noted["token"] == generation.token
    except (OSError, ValueError, KeyError, TypeError):
        is_of_this = False
    if not is_of_this:  # the store was restored, or something was published without looking: look now
        with at_once(really=looks):
            return follow(store)
    return ReleaseStatus(release, until, *counts, _closed(generation))


def check_release(store: Store) -> None:
    """Read the latest release from its first block to its last. Raises StoreError("release_damaged")."""
    release = store.release()
    if release is not None:
        store.check(release)


def moves_visitors(store: Store, number: int) -> bool:
    """Whether going back to a generation changes what visitors see: they have seen something that came after it.

    Not where the release, or what says whether there is one, is damaged: they see nothing until it is mended. Raises StoreError.
    """
    generation = store.generation(number)
    store.read(generation).close()
    if _release_after(store, generation) is None:  # nothing to wait for, whoever else writes
        return False
    with store.writing(urgently=True):
        return _moves(store, store.generation(number))


def _release_after(store: Store, generation: Generation) -> Generation | None:
    """Return the release that visitors see, if it was made of a later generation; None also where it is damaged."""
    try:
        release = store.release()
    except StoreError:
        return None
    return release if release is not None and release.number > generation.number else None


def _moves(store: Store, generation: Generation) -> bool:
    """As `moves_visitors`, while nobody else writes."""
    release = _release_after(store, generation)
    if release is None:
        return False
    try:
        with (
            _drafted(store, generation, release.number, release) as (draft, _, until),
            _compared_with(store, release) as before,
        ):
            seen = release.closed_until
            return until != seen or changed_clients(draft, before) > 0
    except StoreError as error:
        if error.reason != "release_damaged":
            raise
        return False


def rollback(store: Store, number: int, *, accepted: bool = False) -> Generation:
    """Serve an older generation again. Visitors go along where they have seen what came after it, and not where they have not.

    At once: whoever goes back has seen that what serves is wrong. Both move together, or neither: a release that somebody else
    made in between, or a kill, would leave visitors with what was gone back from.

    accepted: somebody agrees to that. Raises ReleaseError("rollback"); StoreError: `no_generation`, `damaged`, `busy`.
    """
    store.read(store.generation(number)).close()  # before anything waits for one that is not there
    with at_once():
        with store.writing(urgently=True):
            generation = store.generation(number)
            is_moving = _moves(store, generation)
            if is_moving and not accepted:
                raise ReleaseError("rollback")
            if is_moving:
                store.check(generation)
                with act(store.path, "rolled_back", {"generation": number}):
                    _made_next(store, generation, "rollback", goes_back=True)
            else:
                store.point_to(generation)
        if not is_moving:
            after_change(store)
    return generation


def _closed(generation: Generation) -> date | None:
    """The last closed day of a generation, None without rows: then it is of the clock."""
    return generation.closed_until if generation.data_until else None


def _noted(store: Store, generation: Generation, found: ReleaseStatus) -> ReleaseStatus:
    """Keep what waits, because finding it out takes a look at every row."""
    noted = {
        "token": generation.token, "until": found.until.isoformat(), "people": found.people, "corrected": found.corrected,
    }  # fmt: skip
    write_durably(store.path / _NOTED, json.dumps(noted))
    store.mark_open()
    return found


def due(before: date, until: date, *, people: int = 0, corrected: int = 0) -> Reason | None:
    """Return why a release is due, None when it is not.

    before, until: last closed days of the last release and of what would be released; people, corrected: of whom they tell
    differently, at all and in the months of the last release.

    >>> due(date(2026, 8, 31), date(2026, 9, 30), people=1), due(date(2026, 9, 30), date(2026, 10, 31), people=49)
    ('quarter', None)
    >>> due(date(2026, 9, 30), date(2026, 10, 31), people=50), due(date(2026, 9, 30), date(2026, 9, 30), corrected=50)
    ('month', 'bundle')
    """
    if _whole_year(until) > _whole_year(before):
        return "year"
    if corrected >= LEAST:
        return "bundle"
    if until > before and _quarters(until) > _quarters(before):
        return "quarter"
    return "month" if until > before and people >= LEAST else None


def _whole_year(day: date) -> int:
    return day.year if day.month == 12 else day.year - 1


def _quarters(day: date) -> int:
    """Number of quarters that have ended with the month of a day."""
    return (day.year * 12 + day.month) // 3


@contextmanager
def _drafted(
    store: Store, generation: Generation, number: int, last: Generation | None = None
) -> Iterator[tuple[Path, date, date]]:
    """A file that holds what a generation knew at the end of its last closed month that many people have reached, and that day.

    Gone after the block, unless it was moved. last: the release before, whose months stay while corrections wait. Then the day up
    to which they stay once these are taken in: as long as half as many people are left in or after them, not a single one.
    """
    folder = store.path / "releases"
    folder.mkdir(exist_ok=True, mode=0o700)
    draft = folder / f"{number:06d}.draft"
    with told(store.path, f"{generation.stem}.duckdb", writing=True):
        with draft_of(draft, store.file(generation)) as connection:
            until = with_corrections = end_of_many(connection, generation.closed_until)
            if last is not None and not generation.data_until:  # without rows there is no later month
                until = with_corrections = last.closed_until
            elif last is not None:
                left = end_of_many(connection, generation.closed_until, MANY // 2)
                with_corrections = max(until, min(last.closed_until, left))
                until = max(until, last.closed_until)
            cut(connection, until)
            limit_follow_up(connection)
        yield draft, until, with_corrections


@contextmanager
def _compared_with(store: Store, release: Generation) -> Iterator[Path]:
    """The file of a release, in the form that drafts have: one of an earlier version of the program lacks what has come since.

    Raises StoreError("release_damaged"), also from the block, where it turns out to be damaged.
    """
    file = store.file(release)
    with store.reading(release):
        if version_of(file) != schema_version():
            before, file = file, file.with_suffix(".before.draft")
            with draft_of(file, before):
                pass
        yield file


def _publish(
    store: Store, generation: Generation, draft: Path, until: date, released: Released, *, goes_back: bool
) -> Generation:
    with writing_into(draft) as connection:
        limit_deliveries(connection)
    described = describe(draft, generation.number, generation, f"release: {released.reason}")
    made = replace(described, release=released, covered_until=until)
    others = [
        f"releases/{file.name}" for file in (store.path / "releases").glob("[0-9]*.duckdb") if file != store.file(made)
    ]
    about: dict[str, str | int] = {
        "release": released.number, "generation": generation.number, "reason": released.reason,
        "data_until": made.closed_until.isoformat(),
    }  # fmt: skip
    with act(store.path, "released", about):
        pointers = {"released": released.number} | ({"current": generation.number} if goes_back else {})
        store.commit(made, draft, pointers, others, {"open": True})
    return made

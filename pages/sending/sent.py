"""What has gone out: a list beside the key file, so that no restored store sends a report once more.

A line is written before anything is handed over and another one after it, so that a crash in between is seen afterwards: then
nobody knows whether the report has arrived, and it is not sent again by itself. No line has an address, only a mark under a key.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import filelock
from pydantic import BaseModel, ConfigDict

from data.store import json_lines
from data.store.durable import write_durably
from data.store.generation import Generation
from data.store.keys import file_beside_keys
from data.store.ledger import now
from data.store.store import Store
from data.store.trouble import told
from pages.sending.settings import ReportList, Reports, SendingError

State = Literal["trying", "sent", "failed", "unsure"]
Reason = Literal[
    "", "unreachable", "certificate", "no_tls", "sign_in", "refused", "stopped", "report", "no_room", "unwritable"
]  # fmt: skip
FOLDER_MARK: Final = "folder"


class Dispatch(BaseModel):
    """What has become of one report for one recipient. release: its number; made: when; report: name of the list; to: mark of the
    recipient, or `folder`.

    Not the token, which is another one when somebody has been forgotten: two reports of one release would tell of whom.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    time: datetime
    release: int
    made: datetime
    report: str
    to: str
    state: State
    reason: Reason = ""

    @property
    def key(self) -> tuple[str, str]:
        """For whom it was."""
        return self.report, self.to


States = Mapping[tuple[str, str], Dispatch]


@dataclass(frozen=True)
class Outbox:
    """The list of a store. Cheap to make; reads its file when asked."""

    store: Store

    @property
    def path(self) -> Path:
        """Where the list is."""
        return file_beside_keys(self.store.path, ".sent")

    def lines(self) -> tuple[Dispatch, ...]:
        """Every line, oldest first. Raises StoreError."""
        return json_lines.read(self.path, Dispatch.model_validate_json)

    def states(self, generation: Generation) -> States:
        """The latest line of each list and recipient of a release. Raises StoreError."""
        which = release_number(generation), generation.created
        return {line.key: line for line in self.lines() if (line.release, line.made) == which}

    def note(self, generation: Generation, key: tuple[str, str], state: State, reason: Reason = "") -> None:
        """Add a line. Raises StoreError: then nothing may be handed over, for nobody would know of it."""
        line = Dispatch(
            time=now(), release=release_number(generation), made=generation.created, report=key[0], to=key[1], state=state,
            reason=reason,
        )  # fmt: skip
        with told(self.path.parent, "", writing=True):
            write_durably(self.path, json_lines.text([one.model_dump(mode="json") for one in (*self.lines(), line)]))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else sends meanwhile. Raises SendingError: `busy`."""
        lock = filelock.FileLock(self.path.with_name(self.path.name + ".lock"), timeout=0, mode=0o600)
        try:
            with told(self.path.parent, "", writing=True):
                lock.acquire()
        except filelock.Timeout:
            raise SendingError("busy") from None
        try:
            yield
        finally:
            lock.release()

    def mark(self, address: str) -> str:
        """What stands for a recipient. Raises KeyFileError."""
        return hmac.new(self.store.keys.pseudonym, b"recipient\0" + address.casefold().encode(), "sha256").hexdigest()[
            :16
        ]


def release_number(generation: Generation) -> int:
    """The number of a release."""
    return generation.release.number if generation.release else 0


def sendable(store: Store) -> Generation:
    """Return the release that goes out. Raises StoreError, SendingError: `sample`; `not_open`, for until then figures follow
    every import, and two reports would tell who came between.
    """
    if store.is_sample:
        raise SendingError("sample")
    release = store.release()
    if release is None:
        raise SendingError("not_open")
    return release


def recipients(one: ReportList, settings: Reports, outbox: Outbox) -> dict[str, str]:
    """Return the addresses of a list by their marks, and the folder by its own, with no address. Raises KeyFileError."""
    found = {FOLDER_MARK: ""} if settings.folder is not None else {}
    return found | {outbox.mark(address): address for address in one.to}


def is_due(line: Dispatch | None, *, again: bool) -> bool:
    """Return whether a report goes to somebody now. line: the latest about it; again: somebody asks for what has not arrived.

    A file may be written twice, and nobody gets it twice by that.
    """
    if line is None:
        return True
    if line.state == "sent":
        return False
    return again or (line.to == FOLDER_MARK and line.state != "failed")


def anything_due(store: Store, settings: Reports) -> bool:
    """Return whether anything is to go out by itself. Raises Refusal."""
    outbox = Outbox(store)
    states = outbox.states(sendable(store))
    return any(
        is_due(states.get((one.name, mark)), again=False)
        for one in settings.lists
        for mark in recipients(one, settings, outbox)
    )

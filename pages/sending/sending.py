"""Sending the reports of the latest release: to everybody once, and again only where somebody asks for what has not arrived."""

from __future__ import annotations

import errno
import hashlib
import logging
from dataclasses import dataclass

from data.refusal import word_of
from data.store.acting import act, state_of
from data.store.generation import Generation
from data.store.store import Store
from metrics.registry.in_force import use
from pages.sending.folder import check_folder, put
from pages.sending.mail import Connection, MailError, composed, connected
from pages.sending.mailing import Mailing, mailing_of
from pages.sending.sent import FOLDER_MARK, Outbox, Reason, State, States, is_due, recipients, sendable
from pages.sending.settings import MailServer, ReportList, Reports, SendingError

log = logging.getLogger(__name__)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass
class Delivered:
    """How many reports have been handed over now, and how many have not."""

    sent: int = 0
    failed: int = 0


def send(store: Store, settings: Reports, *, again: bool = False) -> Delivered:
    """Send what is due of the latest release. again: also what has not arrived, or of which nobody knows.

    Raises SendingError, StoreError, KeyFileError before anything is handed over. What fails for one recipient is noted, and the
    others get theirs.
    """
    if not settings.is_wanted:
        raise SendingError("not_set")
    if settings.folder is not None:
        check_folder(settings.folder, store)
    outbox, done = Outbox(store), Delivered()
    use(store)
    with outbox.alone():
        seen = sendable(store)
        states = _without_stopped(outbox, seen)
        for one in settings.lists:
            due = {
                mark: address
                for mark, address in recipients(one, settings, outbox).items()
                if is_due(states.get((one.name, mark)), again=again)
            }
            if due:
                _Round(store, outbox, seen, one, settings, done).run(due)
    return done


def _without_stopped(outbox: Outbox, seen: Generation) -> States:
    """Return what has become of a release, after noting where a sender was stopped in the middle: nobody else sends now."""
    for key, line in outbox.states(seen).items():
        if line.state == "trying":
            outbox.note(seen, key, "unsure", "stopped")
    return outbox.states(seen)


@dataclass(frozen=True)
class _Round:
    """One list's turn."""

    store: Store
    outbox: Outbox
    seen: Generation
    one: ReportList
    settings: Reports
    done: Delivered

    def run(self, due: dict[str, str]) -> None:
        """Make the report, hand it over to each, and log how many have got it."""
        try:
            made = mailing_of(self.one, self.store, self.seen)
        except Exception as error:  # whatever it is, the steward sees that this list has not got its report
            log.warning("a report could not be made: %s", word_of(error))
            for mark in due:
                self._note(mark, "report")
            return
        if not self._is_current():
            return
        about = {"question": made.question, "file": f"report.{self.one.format}", **state_of(self.seen)}
        before = Delivered(self.done.sent, self.done.failed)
        with act(self.store.path, "sent", about) as said:
            if FOLDER_MARK in due:
                self._into_folder(made)
            addresses = {mark: address for mark, address in due.items() if address}
            if addresses and self.settings.mail:
                self._by_mail(made, addresses, self.settings.mail)
            said |= {"recipients": self.done.sent - before.sent, "failed": self.done.failed - before.failed}

    def _is_current(self) -> bool:
        """Whether visitors still see these figures. Else another release has come, whose own report goes out next, or somebody
        was forgotten, and a report made again tells nothing of them.
        """
        return self.store.released().token == self.seen.token

    def _into_folder(self, made: Mailing) -> None:
        assert self.settings.folder is not None
        letter = made.file.name.rpartition(".")[0] + ".txt"
        self.outbox.note(self.seen, (self.one.name, FOLDER_MARK), "trying")
        try:
            put(self.settings.folder, {letter: made.letter.encode(), made.file.name: made.file.content})
        except OSError as error:
            self._note(FOLDER_MARK, "no_room" if error.errno in _FULL else "unwritable")
        else:
            self._note(FOLDER_MARK)

    def _by_mail(self, made: Mailing, addresses: dict[str, str], server: MailServer) -> None:
        try:
            with connected(server) as connection:
                for mark in list(addresses):
                    if not self._is_current():
                        return
                    address = addresses.pop(mark)
                    self._hand_over(connection, made, mark, address, server)
        except MailError as error:
            for mark in addresses:  # none of whom it was tried for
                self._note(mark, error.reason)

    def _hand_over(self, connection: Connection, made: Mailing, mark: str, address: str, server: MailServer) -> None:
        number = hashlib.sha256(f"{self.seen.number} {self.seen.created} {self.one.name} {mark}".encode()).hexdigest()[
            :32
        ]
        message = composed(server.sender, address, made.title, made.letter, made.file, number, self.one.lang)
        self.outbox.note(self.seen, (self.one.name, mark), "trying")
        try:
            connection.deliver(address, message)
        except MailError as error:
            self._note(mark, error.reason)
        else:
            self._note(mark)

    def _note(self, mark: str, reason: Reason = "") -> None:
        """Note how it went. reason: why it has not arrived; empty where it has."""
        state: State = "unsure" if reason == "stopped" else "failed" if reason else "sent"
        self.outbox.note(self.seen, (self.one.name, mark), state, reason)
        if reason:
            self.done.failed += 1
        else:
            self.done.sent += 1

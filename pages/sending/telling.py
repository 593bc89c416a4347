"""What has become of the reports of the latest release, in words for the steward; nobody's address is in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from data.store.store import Store
from data.texts import Texts
from pages.i18n import formats
from pages.sending.sent import FOLDER_MARK, Dispatch, Outbox, recipients, release_number, sendable
from pages.sending.settings import ReportList, Reports


@dataclass(frozen=True)
class Told:
    """Sentences, and whether anything is left to be sent."""

    lines: tuple[str, ...]
    can_send: bool


def status(store: Store, settings: Reports, t: Texts) -> Told:
    """Tell of each list. Raises SendingError, StoreError, KeyFileError."""
    seen = sendable(store)
    outbox = Outbox(store)
    states = outbox.states(seen)
    lines = [t("sending.of", release=release_number(seen))]
    can_send = False
    for one in settings.lists:
        found = {mark: states.get((one.name, mark)) for mark in recipients(one, settings, outbox)}
        can_send = can_send or any(line is None or line.state != "sent" for line in found.values())
        lines += [t("sending.list", name=one.name, what=what) for what in _of_list(found, one, t)]
    return Told(tuple(lines), can_send)


def _of_list(found: dict[str, Dispatch | None], one: ReportList, t: Texts) -> Iterator[str]:
    """One sentence for each thing that has become of it, the good ones first."""
    if FOLDER_MARK in found:
        line = found.pop(FOLDER_MARK)
        if line is None:
            yield t("sending.folder.waits")
        elif line.state == "sent":
            yield t("sending.folder.sent", day=formats.day(line.time, t.lang))
        else:
            yield t("sending.folder.failed", reason=t(f"sending.reason.{line.reason or 'stopped'}"))
    if not one.to:
        return
    by_state = Counter(line.state if line else "waits" for line in found.values())
    last = max((line.time for line in found.values() if line and line.state == "sent"), default=None)
    if last:
        yield t("sending.mail.sent", count=by_state["sent"], day=formats.day(last, t.lang))
    reasons = Counter(line.reason for line in found.values() if line and line.state == "failed")
    for reason, count in sorted(reasons.items()):
        yield t("sending.mail.failed", count=count, reason=t(f"sending.reason.{reason}"))
    if unsure := by_state["unsure"] + by_state["trying"]:
        yield t("sending.mail.unsure", count=unsure)
    if waits := by_state["waits"]:
        yield t("sending.mail.waits", count=waits)

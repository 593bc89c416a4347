"""What visitors see and what waits to be released, in words for the steward."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from data.clock import day_of
from data.store.generation import MANY
from data.store.releases import LEAST, ReleaseStatus
from data.texts import message


def status_lines(found: ReleaseStatus | None, lang: str, day: Callable[[date], str]) -> tuple[str, ...]:
    """Return sentences on the latest release, what waits, and what the next release waits for.

    found: None while the store is not open to others; day: writes a day.
    """
    if found is None:
        return (message("release.not_open", lang),)
    seen = found.release
    number = seen.release.number if seen.release else 0
    key = "release.seen" if seen.data_until else "release.seen_nothing"
    lines = [message(key, lang, number=number, day=day(seen.closed_until), made=day(day_of(seen.created)))]
    if found.people:
        lines.append(message("release.waiting", lang, count=found.people))
    if found.corrected:
        lines.append(message("release.corrected", lang, count=found.corrected))
    if found.few_since is not None:
        lines.append(message("release.few", lang, day=day(found.few_since), least=MANY))
    if found.waits:
        lines.append(message("release.next", lang, least=LEAST))
    return tuple(lines)

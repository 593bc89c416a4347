"""What the command `revisions` does."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import Any

from data.store.acting import record, state_of
from data.store.existing import existing_store
from data.store.releases import ReleaseError
from data.texts import Language, message
from metrics.grammar.period import Period
from metrics.listing import value_text
from metrics.model.definition import definitions
from metrics.revisions.log import Revision, RevisionLog


def told(options: argparse.Namespace) -> int:
    """Look whether a release has changed figures, and list all that were changed."""
    store = existing_store(options.store)
    release = store.release()
    if release is None:
        store.serving()  # an empty store is said to be empty
        raise ReleaseError("not_open")
    log = RevisionLog(store)
    log.note()
    found = log.lines()
    if options.json:
        print(json.dumps([*map(_object, found)], ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(found, options.lang)) or message("revisions.none", options.lang))
    record(store.path, "asked", {"question": "revisions", **state_of(release)}, tells=False)
    return 0


def _lines(found: Sequence[Revision], lang: Language) -> Iterator[str]:
    known = definitions()
    for one in found:
        figure = one.after
        name = known[figure.metric].name[lang] if figure.metric in known else figure.metric
        about = f"{name}, {Period.parse(figure.period).label(lang)}"
        values = f"{value_text(one.before.row, lang)} → {value_text(figure.row, lang)}"
        when = message("revisions.when", lang, release=one.release, day=one.day.isoformat())
        yield f"{when}  {about}: {values}  ({message(f'revisions.why.{one.why}', lang)})"


def _object(one: Revision) -> dict[str, Any]:
    sides = {"before": one.before, "after": one.after}
    values = {name: {"value": side.value, "state": side.state, "bound": side.bound} for name, side in sides.items()}
    about = one.after.model_dump(mode="json", include={"metric", "period", "horizon", "quantile", "unit"})
    when = {"day": one.day.isoformat(), "release_before": one.release_before, "release": one.release, "why": one.why}
    return {**when, **about, **values}

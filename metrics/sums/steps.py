"""The steps of a sum over several publishers, as commands: each returns the exit code. Raises Refusal."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from data.store.acting import record
from data.store.existing import existing_store
from data.texts import message
from metrics.packages.listing import area_text
from metrics.packages.making import release_of
from metrics.packages.scope import population_of
from metrics.packages.signing import signing_key
from metrics.sums.adding import added, published
from metrics.sums.errors import SumError
from metrics.sums.listing import as_csv, as_json
from metrics.sums.plan import planned
from metrics.sums.rounds import Round, gathered, read_round, read_ticket
from metrics.sums.signed import content_of, free, put
from metrics.sums.taking_part import masked_for, prepared

_FINGERPRINT = re.compile(r"(?:[0-9a-fA-F]{4}-){7}[0-9a-fA-F]{4}")


def prepare(options: argparse.Namespace) -> int:
    """Make a ticket for one round."""
    free(options.out)
    store = existing_store(options.store)
    release, key = release_of(store), signing_key(store.path)
    population = population_of(store, release, options.area)
    put(options.out, prepared(store, population, key))
    record(store.path, "exported", {"file": "sum ticket"}, tells=False)
    print(message("sum.ticket", options.lang, path=options.out, area=area_text(population, options.lang)))
    return 0


def gather(options: argparse.Namespace) -> int:
    """Make a round of all tickets."""
    plan = planned(options.metric, (tuple(one.split(",")) for one in options.by), options.period)
    found = gathered(plan, (read_ticket(content_of(path), path.name) for path in options.ticket))
    put(options.out, found.text())
    _say(found, options)
    return 0


def mask(options: argparse.Namespace) -> int:
    """Mask one's own numbers for a round."""
    free(options.out)
    store = existing_store(options.store)
    found = read_round(content_of(options.round), options.round.name)
    trusted = [*options.trust, *(_listed(options.trust_file) if options.trust_file else ())]
    content = masked_for(store, release_of(store), found, signing_key(store.path), trusted, again=options.again)
    put(options.out, content)
    record(store.path, "exported", {"file": "sum", "id": found.id[:16]}, tells=False)
    _say(found, options)
    print(message("sum.masked", options.lang, path=options.out))
    return 0


def _listed(path: Path) -> list[str]:
    found = _FINGERPRINT.findall(content_of(path).decode("utf-8", "replace"))
    if not found:
        raise SumError("no_fingerprint", file=path.name)
    return found


def add(options: argparse.Namespace) -> int:
    """Add what all have masked, and publish the sum."""
    found = read_round(content_of(options.round), options.round.name)
    total = added(found, {path.name: content_of(path) for path in options.masked})
    rows = tuple(published(found, total))
    put(options.out, as_json(rows, found) if options.out.suffix == ".json" else as_csv(rows, found))
    shown = sum(one.row.value is not None for one in rows)
    print(message("sum.added", options.lang, path=options.out, shown=shown, count=len(rows)))
    return 0


def _say(found: Round, options: argparse.Namespace) -> None:
    told = {"round": found.id[:8], "publishers": len(found.tickets), "cells": found.plan.size}
    print(message("sum.round", options.lang, **told))
    for one in found.tickets:
        area = area_text(one.population, options.lang)
        print(f"  {one.publisher.name} ({one.publisher.fingerprint}): {area}")

"""The command `sum`: prepare, gather, mask, add."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TypeAlias

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

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
_FINGERPRINT = re.compile(r"(?:[0-9a-fA-F]{4}-){7}[0-9a-fA-F]{4}")


def add_to(commands: Commands, common: argparse.ArgumentParser, stored: argparse.ArgumentParser) -> None:
    """Add the command to a parser. common, stored: options that all have, and those of who takes part."""
    summing = commands.add_parser("sum", help="sum over several publishers, of whom none shows its own numbers")
    steps = summing.add_subparsers(required=True, metavar="STEP")
    out = argparse.ArgumentParser(add_help=False)
    out.add_argument("--out", type=Path, required=True, metavar="FILE", help="file to write")

    prepare = steps.add_parser("prepare", parents=[common, stored, out], help="make a ticket for one round")
    prepare.add_argument("--area", help="a municipality by code or name, or region-02; without it everybody")
    prepare.set_defaults(run=_prepare)

    gather = steps.add_parser("gather", parents=[common, out], help="make a round of all tickets, as who adds")
    gather.add_argument("ticket", nargs="+", type=Path)
    gather.add_argument("--metric", action="append", required=True, help="a metric that counts; may be repeated")
    gather.add_argument("--by", action="append", default=[], metavar="DIM[,DIM]", help="a breakdown; may be repeated")
    gather.add_argument("--period", action="append", required=True, help="a closed period; may be repeated")
    gather.set_defaults(run=_gather)

    mask = steps.add_parser("mask", parents=[common, stored, out], help="mask one's own numbers for a round")
    mask.add_argument("round", type=Path)
    mask.add_argument("--trust", action="append", default=[], metavar="FINGERPRINT", help="of another who takes part")
    mask.add_argument("--trust-file", type=Path, metavar="FILE", help="a list of such fingerprints, a line each")
    mask.add_argument("--again", action="store_true", help="although there was a round of others about the same")
    mask.set_defaults(run=_mask)

    add = steps.add_parser("add", parents=[common, out], help="add what all have masked, and publish the sum")
    add.add_argument("round", type=Path)
    add.add_argument("masked", nargs="+", type=Path)
    add.set_defaults(run=_add)


def _prepare(options: argparse.Namespace) -> int:
    free(options.out)
    store = existing_store(options.store)
    release, key = release_of(store), signing_key(store.path)
    population = population_of(store, release, options.area)
    put(options.out, prepared(store, population, key))
    record(store.path, "exported", {"file": "sum ticket"}, tells=False)
    print(message("sum.ticket", options.lang, path=options.out, area=area_text(population, options.lang)))
    return 0


def _gather(options: argparse.Namespace) -> int:
    plan = planned(options.metric, (tuple(one.split(",")) for one in options.by), options.period)
    found = gathered(plan, (read_ticket(content_of(path), path.name) for path in options.ticket))
    put(options.out, found.text())
    _say(found, options)
    return 0


def _mask(options: argparse.Namespace) -> int:
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


def _add(options: argparse.Namespace) -> int:
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

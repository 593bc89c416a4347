"""The command `slices`, and `build` on a cluster."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from pathlib import Path

from data.command_line import Group
from data.store.acting import act, state_of
from data.store.store import Store, store_at
from data.texts import message
from metrics.audience import AUDIENCES
from metrics.cluster.errors import ClusterError
from metrics.model.serving import generation_for
from metrics.warming import Ahead, Progress

SPARK = "spark"
_SLICES = 16
_MOST_SLICES = 4096
_NUMBER = re.compile("[1-9][0-9]{0,3}")


def add_to(commands: Group, parents: list[argparse.ArgumentParser]) -> None:
    """Add the command to a parser. parents: options that all have, and those of the store."""
    slices = commands.add_parser("slices", parents=parents, help="cli.command.slices")
    slices.add_argument("--to", type=Path, required=True, metavar="cli.value.folder", help="cli.option.slices.to")
    slices.add_argument(
        "--slices",
        type=_slices,
        default=_SLICES,
        metavar="cli.value.number",
        help="cli.option.slices.slices",
    )
    slices.set_defaults(run=_write)


def add_options(build: argparse.ArgumentParser) -> None:
    """Add what `build` may be told of a cluster."""
    build.add_argument("--engine", choices=("processes", SPARK), default="processes", help="cli.option.build.engine")
    build.add_argument("--master", default="local[*]", metavar="cli.value.address", help="cli.option.build.master")
    build.add_argument("--from", dest="rows", metavar="cli.value.folder", help="cli.option.build.from")


def check_options(options: argparse.Namespace) -> None:
    """Raises ClusterError when what `build` is told does not go together."""
    if options.engine == SPARK and not options.rows:
        raise ClusterError("from_needed")
    if options.engine != SPARK and options.rows:
        raise ClusterError("spark_needed")


def build_on_cluster(options: argparse.Namespace, store: Store, wanted: Iterable[Ahead], progress: Progress) -> None:
    """Make cells as `metrics.warming.make`, on a cluster. Raises as it does, and ClusterError."""
    # Imported on use: nothing else needs it, and it needs more than the others.
    from metrics.cluster.rounds import make_in_rounds
    from metrics.cluster.spark import spark

    with spark(options.master, options.rows) as engine:
        make_in_rounds(store, wanted, engine, progress)


def _write(options: argparse.Namespace) -> int:
    from metrics.cluster.writing import write

    store = store_at(options.store)
    for generation in dict.fromkeys(generation_for(store, audience) for audience in AUDIENCES):
        with act(store.path, "sliced", state_of(generation)):
            made = write(store, generation, options.to, options.slices)
        print(message("slices.made", options.lang, path=made, number=generation.number, slices=options.slices))
    return 0


def _slices(text: str) -> int:
    """Return a number of slices. Raises ArgumentTypeError."""
    if _NUMBER.fullmatch(text) and int(text) <= _MOST_SLICES:
        return int(text)
    raise argparse.ArgumentTypeError("cli.usage.slices")

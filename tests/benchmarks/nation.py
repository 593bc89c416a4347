"""A nation by simulation: so many made municipalities publish packages and take part in a sum, on one machine.

    python -m tests.benchmarks.nation FOLDER [--municipalities 300] [--encounters 800]

Each is a municipality of the code list with a store, keys and a publisher's key of its own, filled by the sample's generator, of
a size drawn by chance. It makes the package of its release and a ticket, and masks its numbers for the round of all. Then pages
are opened over all packages, as visitors of a published site see them. What is in FOLDER already is not made again. Prints
seconds of the processor, bytes and memory.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path

from data.codes.municipalities import municipalities
from data.sample.plan import make_plan
from data.sample.publish import publish
from data.store.releases import open_to_others
from data.store.store import Store
from metrics.grammar.question import Question
from metrics.packages.asking import ask_package
from metrics.packages.making import make, release_of
from metrics.packages.manifest import PackedPeople
from metrics.packages.opening import package_of
from metrics.packages.scope import Scope, population_of
from metrics.packages.shelf import Shelf
from metrics.packages.signing import make_publisher, signing_key
from metrics.sums.adding import added, published
from metrics.sums.plan import planned
from metrics.sums.rounds import Round, gathered, read_round, read_ticket
from metrics.sums.taking_part import masked_for, prepared
from pages.access import published as site

UNTIL = date(2026, 10, 31)
PERIODS = ("2026-ytd-10", "2025-ytd-10")
METRICS = (
    "clients",
    "encounters",
    "reach_per_1000",
    "understood_language_share",
    "solved_share",
    "referral_started_share",
)
DIMENSIONS = ("language",)
SUMMED = (("clients", "encounters"), (("language",), ("topic",)), PERIODS[:1])


def main(arguments: Sequence[str]) -> None:
    """Make what is missing, and measure each step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--municipalities", type=int, default=300)
    parser.add_argument("--encounters", type=int, default=800, help="in the one in the middle")
    options = parser.parse_args(arguments)
    codes = [*islice(sorted(municipalities()), options.municipalities)]
    folders = [options.folder / code for code in codes]
    sizes = [round(options.encounters * random.Random(code).lognormvariate(0, 1)) + 100 for code in codes]
    with step("stores, packages and tickets"), ProcessPoolExecutor() as pool:
        for number, _ in enumerate(pool.map(take_part, folders, sizes), 1):
            print(f"\r{number} of {len(codes)}", end="", file=sys.stderr, flush=True)
    print(f"\n{sum(sizes):,} encounters in {len(codes)} stores")
    packages = [folder / "package.tkp" for folder in folders]
    print(f"{sum(file.stat().st_size for file in packages) / 1e6:.1f} MB of packages")
    sum_up(options.folder, folders)
    look(options.folder, packages)


def take_part(folder: Path, encounters: int) -> None:
    """Make a municipality's store, package and ticket, unless they are there."""
    if (folder / "ticket").exists():
        return
    os.environ["TILANNEKUVA_THREADS"] = "1"
    store, code = Store(folder / "store"), folder.name
    publish(make_plan(encounters, int(code), UNTIL), store)
    with store.next_generation("moved", sample=True) as connection:
        # The generator's places are those of one co-operation area.
        connection.execute(f"UPDATE encounter SET municipality = '{code}'")
    open_to_others(store)
    key = make_publisher(store.path, f"Municipality {code}")
    release, people = release_of(store), PackedPeople(dimension="municipality", code=code, municipalities=(code,))
    (folder / "package.tkp").write_bytes(make(store, release, Scope(people, PERIODS, METRICS, DIMENSIONS), key).content)
    (folder / "ticket").write_bytes(prepared(store, population_of(store, release, code), key))


def sum_up(base: Path, folders: Sequence[Path]) -> None:
    """Run a round of all of them, and print its sums beside those of the numbers that each has published."""
    with step("gathering tickets into a round"):
        found = gathered(planned(*SUMMED), [read_ticket((one / "ticket").read_bytes(), one.name) for one in folders])
        (base / "round").write_bytes(found.text())
    with step("masking, all publishers"), ProcessPoolExecutor() as pool:
        list(pool.map(mask, folders))
    masked = {one.name: (one / "masked").read_bytes() for one in folders}
    print(f"{sum(map(len, masked.values())) / 1e6:.1f} MB sent to whoever adds, {found.plan.size:,} cells")
    with step("adding and publishing the sum"):
        rows = [one.row for one in published(found, added(found, masked))]
    shown = sum(row.value is not None for row in rows)
    parts = [row.value for one in folders for row in clients_by_language(one)]
    lost = sum(value is None for value in parts)
    whole = sum(row.value or 0 for row in rows if row.metric == "clients" and "language" in row.codes)
    print(f"{shown:,} of {len(rows):,} sums are shown; clients by language: {whole:,.0f} in the sum of all,")
    print(f"{sum(filter(None, parts)):,.0f} where published numbers are added, of which {lost:,} are hidden")


def mask(folder: Path) -> None:
    """Mask a publisher's own numbers for the round."""
    if not (folder / "masked").exists():
        store = Store(folder / "store")
        told = read_round((folder.parent / "round").read_bytes(), "round")
        content = masked_for(store, release_of(store), told, signing_key(store.path), trusted(told))
        (folder / "masked").write_bytes(content)


def trusted(told: Round) -> list[str]:
    return [ticket.publisher.fingerprint for ticket in told.tickets]


def clients_by_language(folder: Path):  # type: ignore[no-untyped-def] # rows of a package
    package = package_of((folder / "package.tkp").read_bytes(), folder.name)
    return ask_package(Question(("clients",), ("language",), period=PERIODS[0]), package).rows


def look(base: Path, packages: Sequence[Path]) -> None:
    """Take all packages into one folder, and open pages over them."""
    from streamlit.testing.v1 import AppTest

    from pages.shell.registry import PAGES
    from tilannekuva.publishing import fill

    shown = base / "published"
    with step("taking all packages in"):
        if not shown.exists():
            fill(shown, packages)
    os.environ |= {site.FOLDER: str(shown), "TILANNEKUVA_STORE": str(base / "none")}
    os.environ[site.PACKAGES] = ",".join(one.id for one in Shelf(Store(shown)).held())
    (base / "none").mkdir(exist_ok=True)

    def script(render) -> None:  # type: ignore[no-untyped-def] # AppTest reads it as text, without our imports
        render("fi")

    for page_id in ("compare", "overview", "compare"):
        app = AppTest.from_function(
            script, args=(next(p for p in PAGES if p.id == page_id).render,), default_timeout=3600
        )
        with step(f"opening {page_id}"):
            app.run()
        assert not app.exception
        assert not app.error
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB of memory at most")


@contextmanager
def step(name: str) -> Iterator[None]:
    """Print what a step has cost."""
    spent, clock = cpu(), time.monotonic()
    yield
    print(f"\n{name}: {cpu() - spent:.1f} s of the processor, {time.monotonic() - clock:.1f} s", flush=True)


def cpu() -> float:
    """Seconds of the processor so far, those of ended processes included."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    main(sys.argv[1:])

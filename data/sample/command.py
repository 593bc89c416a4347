"""`python -m data sample`: makes the sample municipality, into a store or as a CSV file."""

import argparse
import sys
from datetime import date
from pathlib import Path

from data.keys import KeyFileError
from data.sample.csv_file import write_csv
from data.sample.plan import DEFAULT_ENCOUNTERS, MOST_ENCOUNTERS, make_plan
from data.sample.publish import NotASampleStoreError, publish
from data.store import SAMPLE_STORE, Store, StoreError

REFUSED = 2


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `sample` command and its options."""
    parser = subparsers.add_parser("sample", help="make the sample municipality")
    parser.add_argument("--encounters", type=int, default=DEFAULT_ENCOUNTERS, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="equal seeds give equal records")
    parser.add_argument("--store", type=Path, default=SAMPLE_STORE, metavar="DIR")
    parser.add_argument("--until", type=date.fromisoformat, metavar="DATE", help="last day, as 2026-10-31")
    parser.add_argument(
        "--csv", type=Path, metavar="FILE", help="write the encounters to a CSV file instead of a store"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make the sample; the exit code: 0, or 2 when it was refused."""
    try:
        plan = make_plan(arguments.encounters, arguments.seed, arguments.until)
    except ValueError as error:
        allowed = f"1–{MOST_ENCOUNTERS}" if str(error) == "encounters" else f"2000-01-01 – {date.today()}"
        print(f"--{error}: {allowed}", file=sys.stderr)
        return REFUSED
    if arguments.csv is not None:
        print(f"{arguments.csv}: {write_csv(plan, arguments.csv)}")
        return 0
    try:
        counts = publish(plan, Store(arguments.store))
    except (NotASampleStoreError, StoreError, KeyFileError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return REFUSED
    print(f"{arguments.store}: " + ", ".join(f"{table} {rows}" for table, rows in counts.items()))
    return 0

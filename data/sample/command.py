"""`python -m data sample`: makes the sample municipality, into a store or as a CSV file."""

import argparse
from datetime import date
from pathlib import Path

from data.sample.csv_file import write_csv
from data.sample.plan import DEFAULT_ENCOUNTERS, make_plan
from data.sample.publish import publish
from data.store.store import SAMPLE_STORE, Store
from data.texts import message

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
    """Make the sample; the exit code is 0. Raises PlanError, NotASampleStoreError, StoreError and KeyFileError."""
    lang = getattr(arguments, "lang", "fi")
    plan = make_plan(arguments.encounters, arguments.seed, arguments.until)
    if arguments.csv is not None:
        print(message("sample.written", lang, file=arguments.csv, rows=write_csv(plan, arguments.csv)))
        return 0
    rows = publish(plan, Store(arguments.store))
    made = {"encounters": rows["encounter"], "referrals": rows["referral"], "enrolments": rows["enrolment"]}
    print(message("sample.made", lang, store=arguments.store, **made))
    return 0

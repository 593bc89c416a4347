"""`python -m data sample`: makes the sample municipality, into a store or as a CSV file."""

import argparse
from datetime import date
from pathlib import Path

from data.command_line import Group, add_language, whole_number
from data.sample.csv_file import write_csv
from data.sample.plan import DEFAULT_ENCOUNTERS, make_plan
from data.sample.publish import publish
from data.store.store import SAMPLE_STORE, Store
from data.texts import message

REFUSED = 2


def add_to(subparsers: Group) -> None:
    """Add the `sample` command and its options."""
    parser = subparsers.add_parser("sample", help="cli.command.sample")
    add_language(parser)
    parser.add_argument(
        "--encounters", type=whole_number, default=DEFAULT_ENCOUNTERS, metavar="cli.value.number",
        help="cli.option.sample.encounters",
    )  # fmt: skip
    parser.add_argument(
        "--seed", type=whole_number, default=1, metavar="cli.value.number", help="cli.option.sample.seed"
    )
    parser.add_argument(
        "--store", type=Path, default=SAMPLE_STORE, metavar="cli.value.folder", help="cli.option.sample.store"
    )
    parser.add_argument("--until", type=_day, metavar="cli.value.day", help="cli.option.sample.until")
    parser.add_argument("--csv", type=Path, metavar="cli.value.file", help="cli.option.sample.csv")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make the sample; the exit code is 0. Raises PlanError, NotASampleStoreError, StoreError and KeyFileError."""
    lang = arguments.lang
    plan = make_plan(arguments.encounters, arguments.seed, arguments.until)
    if arguments.csv is not None:
        print(message("sample.written", lang, file=arguments.csv, rows=write_csv(plan, arguments.csv)))
        return 0
    rows = publish(plan, Store(arguments.store))
    made = {"encounters": rows["encounter"], "referrals": rows["referral"], "enrolments": rows["enrolment"]}
    print(message("sample.made", lang, store=arguments.store, **made))
    return 0


def _day(text: str) -> date:
    """Return a day. Raises ArgumentTypeError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("cli.usage.day") from None

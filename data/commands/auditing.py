"""`python -m data audit`: the log in words or as CSV, and whether it is whole."""

from __future__ import annotations

import argparse
import sys

from data.clock import here
from data.spreadsheet import csv_text
from data.store.audit import AuditLog, LogLine
from data.store.audit_check import Finding, LogState, check
from data.store.existing import existing_store
from data.store.store import Store
from data.texts import has_message, message

BROKEN = 2
"""Exit code: the log is not whole."""


def add_options(command: argparse.ArgumentParser) -> None:
    """Options of `audit`."""
    form = command.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="cli.option.csv")
    form.add_argument("--verify", action="store_true", help="cli.option.audit.verify")


def run(options: argparse.Namespace) -> int:
    """Print the log, the newest last; or check it."""
    store, lang = existing_store(options.store, made=False), options.lang
    if options.verify:
        return _verify(store, lang)
    lines = list(AuditLog(store.path).lines())
    if options.csv:
        sys.stdout.write(_csv(lines))
        return 0
    for line in lines:
        print(in_words(line, lang))
    if not lines:
        print(message("audit.empty", lang))
    return 0


def in_words(line: LogLine, lang: str) -> str:
    """A line of the log for people."""
    about = [f"{_field(name, lang)} {_value(name, value, lang)}" for name, value in line.about.items()]
    what = message(f"audit.what.{line.what}", lang)
    return "  ".join(
        (str(line.number), f"{here(line.time):%Y-%m-%d %H:%M:%S}", line.who, what, ", ".join(about))
    ).rstrip()


def _field(name: str, lang: str) -> str:
    return message(f"audit.about.{name}", lang) if has_message(f"audit.about.{name}") else name


def _value(name: str, value: str | int, lang: str) -> str:
    """A value in words, where it is a code with a text."""
    key = f"audit.{name}.{value}"
    return message(key, lang) if has_message(key) else str(value)


def _csv(lines: list[LogLine]) -> str:
    """The log with codes, for other programs: a column for everything that a line can be about."""
    names = list(dict.fromkeys(name for line in lines for name in line.about))
    head = ["number", "time", "who", "what", *names, "previous", "hash"]
    rows = (
        [line.number, line.time.isoformat(), line.who, line.what, *map(line.about.get, names), line.previous, line.hash]
        for line in lines
    )
    return csv_text([head, *rows])


def _verify(store: Store, lang: str) -> int:
    checked = check(store.path)
    for finding in checked.findings:
        if finding.kind == "torn":
            print(_found(finding, lang))
        else:
            print(_found(finding, lang), file=sys.stderr)
    if not checked.is_whole:
        print(message("audit.not_whole", lang), file=sys.stderr)
        return BROKEN
    print(_whole(checked, lang))
    return 0


def _found(finding: Finding, lang: str) -> str:
    kind = "broken_mark" if finding.kind == "broken" and not finding.file else finding.kind
    return message(
        f"audit.found.{kind}", lang, file=f"log/{finding.file}", line=finding.place, number=finding.number,
        expected=finding.expected,
    )  # fmt: skip


def _whole(checked: LogState, lang: str) -> str:
    if not checked.number:
        return message("audit.empty", lang)
    return message("audit.whole", lang, count=checked.lines, number=checked.number, hash=checked.hash)

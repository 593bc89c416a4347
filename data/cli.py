"""`python -m data`: import, watch, rejected, history, audit, rollback, check, open, release, forget, delete, undo, and what else
the steward needs.

Exit codes: 0 all well, 2 refused, 3 rows rejected, 4 an answer is needed, 5 done, but the release of visitors is damaged.
"""

import argparse
import contextlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from data.clock import minute_of
from data.command_line import Group, Parser, add_commands, add_language, add_store, exit_code, whole_number
from data.commands import auditing, checking, importing, keeping, mapping, releasing, removing, watching
from data.coverage.repeating import roll_back
from data.ingest import rejects, report
from data.steward import listing
from data.steward.targets_and_notes import Ledger
from data.store import changed
from data.store.acting import record
from data.store.existing import existing_store
from data.store.ready import at_once
from data.store.versions import Version, versions
from data.texts import has_message, message

PROG = "python -m data"
_STORES = dict.fromkeys(("import", "watch-folder", "restore"), "cli.option.store.own")
"""Of commands that never go to the sample municipality unless told to."""


def main(arguments: Sequence[str] | None = None, prog: str = PROG) -> int:
    """Run one command and return its exit code. prog: what the command line is called by."""
    options = parser(prog).parse_args(arguments)
    try:
        with at_once(really=getattr(options, "no_cells", True)):
            return exit_code(lambda: int(options.run(options)), getattr(options, "lang", "fi"))
    finally:
        if getattr(options, "no_cells", True):
            changed.taken()


def parser(prog: str = PROG) -> argparse.ArgumentParser:
    """The commands and their options."""
    made: argparse.ArgumentParser = Parser(prog=prog)
    commands = add_commands(made)
    importing.add_options(_command(commands, "import", importing.run, publishes=True))
    rejected = _command(commands, "rejected", _rejected)
    form = rejected.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="cli.option.json")
    form.add_argument("--csv", action="store_true", help="cli.option.csv")
    auditing.add_options(_command(commands, "audit", auditing.run))
    history = _command(commands, "history", _history)
    history.add_argument("--json", action="store_true", help="cli.option.json")
    rollback = _command(commands, "rollback", _rollback, publishes=True)
    rollback.add_argument(
        "generation", type=whole_number, metavar="cli.value.version", help="cli.option.rollback.version"
    )
    rollback.add_argument("--yes", action="store_true", help="cli.option.rollback.yes")
    # The installed command has another `check`, that of metrics.
    checking.add_options(_command(commands, "check-store", checking.run, aliases=("check",)))
    _command(commands, "open", releasing.open_store, publishes=True)
    releasing.add_options(_command(commands, "release", releasing.release, publishes=True))
    # The installed command has another `watch`, that of metrics.
    watching.add_options(_command(commands, "watch-folder", watching.run, aliases=("watch",), publishes=True))
    removing.add_forget(_command(commands, "forget", removing.forget, publishes=True))
    removing.add_delete(_command(commands, "delete", removing.delete, publishes=True))
    removing.add_undo(_command(commands, "undo", removing.undo, publishes=True))
    keeping.add_retention(_command(commands, "retention", keeping.retention, publishes=True))
    keeping.add_held(_command(commands, "held", keeping.held))
    keeping.add_backup(_command(commands, "backup", keeping.backup))
    keeping.add_restore(_command(commands, "restore", keeping.restore, publishes=True))
    mapping.add_boundaries(_command(commands, "boundaries", mapping.run))
    for name, run in (("targets", _targets), ("notes", _notes)):
        _command(commands, name, run).add_argument("--json", action="store_true", help="cli.option.json")
    with contextlib.suppress(ModuleNotFoundError):  # an installation without the sample municipality still imports
        from data.sample.command import add_to

        add_to(commands)
    return made


def _command(
    commands: Group, name: str, run: object, aliases: Sequence[str] = (),
    *, publishes: bool = False,
) -> argparse.ArgumentParser:  # fmt: skip
    command = commands.add_parser(name, aliases=aliases, help=f"cli.command.{name}")
    add_store(command, _STORES.get(name, "cli.option.store"))
    add_language(command)
    command.set_defaults(run=run)
    if publishes:
        command.add_argument("--no-cells", action="store_true", help="cli.option.no_cells")
    return command


def _rejected(options: argparse.Namespace) -> int:
    store = existing_store(options.store, made=False)
    found = rejects.load(store.rejected_path)
    record(store.path, "exported", {"file": "rejected"})
    if options.json:
        print(json.dumps([asdict(reject) for reject in found], ensure_ascii=False, indent=1))
    elif options.csv:
        sys.stdout.write(rejects.as_csv(found))
    else:
        for reject in found:
            sheet = f" ({reject.sheet})" if reject.sheet else ""
            print(f"{reject.file}{sheet}: {report.reject_line(reject, options.lang)}")
        if not found:
            print(message("loading.no_rejects", options.lang))
    return 0


def _history(options: argparse.Namespace) -> int:
    store = existing_store(options.store)
    found = versions(store)
    if options.json:
        print(json.dumps([_as_json(one) for one in found], ensure_ascii=False, indent=1))
    else:
        for one in found:
            print(_history_line(one, options.lang))
    # What is wrong with the one in use is said as by every other command, below what there is to go back to.
    store.read(store.serving()).close()
    return 0


def _as_json(one: Version) -> dict[str, object]:
    line: dict[str, object] = {"generation": one.number, "serving": one.is_serving, "whole": one.is_whole}
    if one.generation is None:
        return line
    made = one.generation
    return {
        **line, "created": made.created.isoformat(), "cause": made.cause, "rows": made.rows, "clients": made.clients,
    }  # fmt: skip


def _history_line(one: Version, lang: str) -> str:
    mark, made = "*" if one.is_serving else " ", one.generation
    if made is None:
        return message("loading.history_damaged", lang, mark=mark, number=one.number)
    line = message(
        "loading.history_line", lang, mark=mark, number=one.number, created=minute_of(made.created),
        encounters=made.rows.get("encounter", 0), clients=made.clients,
        cause=_cause_line(made.cause, lang),
    )  # fmt: skip
    return line if one.is_whole else message("loading.history_line_damaged", lang, line=line)


def _cause_line(cause: str, lang: str) -> str:
    """What made a version, in words: of an import its files, of a deletion its source."""
    kind, _, of = cause.partition(" ")
    key = f"audit.cause.{kind.rstrip(':')}"
    if not has_message(key):
        return cause
    about = "" if kind == "sample" else of.removeprefix("delivery ")
    return f"{message(key, lang)}: {about}" if about else message(key, lang)


def _rollback(options: argparse.Namespace) -> int:
    store = existing_store(options.store)
    generation = roll_back(store, options.generation, accepted=options.yes)
    print(message("loading.serving_now", options.lang, number=generation.number))
    return releasing.told_after(store, options.lang)


def _targets(options: argparse.Namespace) -> int:
    history = Ledger.of(existing_store(options.store, made=False).path).target_history()
    if not history and not options.json:
        print(message("steward.no_targets", options.lang))
    return listing.show(history, options.lang, as_json=options.json)


def _notes(options: argparse.Namespace) -> int:
    history = Ledger.of(existing_store(options.store, made=False).path).note_history()
    if not history and not options.json:
        print(message("steward.no_notes", options.lang))
    return listing.show(history, options.lang, as_json=options.json)

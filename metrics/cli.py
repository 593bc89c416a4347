"""Command line of metrics: list, show, check, ask, build, slices, hypotheses, watch, packages, sums, definitions, revisions."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from data.command_line import Parser, add_commands, add_language, add_store, exit_code
from data.store.acting import record, state_of
from data.store.existing import existing_store
from data.store.store import Store, StoreError, store_at
from data.texts import Language, message
from metrics.ask import ask, ask_change, lacking, lacking_of_rows
from metrics.audience import AUDIENCES, INTERNAL, PROTECTED
from metrics.change.earlier import AGAINST
from metrics.cluster import commands as of_cluster
from metrics.cube.files import insisting
from metrics.grammar.answer import Answer
from metrics.grammar.question import Question, QuestionError, nearest, parsed_where
from metrics.listing import (
    as_csv,
    as_json,
    as_objects,
    as_table,
    changes_as_csv,
    changes_as_json,
    changes_as_table,
    list_lines,
    show_lines,
)
from metrics.measures import quiet_points
from metrics.measures.gaps import Lacking, said
from metrics.model.definition import FOLDER, DefinitionsError, definitions, read
from metrics.model.serving import generation_for
from metrics.packages import commands as of_packages
from metrics.precompute.progress import on_stderr
from metrics.registry import commands as of_definitions
from metrics.registry.in_force import use
from metrics.revisions import commands as of_revisions
from metrics.sums import commands as of_sums
from metrics.warming import common, filtered, make, opened

PROG = "python -m metrics"
_MOST_PROCESSES = 256
_AUDIENCES = f"{{{PROTECTED},{INTERNAL}}}"


def main(arguments: Sequence[str] | None = None, prog: str = PROG) -> int:
    """Run a command and return the exit code: 0 done, 1 invalid definitions or an alert, 2 refused.

    prog: the program name in help texts.
    """
    options = parser(prog).parse_args(arguments)

    def run() -> int:
        # Those that give definitions back must do so also where what is in force cannot be read.
        if not getattr(options, "of_definitions", False):
            use(store_at(getattr(options, "store", None)))
        return int(options.run(options))

    return run_with_messages(run, options.lang)


def run_with_messages(run: Callable[[], int], lang: Language) -> int:
    """Run a command and return its exit code; refusals and invalid definitions are printed as messages."""

    def checked() -> int:
        try:
            return run()
        except DefinitionsError as error:
            print("\n".join(error.lines), file=sys.stderr)
            return 1

    return exit_code(checked, lang)


def parser(prog: str = PROG) -> argparse.ArgumentParser:
    """Return the argument parser with all commands and options."""
    made: argparse.ArgumentParser = Parser(prog=prog)
    commands = add_commands(made)
    common = argparse.ArgumentParser(add_help=False)
    add_language(common)
    stored = argparse.ArgumentParser(add_help=False)
    add_store(stored)

    listing = commands.add_parser("list", parents=[common], help="cli.command.list")
    listing.add_argument("--format", choices=("table", "json"), default="table", help="cli.option.format")
    listing.set_defaults(run=_list)

    show = commands.add_parser("show", parents=[common], help="cli.command.show")
    show.add_argument("metric", metavar="cli.value.metric", help="cli.option.metric")
    show.set_defaults(run=_show)

    check = commands.add_parser("check", parents=[common], help="cli.command.check")
    check.add_argument(
        "folder", nargs="?", type=Path, default=FOLDER, metavar="cli.value.folder", help="cli.option.check.folder"
    )
    check.set_defaults(run=_check)

    asking = commands.add_parser("ask", parents=[common, stored], help="cli.command.ask")
    asking.add_argument("metric", nargs="+", metavar="cli.value.metric", help="cli.option.metrics")
    asking.add_argument("--by", action="append", default=[], metavar="cli.value.dimension", help="cli.option.by")
    asking.add_argument(
        "--where", action="append", default=[], metavar="cli.value.dimension_code", help="cli.option.where"
    )
    asking.add_argument("--period", default="all", metavar="cli.value.period_code", help="cli.option.period")
    asking.add_argument("--each", metavar="{month,quarter,year}", help="cli.option.each")
    asking.add_argument("--compare", choices=AGAINST, help="cli.option.compare")
    asking.add_argument("--audience", default=PROTECTED, metavar=_AUDIENCES, help="cli.option.audience")
    asking.add_argument("--format", choices=("table", "json", "csv"), default="table", help="cli.option.format")
    asking.add_argument("--beside", action="store_true", help="cli.option.beside")
    asking.set_defaults(run=_ask)

    build = commands.add_parser("build", parents=[common, stored], help="cli.command.build")
    build.add_argument(
        "--processes",
        type=_processes,
        default=1,
        metavar="cli.value.number",
        help="cli.option.build.processes",
    )
    of_cluster.add_options(build)
    build.set_defaults(run=_build)
    of_cluster.add_to(commands, [common, stored])

    register = commands.add_parser("hypotheses", parents=[common, stored], help="cli.command.hypotheses")
    register.add_argument("--json", action="store_true", help="cli.option.json")
    register.add_argument("--audience", default=PROTECTED, metavar=_AUDIENCES, help="cli.option.audience")
    register.set_defaults(run=_hypotheses)

    watch = commands.add_parser("watch", parents=[common, stored], help="cli.command.watch")
    watch.add_argument("--json", action="store_true", help="cli.option.watch.json")
    watch.set_defaults(run=_watch)

    of_packages.add_to(commands, [common, stored])
    of_sums.add_to(commands, common, stored)
    of_definitions.add_to(commands, common, stored)
    of_revisions.add_to(commands, [common, stored])
    return made


def _list(options: argparse.Namespace) -> int:
    every = definitions().values()
    if options.format == "json":
        print(json.dumps(as_objects(every, options.lang), ensure_ascii=False, indent=1))
    else:
        print("\n".join(list_lines(every, options.lang)))
    return 0


def _show(options: argparse.Namespace) -> int:
    known = definitions()
    if options.metric not in known:
        raise QuestionError("unknown_metric", nearest(options.metric, known), metric=options.metric)
    print("\n".join(show_lines(known[options.metric], options.lang)))
    return 0


def _check(options: argparse.Namespace) -> int:
    found = read(options.folder)
    if not found:
        raise QuestionError("no_definitions", folder=options.folder)
    print(message("cli.all_right", options.lang, count=len(found)))
    return 0


def _ask(options: argparse.Namespace) -> int:
    question = Question(
        metrics=tuple(options.metric),
        by=tuple(options.by),
        where=tuple(map(parsed_where, options.where)),
        period=options.period,
        each=options.each,
        audience=options.audience,
    )
    store = store_at(options.store)
    if options.beside:
        from metrics.packages.acts import beside  # not above: to load what reads packages takes longer than to answer

        print(beside(question, store, options.lang, as_json=options.format == "json"))
        _log(store, f"{question.words} --beside", question.audience, options.lang)
        return 0
    if options.compare:
        changed = ask_change(question, options.compare, store)
        _log(store, f"{question.words} --compare {options.compare}", question.audience, options.lang)
        if options.format == "json":
            told = changes_as_json(changed, _lacking(question, store))
            print(json.dumps(told, ensure_ascii=False, indent=1))
        elif options.format == "csv":
            print(changes_as_csv(changed, _lacking_of_rows(changed.answer, store)), end="")
        else:
            print("\n".join(changes_as_table(changed, store, options.lang)))
            _say_lacking(question, store, options.lang)
        return 0
    answer = ask(question, store)
    _log(store, question.words, question.audience, options.lang)
    if options.format == "json":
        print(json.dumps(as_json(answer, _lacking(question, store)), ensure_ascii=False, indent=1))
    elif options.format == "csv":
        print(as_csv(answer, _lacking_of_rows(answer, store)), end="")
    else:
        print("\n".join(as_table(answer, store, options.lang)))
        _say_lacking(question, store, options.lang)
    return 0


def _say_lacking(question: Question, store: Store, lang: Language) -> None:
    generation = generation_for(store, question.audience)
    for text in (said(_lacking(question, store), lang), quiet_points.told(question, store, generation, lang)):
        if text:
            print(text)


def _lacking(question: Question, store: Store) -> Lacking:
    return lacking(question, store, generation_for(store, question.audience))


def _lacking_of_rows(answer: Answer, store: Store) -> list[Lacking]:
    return lacking_of_rows(answer.rows, answer.question, store, generation_for(store, answer.audience))


def _log(store: Store, question: str, audience: str, lang: Language) -> None:
    """Tell the log of a question; reading goes on without it."""
    about: dict[str, str | int] = {"question": question}
    with suppress(StoreError):
        about |= state_of(generation_for(store, audience))
    if not record(store.path, "asked", about, tells=False):
        print(message("audit.unwritable", lang), file=sys.stderr)


def _build(options: argparse.Namespace) -> int:
    of_cluster.check_options(options)
    store = store_at(options.store)
    wanted, progress = (*opened(store), *filtered(store), *common(store)), on_stderr(options.lang)
    # Imported on use: no other command starts processes.
    from metrics.cube.cube import computing_with
    from metrics.cube.workers import workers

    with insisting(), ExitStack() as ending:
        if options.engine == of_cluster.SPARK:
            of_cluster.build_on_cluster(options, store, wanted, progress)
            return 0
        if options.processes > 1:
            ending.enter_context(computing_with(ending.enter_context(workers(options.processes))))
        make(store, wanted, progress)
    return 0


def _processes(text: str) -> int:
    """Return a number of processes. Raises ArgumentTypeError."""
    if text.isascii() and text.isdecimal() and 0 < int(text[:4]) <= _MOST_PROCESSES:
        return int(text[:4])
    raise argparse.ArgumentTypeError("cli.usage.processes")


def _hypotheses(options: argparse.Namespace) -> int:
    # Imported on use: the statistical libraries take a second that no other command needs.
    from metrics.hypotheses import listing
    from metrics.hypotheses.register import Register

    if options.audience not in AUDIENCES:
        raise QuestionError("unknown_audience", (PROTECTED,), audience=options.audience)
    store = existing_store(options.store, made=False)
    register = Register.of(store.path)
    generation = None
    # The register is listed whatever the state of the store; visitors then see verdicts alone.
    with suppress(StoreError):
        generation = store.released()
    _log(store, f"hypotheses --audience {options.audience}", options.audience, options.lang)
    if options.json:
        print(json.dumps(listing.as_json(register, options.audience, generation), ensure_ascii=False, indent=1))
    else:
        print("\n".join(listing.as_lines(register, options.lang, options.audience, generation)))
    return 1 if register.broken() else 0


def _watch(options: argparse.Namespace) -> int:
    store = store_at(options.store)
    # Not above: other commands need not wait for what watches are made of.
    from metrics.watching.evaluation import evaluate
    from metrics.watching.sentences import sentence

    seen = evaluate(store)
    _log(store, "watch", PROTECTED, options.lang)
    alerts = [one for one in seen if one.state in ("fired", "near")]
    if options.json:
        print(json.dumps([one.model_dump(mode="json") for one in seen], ensure_ascii=False, indent=1))
    elif not seen:
        print(message("watch.said.none", options.lang))
    else:
        print("\n".join(sentence(one, options.lang) for one in alerts or seen))
    return 1 if alerts else 0

"""`tilannekuva COMMAND`, or `python -m tilannekuva COMMAND`: hands a command to the room that knows it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from data.command_line import any_terminal, exit_code, in_utf8, said_language
from data.store import changed, lists, ready
from data.texts import Language, texts
from data.version import version

if TYPE_CHECKING:
    from data.store.generation import Generation
    from data.store.lists import Kinds
    from data.store.store import Store

NAME = "tilannekuva"
# Of pydantic: to look for them costs every command a search of all that is installed, and the project uses none.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
# Small matrices are slower among threads that wait for each other with the processor busy, four times where others work too.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@dataclass(frozen=True)
class Room:
    """A command line of its own. load: its module, imported for a command of it alone; names: its commands, in their order."""

    load: Callable[[], ModuleType]
    names: tuple[str, ...]

    def parser(self, prog: str) -> argparse.ArgumentParser:
        """Its parser, for the name the command line is called by."""
        made: argparse.ArgumentParser = self.load().parser(prog)
        return made

    def main(self, arguments: Sequence[str], prog: str) -> int:
        """Run a command of it; the result is its exit code."""
        return int(self.load().main(arguments, prog))


# Imported on use: to load all rooms takes longer than most commands of one.


def _running() -> ModuleType:
    from tilannekuva import running

    return running


def _publishing() -> ModuleType:
    from tilannekuva import publishing

    return publishing


def _tooling() -> ModuleType:
    from tilannekuva import tooling

    return tooling


def _data() -> ModuleType:
    import data.cli

    return data.cli


def _metrics() -> ModuleType:
    import metrics.cli

    return metrics.cli


def _pages() -> ModuleType:
    import pages.__main__

    return pages.__main__


def _reference() -> ModuleType:
    from tilannekuva.reference import command

    return command


_OF_DATA = (
    "import rejected audit history rollback check-store open release watch-folder forget delete undo retention held backup "
    "restore boundaries targets notes sample"
)
_OF_METRICS = (
    "list show check ask build slices hypotheses watch publisher package receive packages sum definitions revisions"
)
ROOMS = (
    Room(_running, ("run",)),
    Room(_publishing, ("serve",)),
    Room(_tooling, ("mcp",)),
    Room(_data, tuple(_OF_DATA.split())),
    Room(_metrics, tuple(_OF_METRICS.split())),
    Room(_pages, ("report", "send", "site")),
    Room(_reference, ("reference",)),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the result is its exit code. Without one, say what there is."""
    if arguments is None:
        in_utf8()
    given = list(sys.argv[1:] if arguments is None else arguments)
    lang = said_language(given)
    if given and given[0].startswith("--lang"):  # said before the command
        said = 1 if "=" in given[0] else 2
        given = [*given[said:], *given[:said]]
    if not given or given[0] in ("-h", "--help") or given[0].startswith("--lang"):
        return exit_code(lambda: _say("\n".join(overview(lang))), lang)
    if given[0] == "--version":
        return exit_code(lambda: _say(f"{NAME} {version()}"), lang)
    for room in ROOMS:
        if given[0] in room.names:
            ready.made_by(_before(lang))
            lists.knows("metrics", _kept_by_metrics)
            lists.knows("pages", _kept_by_pages)
            try:
                code = room.main(given, NAME)
            finally:
                ready.made_by(None)
            return _made_ready(code, lang)
    any_terminal()
    print(f"{NAME}: {texts(lang)('cli.usage.no_command')}\n", file=sys.stderr)
    print("\n".join(overview(lang)), file=sys.stderr)
    return 2


def _kept_by_metrics() -> Kinds:
    from tilannekuva.kept import kinds

    return kinds()


def _kept_by_pages() -> Kinds:
    from tilannekuva.kept import of_pages

    return of_pages()


def _before(lang: str) -> ready.Maker:
    """Return what makes figures before what a command changes is seen."""

    def make(store: Store, made: Generation, draft: Path, _: ready.Waiter) -> None:
        from metrics.precompute.command import make_before

        make_before(store, made, draft, lang)

    return make


def _made_ready(code: int, lang: str) -> int:
    """Make what pages open with, where a command has changed at once what is seen; the result is its exit code."""
    if stores := changed.taken():
        from metrics.precompute.command import make_after

        for store in stores:
            make_after(store, lang)
    return code


def _say(text: str) -> int:
    print(text)
    return 0


def commands(room: Room) -> dict[str, str]:
    """The commands of a room with the keys of their one-line help; without their other names."""
    choices = next(a for a in room.parser(NAME)._actions if isinstance(a, argparse._SubParsersAction))
    return {action.dest: action.help or "" for action in choices._choices_actions}


def overview(lang: Language) -> list[str]:
    """What there is, as lines."""
    t = texts(lang)
    found = [commands(room) for room in ROOMS]
    wide = max(len(name) for room in found for name in room)
    lines = [f"{t('cli.usage')} {NAME} {t('cli.value.command')} …", t("cli.help.more", name=NAME)]
    for room in found:
        lines += ["", *(f"  {name:{wide}}  {t(told)}" for name, told in room.items())]
    return lines


if __name__ == "__main__":
    sys.exit(main())

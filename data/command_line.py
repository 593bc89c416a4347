"""What every command of Tilannekuva does with an error: say it in words and return an exit code; nobody sees a traceback."""

import argparse
import codecs
import contextlib
import errno
import io
import os
import re
import sys
import traceback
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from data.refusal import Refusal, is_stop, refusal_text
from data.texts import DEFAULT_LANGUAGE, LANGUAGES, Language, capital, has_message, message, number_said, texts

REFUSED = 2
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
STOPPED = 130
"""As a shell says that a command was stopped with Ctrl-C."""

if TYPE_CHECKING:
    Group = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    Group = argparse._SubParsersAction  # of which nothing can be named when it runs
_VALUE = re.compile(r"cli\.value\.[a-z_]+")
_OPTION = re.compile(r"--?[a-z][a-z-]*")

_SPELLED = "tilannekuva.spelled"
_SPELLINGS = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "→": "->", "←": "<-", "”": '"', "“": '"', "’": "'", "·": "-", "≥": ">=", "≤": "<="}
)

_WRONG = {
    "required": re.compile(r"the following arguments are required: (?P<names>.+)", re.DOTALL),
    "unknown_option": re.compile(r"unrecognized arguments: (?P<words>.+)", re.DOTALL),
    "choice": re.compile(r"argument (?P<name>.+?): invalid choice: .* \(choose from (?P<names>.+)\)", re.DOTALL),
    "value_missing": re.compile(r"argument (?P<name>.+?): expected .+", re.DOTALL),
    "value_unwanted": re.compile(r"argument (?P<name>.+?): ignored explicit argument .+", re.DOTALL),
    "not_together": re.compile(r"argument (?P<name>.+?): not allowed with argument (?P<other>.+)", re.DOTALL),
    "one_needed": re.compile(r"one of the arguments (?P<names>.+) is required", re.DOTALL),
    "ambiguous": re.compile(r"ambiguous option: (?P<name>[^ =]+).* could match (?P<names>.+)", re.DOTALL),
    "value": re.compile(r"argument (?P<name>.+?): .+", re.DOTALL),
}
"""What argparse says of a command line, whose words are English only, by the end of the key of ours."""


class Help(argparse.HelpFormatter):
    """Help made of the texts whose keys a command and its options give, in one language; argparse's own are English only."""

    lang: Language = DEFAULT_LANGUAGE

    def add_usage(
        self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        """How the command is used, begun in the language."""
        super().add_usage(usage, actions, groups, f"{texts(self.lang)('cli.usage')} " if prefix is None else prefix)

    def add_text(self, text: str | None) -> None:
        """What the command does, as a sentence."""
        super().add_text(text and f"{capital(texts(self.lang)(text))}.")

    def start_section(self, heading: str | None) -> None:
        """Begin a part under its heading."""
        super().start_section(heading and texts(self.lang)(heading))

    def _expand_help(self, action: argparse.Action) -> str:
        default = number_said(action.default, self.lang) if type(action.default) in (int, float) else action.default
        return texts(self.lang)(str(action.help), default=default)

    def _metavar_formatter(self, action: argparse.Action, default_metavar: str) -> Callable[[int], tuple[str, ...]]:
        made = super()._metavar_formatter(action, default_metavar)
        return lambda size: tuple(with_values_named(one, self.lang) for one in made(size))


class Commands(Group):
    """The commands of a command line; the help of each begins with what is said of it in their list."""

    def add_parser(self, name: str, **given: Any) -> argparse.ArgumentParser:
        """Add a command. help: the key of a text."""
        return super().add_parser(name, **{"description": given["help"], **given})


class Parser(argparse.ArgumentParser):
    """A command line whose help and mistakes are told in the language it asks for with --lang, without any value that was typed.

    Every help, and what stands for a value (`cli.value.…`), is the key of a text. An `argparse.ArgumentTypeError` may say one.
    """

    _lang: Language = DEFAULT_LANGUAGE

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"formatter_class": Help, **given, "add_help": False})
        self._positionals.title, self._optionals.title = "cli.help.values", "cli.help.options"
        self.register("action", "parsers", Commands)
        if given.get("add_help", True):
            self.add_argument("-h", "--help", action="help", help="cli.option.help")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """As argparse does, which calls this of every command with its own words."""
        self._lang = said_language(sys.argv[1:] if args is None else args)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Say how the command is used and what is wrong, and exit with REFUSED."""
        self.exit(REFUSED, f"{self.format_usage()}{self.prog}: {usage_error(message, self._lang)}\n")

    def _get_formatter(self) -> argparse.HelpFormatter:
        made = super()._get_formatter()
        if isinstance(made, Help):
            made.lang = self._lang
        return made

    def _print_message(self, message: str, file: Any = None) -> None:
        def write() -> int:
            print(message, end="", file=file or sys.stderr)  # argparse passes over what cannot be written
            return 0

        if code := exit_code(write, self._lang):
            sys.exit(code)


def add_commands(made: argparse.ArgumentParser, named: str = "cli.value.command") -> Group:
    """Return what takes the commands of a command line, of which one must be given. named: what stands for it, a key."""
    found: Group = made.add_subparsers(required=True, metavar=named)
    return found


def add_language(command: argparse.ArgumentParser) -> None:
    """Add the option of the language, which every command has."""
    command.add_argument("--lang", choices=LANGUAGES, default=DEFAULT_LANGUAGE, help="cli.option.lang")


def add_store(command: argparse._ActionsContainer, help: str = "cli.option.store") -> None:
    """Add the option that says which store. help: the key of a text."""
    command.add_argument("--store", type=Path, metavar="cli.value.folder", help=help)


def whole_number(text: str) -> int:
    """Return a number without decimals. Raises ArgumentTypeError."""
    if re.fullmatch(r"-?[0-9]{1,12}", text):
        return int(text)
    raise argparse.ArgumentTypeError("cli.usage.whole_number")


def with_values_named(text: str, lang: Language) -> str:
    """A text of argparse's, with what stands for values in words.

    >>> with_values_named("cli.value.file", "en")
    'FILE'
    """
    return _VALUE.sub(lambda key: texts(lang)(key[0]), text)


def on_use(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    """Return what runs a command by a function of a module that is loaded only then: others need not wait for it."""
    return lambda options: int(getattr(import_module(module), name)(options))


def said_language(words: Sequence[str]) -> Language:
    """The language that a command line asks for, before it is parsed; the default one when it asks for none there is.

    >>> said_language(["ask", "--lang", "sv"]), said_language(["--la=en"]), said_language(["--lang", "xx"])
    ('sv', 'en', 'fi')
    """
    said: str = DEFAULT_LANGUAGE
    for word, following in zip(words, [*words[1:], ""], strict=False):
        option, equals, value = word.partition("=")
        if option.startswith("--l") and "--lang".startswith(option):
            said = value if equals else following
    return next((lang for lang in LANGUAGES if lang == said), DEFAULT_LANGUAGE)


def usage_error(said: str, lang: Language) -> str:
    """What argparse says of a command line, in our words. Of what was typed only the names of options are repeated."""
    t = texts(lang)
    reason, found = next(
        ((reason, found) for reason, form in _WRONG.items() if (found := form.fullmatch(said))),
        ("other", None),
    )
    params = {of: with_values_named(one, lang) for of, one in (found.groupdict() if found else {}).items()}
    if reason == "unknown_option":
        options = [word.partition("=")[0] for word in params["words"].split()]
        named = [option for option in options if _OPTION.fullmatch(option)]
        return t("cli.usage.unknown_option", names=", ".join(named)) if named else t("cli.usage.too_many")
    if reason == "value" and found and has_message(key := said.removeprefix(f"argument {found['name']}: ")):
        return f"{params['name']}: {t(key)}"
    if "names" in params:
        params["names"] = params["names"].replace("'", "")
    return t(f"cli.usage.{reason}", **params)


def any_terminal() -> None:
    """Let what is said appear on a terminal of any encoding: one that is not UTF-8 has no arrows, or half of the letters."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_SPELLED)


def _spelled(error: UnicodeError) -> tuple[str, int]:
    """Spell what an encoding does not have with what every one has: a for ä, - for a dash."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    told = error.object[error.start : error.end]
    if _is_undecoded(told):
        told = told.encode(errors="surrogateescape").decode("utf-8", "replace")
    plain = unicodedata.normalize("NFKD", told.translate(_SPELLINGS))
    return "".join(one if one.isascii() else "" if unicodedata.combining(one) else "?" for one in plain), error.end


def _is_undecoded(text: str) -> bool:
    """Whether it has bytes of a file's name that the system's encoding does not know."""
    return any("\udc80" <= one <= "\udcff" for one in text)


def in_utf8() -> None:
    """Begin again where the system says that names of files are in another encoding: what opens stores knows UTF-8 alone."""
    if codecs.lookup(sys.getfilesystemencoding()).name != "utf-8" and not sys.flags.utf8_mode:
        os.execve(sys.executable, sys.orig_argv, os.environ | {"PYTHONUTF8": "1"})  # noqa: S606 the same command


codecs.register_error(_SPELLED, _spelled)


def exit_code(run: Callable[[], int], lang: Language) -> int:
    """Run a command. What it raises is said on stderr, without any value; the result is then REFUSED.

    So is output that cannot be written, as on a full disk.
    """
    any_terminal()
    try:
        code = run()
        if sys.stdout is not None:  # None where the caller has closed it
            sys.stdout.flush()  # here, and not when the interpreter ends, where nobody could say anything of it
        return code
    except BrokenPipeError:  # the reader has seen enough, as `head` does; nothing more can be said to it
        _silence()
        return 0
    except KeyboardInterrupt:
        return STOPPED
    except Exception as error:
        if is_stop(error):
            return STOPPED
        said = message("cli.output_unwritable", lang) if _is_of_output(error) else _text(error, lang)
        with contextlib.suppress(OSError):  # when stderr too leads nowhere, the code has to do
            print(said, file=sys.stderr)
        return REFUSED


def _is_of_output(error: Exception) -> bool:
    """Whether there was no room for what was written: on the disk, or where stdout leads."""
    if not isinstance(error, OSError) or error.filename is not None or error.errno not in (*_FULL, errno.EIO):
        return False
    _silence()  # else what still waits to be written would fail once more when the interpreter ends
    return True


def _silence() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _text(error: Exception, lang: Language) -> str:
    """Why it was refused, or which file cannot be used; of any other error its kind and place.

    Never the error's own text, which may hold a value of someone's record.
    """
    match error:
        case Refusal():
            return refusal_text(error, texts(lang))
        case OSError(filename2=str() | os.PathLike() as name) | OSError(filename=str() | os.PathLike() as name):
            return _file_text(error, Path(os.fspath(name)), lang)
    if any(_is_undecoded(word) for word in (*sys.argv, os.environ.get("TILANNEKUVA_STORE", ""))):
        return message("cli.name_undecoded", lang)  # what opens the store takes names in UTF-8 alone
    last = traceback.extract_tb(error.__traceback__)[-1]
    return message(
        "cli.unexpected", lang, error=type(error).__name__, place=f"{Path(last.filename).name}:{last.lineno}"
    )


def _file_text(error: OSError, path: Path, lang: Language) -> str:
    """Which file cannot be used, or where there is no room for it; what is not there is said to be missing, not forbidden."""
    if isinstance(error, FileNotFoundError):
        return message("cli.file_missing", lang, path=path if path.parent.is_dir() else path.parent)
    if error.errno in _FULL:
        return message("cli.no_room", lang, path=path.parent)
    return message("cli.file_unusable", lang, path=path)

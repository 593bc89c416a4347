"""What every command of Tilannekuva does with an error: say it in words and return an exit code; nobody sees a traceback."""

import argparse
import contextlib
import errno
import io
import os
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from data.refusal import Refusal, is_stop, refusal_text
from data.texts import DEFAULT_LANGUAGE, LANGUAGES, Language, has_message, message, texts

REFUSED = 2
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
STOPPED = 130
"""As a shell says that a command was stopped with Ctrl-C."""

_OPTION = re.compile(r"--?[a-z][a-z-]*")

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


class Parser(argparse.ArgumentParser):
    """A command line whose mistakes are told in the language it asks for with --lang, without any value that was typed.

    An `argparse.ArgumentTypeError` may say the key of a text instead of one.
    """

    _lang: Language = DEFAULT_LANGUAGE

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """As argparse does, which calls this of every command with its own words."""
        self._lang = said_language(sys.argv[1:] if args is None else args)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Say how the command is used and what is wrong, and exit with REFUSED."""
        formatter = self._get_formatter()
        prefix = texts(self._lang)("cli.usage") + " "
        formatter.add_usage(self.usage, self._actions, self._mutually_exclusive_groups, prefix)
        self.exit(REFUSED, f"{formatter.format_help()}{self.prog}: {usage_error(message, self._lang)}\n")


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
    params = found.groupdict() if found else {}
    if reason == "unknown_option":
        options = [word.partition("=")[0] for word in params["words"].split()]
        named = [option for option in options if _OPTION.fullmatch(option)]
        return t("cli.usage.unknown_option", names=", ".join(named)) if named else t("cli.usage.too_many")
    if reason == "value" and has_message(key := said.removeprefix(f"argument {params['name']}: ")):
        return f"{params['name']}: {t(key)}"
    if "names" in params:
        params["names"] = params["names"].replace("'", "")
    return t(f"cli.usage.{reason}", **params)


def exit_code(run: Callable[[], int], lang: Language) -> int:
    """Run a command. What it raises is said on stderr, without any value; the result is then REFUSED.

    So is output that cannot be written, as on a full disk.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal of another encoding has no arrows, or half of the letters
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

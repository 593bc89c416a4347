"""What every command of Tilannekuva does with an error: say it in words and return an exit code; nobody sees a traceback."""

import io
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from data.refusal import Refusal, refusal_text
from data.texts import Language, message, texts

REFUSED = 2
STOPPED = 130
"""As a shell says that a command was stopped with Ctrl-C."""


def exit_code(run: Callable[[], int], lang: Language) -> int:
    """Run a command. What it raises is said on stderr, without any value; the result is then REFUSED."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal of another encoding has no arrows, or half of the letters
    try:
        return run()
    except BrokenPipeError:  # the reader has seen enough, as `head` does; nothing more can be said to it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return STOPPED
    except Exception as error:
        print(_text(error, lang), file=sys.stderr)
        return REFUSED


def _text(error: Exception, lang: Language) -> str:
    """Why it was refused, or which file cannot be used; of any other error its kind and place.

    Never the error's own text, which may hold a value of someone's record.
    """
    match error:
        case Refusal():
            return refusal_text(error, texts(lang))
        case OSError(filename2=str() | os.PathLike() as name) | OSError(filename=str() | os.PathLike() as name):
            return message("cli.file_unusable", lang, path=os.fspath(name))
    last = traceback.extract_tb(error.__traceback__)[-1]
    return message(
        "cli.unexpected", lang, error=type(error).__name__, place=f"{Path(last.filename).name}:{last.lineno}"
    )

"""Logs of the server: as text for a person, or as one JSON line an event for a machine that collects them. Never a value.

Our own messages are written so that they hold none. What a library says is told only as far as it stands in the library's own
text: its arguments and the words of an exception may be anybody's address, name or number.
"""

from __future__ import annotations

import ast
import json
import logging
import os
import re
import sys
import threading
import traceback
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TextIO

from streamlit import logger as of_streamlit

from pages.access.repeats import LEFT_OUT, Seldom

SWITCH: Final = "TILANNEKUVA_LOG"
"""Environment variable: `json` for lines of JSON."""
_OWN: Final = ("data", "metrics", "pages", "tilannekuva")
_OF_THE_SERVER: Final = ("uvicorn", "uvicorn.access", "uvicorn.asgi", "uvicorn.error", "websockets")
_QUERY = re.compile(r"\?[^\s\"']*")
_FRAMES: Final = 4
log = logging.getLogger(__name__)


def is_json() -> bool:
    """Return whether lines of JSON are wanted."""
    return os.environ.get(SWITCH) == "json"


def set_up() -> None:
    """Set the loggers of this process up: ours, Streamlit's and its server's."""
    for name in _OF_THE_SERVER:
        logging.getLogger(name).addFilter(without_addresses)
    logging.setLogRecordFactory(without_words)
    threading.excepthook = _thread_ended
    sys.excepthook, sys.unraisablehook = _ended, _passed_over
    if not is_json():
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    handler.addFilter(_is_told)
    handler.addFilter(Seldom())
    warnings.showwarning = _warned
    logging.getLogger().handlers = [handler]
    for name in _OWN:
        logging.getLogger(name).setLevel(logging.INFO)
    for name in _OF_THE_SERVER:
        _only(handler)(logging.getLogger(name))
    # Streamlit gives each of its loggers a handler of its own, and does so again when its settings have been read.
    of_streamlit.setup_formatter = _only(handler)  # type: ignore[assignment]
    of_streamlit.update_formatter()


def without_words(*given: Any, **named: Any) -> logging.LogRecord:
    """Return a record whose exception is told by its kind and place in whatever form lines are written, as text too.

    Streamlit and its server write down what goes wrong in a page or while a file is made, with the words of the exception.
    """
    record = logging.LogRecord(*given, **named)
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.exc_text = told_of(error)
    return record


def told_of(error: BaseException) -> str:
    """Return what is told of an exception, wherever it is told: its kind and where it came from, never its words."""
    return f"{type(error).__name__} at {', '.join(_places(error)) or '–'}"


def _thread_ended(found: threading.ExceptHookArgs) -> None:
    """Tell what has ended a thread; Python itself would write its words into the window."""
    if found.exc_value is not None and not isinstance(found.exc_value, SystemExit):
        log.error("thread %s: %s", found.thread.name if found.thread else "–", told_of(found.exc_value))


def _ended(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    """The same of what has ended the program."""
    log.error("the program has ended: %s", told_of(error))


def _passed_over(found: sys.UnraisableHookArgs) -> None:
    """The same of what nobody could catch, as where something is let go of."""
    if found.exc_value is not None:
        log.error("passed over: %s", told_of(found.exc_value))


def _places(error: BaseException) -> list[str]:
    """Where it came from, the nearest last."""
    return [place(one.filename, one.lineno) for one in traceback.extract_tb(error.__traceback__)[-_FRAMES:]]


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Tell a warning of Python's by its kind and place, for its words may hold values."""
    log.warning("%s at %s", category.__name__, place(filename, lineno))


def without_addresses(record: logging.LogRecord) -> bool:
    """Leave out the lines that hold who has connected to which address: a question in an address is nobody else's business."""
    return not (record.levelno < logging.WARNING and '"WebSocket %s"' in str(record.msg))


class JsonLines(logging.Formatter):
    """One line of JSON for each event."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line |= {"error": type(error).__name__, "at": _places(error)}
        elif not _is_own(record):
            line["at"] = [place(record.pathname, record.lineno)]
        if left_out := getattr(record, LEFT_OUT, 0):
            line[LEFT_OUT] = left_out
        return json.dumps(line, ensure_ascii=False)


def _event(record: logging.LogRecord) -> str:
    """What happened, without values, and without what an address asks for."""
    if _is_own(record):
        return _QUERY.sub("?…", record.getMessage())
    said = str(record.msg)
    return said if said in _texts_of(record.pathname) else ""


@lru_cache(maxsize=64)
def _texts_of(file: str) -> frozenset[str]:
    """Return the texts that stand in a program's file."""
    try:
        found = ast.walk(ast.parse(Path(file).read_bytes()))
    except (OSError, SyntaxError, ValueError):
        return frozenset()
    return frozenset(one.value for one in found if isinstance(one, ast.Constant) and isinstance(one.value, str))


def place(file: str, line: int | None) -> str:
    """Where in a program, without where it is installed: below what Python imports from, and of any other file its name alone.

    >>> place("/srv/somebody/app.py", 7), place(__file__, 7)
    ('app.py:7', 'pages/access/logs.py:7')
    """
    within = [Path(file).parts[len(Path(one).parts) :] for one in sys.path if one and Path(file).is_relative_to(one)]
    return f"{'/'.join(min(within, key=len, default=Path(file).parts[-1:])[-3:])}:{line}"


def _is_own(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in _OWN


def _is_told(record: logging.LogRecord) -> bool:
    return _is_own(record) or record.levelno >= logging.WARNING


def _only(handler: logging.Handler) -> Callable[[logging.Logger], None]:
    """Return what makes a handler the only one of a logger."""

    def set_handler(logger: logging.Logger) -> None:
        logger.handlers, logger.propagate = [handler], False

    return set_handler

"""Lines of JSON: one an event, and no value of anybody in any of them."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
import warnings
from pathlib import Path
from typing import Any

import pytest
from streamlit import logger as of_streamlit

from data.store import acting
from data.store.audit import AuditLog
from pages.access import announcing, logs
from pages.access.local_door import DOOR, KEY, PATH
from tests.apart import in_a_loop
from tests.conftest import ROOT

PERSONAL = "010190-123X"


def line_of(name: str, level: int, said: str, *given: object, file: str = logs.__file__, error: bool = False) -> Any:
    """What one event looks like."""
    record = logging.LogRecord(name, level, file, 1, said, given, sys.exc_info() if error else None)
    text = logs.JsonLines().format(record)
    assert "\n" not in text
    return json.loads(text)


def test_our_own_messages_are_told_whole_but_for_what_an_address_asks() -> None:
    line = line_of("pages.access.ended", logging.WARNING, "could not write: %s", "OSError")
    assert (line["event"], line["level"], line["logger"]) == (
        "could not write: OSError",
        "warning",
        "pages.access.ended",
    )
    asked = line_of("pages.access.guard", logging.INFO, "asked for %s", f"{PATH}?{KEY}={DOOR.key} twice")
    assert asked["event"] == f"asked for {PATH}?… twice"


def test_of_a_library_only_its_own_words_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    library = tmp_path / "one" / "two" / "three.py"
    library.parent.mkdir(parents=True)
    library.write_text('log.warning("could not " "serve %s", name)\nlog.warning(f"no {name}")\n', encoding="utf-8")
    line = line_of("uvicorn.error", logging.WARNING, "could not serve %s", PERSONAL, file=str(library))
    assert (line["event"], line["at"]) == ("could not serve %s", ["one/two/three.py:1"])
    formatted = line_of("streamlit.runtime", logging.WARNING, f"no {PERSONAL}", file=str(library))
    assert formatted["event"] == ""
    assert PERSONAL not in json.dumps([line, formatted])


def test_of_an_exception_its_kind_and_its_place_are_told() -> None:
    try:
        raise ValueError(PERSONAL)
    except ValueError:
        line = line_of("streamlit.runtime", logging.ERROR, "Uncaught app execution", error=True)
    assert line["error"] == "ValueError"
    assert line["at"][0].startswith("pages/access/test_logs.py:")
    assert PERSONAL not in json.dumps(line)


def test_no_exception_is_told_by_its_words_where_lines_are_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a file that Streamlit could not make, or of a page that it could not draw: it logs both by itself."""
    before, out = logging.getLogRecordFactory(), io.StringIO()
    monkeypatch.delenv(logs.SWITCH, raising=False)
    logger = logging.getLogger("streamlit.as_text")
    logger.addHandler(handler := logging.StreamHandler(out))
    try:
        logs.set_up()
        try:
            raise ValueError(PERSONAL) from KeyError(PERSONAL)
        except ValueError:
            logger.exception("Error executing deferred callable for file_id %s", "1")
    finally:
        logging.setLogRecordFactory(before)
        logger.removeHandler(handler)
    assert PERSONAL not in out.getvalue()
    assert "ValueError at pages/access/test_logs.py:" in out.getvalue()


class PanicError(BaseException):
    """As a library in Rust ends: nothing that catches an Exception catches it."""


def _panic(*_: object) -> None:
    raise PanicError(PERSONAL)


class _LetGoOf:
    def __del__(self) -> None:
        _panic()


@pytest.mark.filterwarnings("ignore")
def test_what_nobody_catches_is_told_without_its_words_and_without_where_the_program_is(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    for module, name in ((threading, "excepthook"), (sys, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(module, name, getattr(module, name))
    monkeypatch.setattr(logging, "raiseExceptions", False)
    before = logging.getLogRecordFactory()
    try:
        logs.set_up()
        for act in (_panic, sys.exit):
            (thread := threading.Thread(target=act, name="one")).start()
            thread.join()
        del (one := [_LetGoOf()])[0]
        try:
            _panic()
        except PanicError as error:
            sys.excepthook(PanicError, error, error.__traceback__)
    finally:
        logging.setLogRecordFactory(before)
    lines = [record.getMessage() for record in caplog.records]
    assert [line.partition(":")[0] for line in lines] == ["thread one", "passed over", "the program has ended"]
    assert all("PanicError at " in line and "pages/access/test_logs.py:" in line for line in lines)
    said = caplog.text + capsys.readouterr().err
    assert PERSONAL not in said
    assert str(ROOT) not in said
    assert not one


def test_addresses_that_others_connect_to_are_left_out() -> None:
    told = '%s - "WebSocket %s" 403', "10.0.0.4:1", f"{PATH}?{KEY}={DOOR.key}"
    assert not logs.without_addresses(logging.LogRecord("uvicorn.error", logging.INFO, "", 1, told[0], told[1:], None))
    assert logs.without_addresses(logging.LogRecord("uvicorn.error", logging.INFO, "", 1, "Started", (), None))


def test_the_key_of_the_local_door_is_in_no_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(logs.SWITCH, "json")
    with caplog.at_level(logging.INFO):
        announcing.announce()
        announcing.announce(again=True)
    said = capsys.readouterr()
    assert len(caplog.records) == 2
    assert DOOR.key not in said.out + said.err + caplog.text
    assert said.out == ""


def test_lines_that_wait_are_written_before_the_server_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "store.json").touch()
    monkeypatch.setattr(acting, "WAITING", waiting := acting.Waiting(pause=3600))

    async def live() -> None:
        async with announcing.announced(None):
            waiting.note(tmp_path, "signed_out", dict, "someone")

    in_a_loop(live())
    assert [line.what for line in AuditLog(tmp_path).lines()] == ["signed_out"]


@pytest.fixture
def loggers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give all loggers back as they were. A command of an earlier test may have silenced them."""
    monkeypatch.setattr(logging.getLogger().manager, "disable", logging.NOTSET)
    there = [logging.getLogger(), *(logging.getLogger(name) for name in (*logs._OWN, *logs._OF_THE_SERVER))]
    for one in (*there, *of_streamlit._loggers.values()):
        for name in ("handlers", "filters", "level", "propagate"):
            found = getattr(one, name)
            monkeypatch.setattr(one, name, list(found) if isinstance(found, list) else found)
    monkeypatch.setattr(of_streamlit, "setup_formatter", of_streamlit.setup_formatter)


@pytest.mark.usefixtures("loggers")
def test_every_logger_of_the_server_speaks_in_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(logs.SWITCH, "json")
    window = io.StringIO()
    monkeypatch.setattr(sys, "stderr", window)
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    logs.set_up()
    logging.getLogger("uvicorn.error").warning("told %s", PERSONAL)
    logging.getLogger("uvicorn.error").info("not told %s", PERSONAL)
    of_streamlit.get_logger("streamlit.made_later").warning("told %s", PERSONAL)
    logging.getLogger("some.library").error("told %s", PERSONAL)
    logging.getLogger("pages.somewhere").info("told")
    warnings.showwarning(UserWarning(PERSONAL), UserWarning, "/some/where/else.py", 7)
    said = window.getvalue()
    assert [json.loads(line)["logger"] for line in said.splitlines()] == [
        "uvicorn.error", "streamlit.made_later", "some.library", "pages.somewhere", "pages.access.logs",
    ]  # fmt: skip
    assert PERSONAL not in said
    assert "UserWarning at else.py:7" in said

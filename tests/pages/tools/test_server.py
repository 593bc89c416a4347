"""`tilannekuva mcp` as a model's program starts it: the protocol over the standard streams, and nothing else on them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from data.store.audit import AuditLog
from data.store.store import Store
from data.texts import LANGUAGES, message
from pages.tools.tools import TOOLS
from tests.conftest import ROOT, own_copy
from tilannekuva import __main__ as tilannekuva
from tilannekuva import publishing

HOW = 'no mcp for the tests of its protocol (pip install -r deploy/mcp.lock; "For language models" in docs/api.md)'
needs_mcp = pytest.mark.skipif(find_spec("mcp") is None, reason=HOW)
BEGIN = [
    {
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
    },
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
]  # fmt: skip


def started(*options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tilannekuva", "mcp", *options], cwd=ROOT, env={"PATH": os.environ["PATH"]}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def talk(lines: Sequence[object], *options: str) -> tuple[dict[object, Any], str]:
    """What is answered, by the id of the question, and what is said to people. A line that is text is sent as it is."""
    sent = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    asked = started(*options)
    assert asked.stdin
    assert asked.stdout
    asked.stdin.write(sent)
    asked.stdin.flush()
    wanted = {line["id"] for line in lines if isinstance(line, dict) and "id" in line}
    found: dict[object, Any] = {}
    for line in _until_all(asked.stdout, wanted):
        found[line.get("id")] = line.get("result", line.get("error"))
    rest, said = asked.communicate(timeout=60)
    assert (asked.returncode, rest) == (0, "")
    return found, said


def _until_all(lines: Iterator[str], wanted: set[object]) -> Iterator[dict[str, Any]]:
    left = set(wanted)
    while left:
        line = json.loads(next(lines))
        left.discard(line.get("id"))
        yield line


def call(number: int, name: str, **arguments: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": {"name": name, "arguments": arguments}}


@pytest.mark.slow
@needs_mcp
def test_a_model_asks_and_is_answered(released: Store) -> None:
    lines = [
        *BEGIN,
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
        call(3, "ask", metric=["clients"], by=["sex"], period="2025"),
        call(4, "ask", metric=["clients"], audience="internal"),
        "{ this is no message",
        '{"jsonrpc": "2.0", "id": 5, "method": "tools/call", "params": [["' + "[" * 5000,
        {"jsonrpc": "2.0", "id": 6, "method": "resources/read", "params": {"uri": "file:///etc/passwd"}},
        call(7, "list_codes", dimension="sex"),
    ]
    found, said = talk(lines, "--store", str(released.path), "--lang", "sv")
    assert said == ""
    assert found[1]["serverInfo"]["name"] == "tilannekuva"
    assert "Never read what is hidden as zero" in found[1]["instructions"]
    assert [tool["name"] for tool in found[2]["tools"]] == [tool.name for tool in TOOLS]
    assert all(tool["annotations"]["readOnlyHint"] for tool in found[2]["tools"])
    told = json.loads(found[3]["content"][0]["text"])
    assert (found[3]["isError"], bool(told["shown"]), told["release"]) == (False, True, 1)
    refused = json.loads(found[4]["content"][0]["text"])
    assert (found[4]["isError"], refused["reason"]) == (True, "unknown_parameter")
    assert "code" in found[6]
    assert json.loads(found[7]["content"][0]["text"])["dimension"] == "sex"


@pytest.mark.slow
@needs_mcp
def test_the_library_lists_what_we_describe(released: Store) -> None:
    found, _ = talk([*BEGIN, {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}], "--store", str(released.path))
    assert [tool["inputSchema"] for tool in found[2]["tools"]] == [tool.schema for tool in TOOLS]


@pytest.mark.slow
@needs_mcp
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_it_is_told_to_and_its_log_is_whole(released: Store, tmp_path: Path, how: signal.Signals) -> None:
    own = own_copy(released.path, tmp_path / "own")
    before = sum(1 for _ in AuditLog(own).lines())
    asked = started("--store", str(own))
    assert asked.stdin
    assert asked.stdout
    asked.stdin.write("".join(json.dumps(line) + "\n" for line in (*BEGIN, call(2, "ask", metric="clients"))))
    asked.stdin.flush()
    assert len([*_until_all(asked.stdout, {1, 2})]) == 2
    asked.send_signal(how)
    assert asked.wait(30) == 0  # while its input is still open
    assert sum(1 for _ in AuditLog(own).lines()) == before + 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_the_library_it_is_said_how_to_get_it(
    released: Store, lang: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "mcp_types", None)
    monkeypatch.setenv(publishing.STORE, "x")
    assert tilannekuva.main(["mcp", "--store", str(released.path), "--lang", lang]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.strip()) == ("", message("refusal.api.no_mcp", lang))


def test_a_package_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.tkp").write_text("none")
    assert tilannekuva.main(["mcp", "--published", str(tmp_path / "x.tkp"), "--lang", "en"]) == 2
    assert "x.tkp" in capsys.readouterr().err

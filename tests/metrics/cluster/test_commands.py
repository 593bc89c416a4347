"""What people are told who count on a cluster that lacks something: what, and what to do."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from data.texts import LANGUAGES, message
from metrics.cluster.spark import _shipped
from tests.conftest import own_copy
from tilannekuva import __main__ as tilannekuva

Capture = pytest.CaptureFixture[str]


def said(capsys: Capture, store: Path, options: str, lang: str = "en") -> str:
    assert tilannekuva.main(["build", *options.split(), "--store", str(store), "--lang", lang]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    return told.err.strip()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_options_that_do_not_go_together(lang: str, sample_store: Path, capsys: Capture) -> None:
    assert said(capsys, sample_store, "--engine spark", lang) == message("refusal.cluster.from_needed", lang)
    assert said(capsys, sample_store, "--from rows", lang) == message("refusal.cluster.spark_needed", lang)


@pytest.mark.parametrize("number", ["0", "-1", "4097", "x", "³"])
def test_a_number_of_slices_that_makes_no_sense(number: str, tmp_path: Path, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        tilannekuva.main(["slices", "--to", str(tmp_path / "rows"), f"--slices={number}", "--lang", "en"])
    assert ended.value.code == 2
    assert message("cli.usage.slices", "en") in capsys.readouterr().err


def test_without_pyspark(sample_store: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    told = said(capsys, sample_store, "--engine spark --from rows")
    assert told == message("refusal.cluster.no_pyspark", "en")


class Builder:
    """Of a Spark that cannot be started."""

    def __init__(self, words: str) -> None:
        self.words = words

    def config(self, name: str, value: str) -> Builder:
        return self

    master = appName = lambda self, _: self  # noqa: N815 - as Spark names it

    def getOrCreate(self) -> None:  # noqa: N802
        raise RuntimeError(self.words)


@pytest.mark.parametrize(
    ("java", "words", "expected"),
    [
        (False, "", message("refusal.cluster.no_java", "en")),
        (True, "[JAVA_GATEWAY_EXITED] Java gateway process exited", message("refusal.cluster.no_java", "en")),
        (True, "All masters are unresponsive", message("refusal.cluster.not_started", "en", what="RuntimeError")),
    ],
)
def test_without_java_or_a_cluster(
    java: bool, words: str, expected: str, sample_store: Path, tmp_path: Path, capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setitem(
        sys.modules, "pyspark.sql", SimpleNamespace(SparkSession=SimpleNamespace(builder=Builder(words)))
    )
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    if java:
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "java").touch()
    assert said(capsys, sample_store, "--engine spark --from rows --master spark://nobody:7077") == expected


def test_cells_are_left_alone_where_nothing_was_counted(
    sample_store: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    own = own_copy(sample_store, tmp_path / "own", cells=False)
    said(capsys, own, "--engine spark --from rows")
    assert [*(own / "cube").glob("*/*.cells")] == []


@pytest.mark.parametrize("lacking", ["duckdb", "metrics.cluster.task", "tilannekuva"])
def test_a_machine_without_the_program_says_so_and_keeps_nobody_waiting(
    lacking: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is sent to a machine needs nothing of the program to say that it lacks."""
    told: list[str] = []
    context = SimpleNamespace(allGather=told.append)
    barrier = SimpleNamespace(get=lambda: context)
    monkeypatch.setitem(sys.modules, "pyspark", SimpleNamespace(BarrierTaskContext=barrier))
    for name in [name for name in sys.modules if name.startswith("metrics.cluster.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, lacking, None)
    outcomes: list[Any] = [*_shipped(b"", 1)(iter(()))]
    assert outcomes == [("failed", "lacking", {"what": lacking}, [])]
    assert told == ["!"]

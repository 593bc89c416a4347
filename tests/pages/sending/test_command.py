"""`tilannekuva send`, and the process behind the app: what they send, and what they say when they cannot."""

from __future__ import annotations

import logging
import subprocess
import time
from datetime import date
from pathlib import Path

import pytest

from data.store.releases import follow, open_to_others
from data.store.store import Store
from data.texts import message
from pages.__main__ import main
from pages.access.settings import NAMED
from pages.sending import sending
from pages.sending.background import ReportSender
from pages.sending.settings import FOLDER, reports
from tests.metrics.made import store_of
from tests.pages.sending.test_sending import MADE


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    rows = [{"client": 1 + number, "occurred_on": date(2025, 12, 1 + number % 31)} for number in range(60)]
    found = store_of(tmp_path / "own" / "store", {"encounter": rows})
    open_to_others(found)
    (tmp_path / "out").mkdir()
    monkeypatch.setenv(FOLDER, str(tmp_path / "out"))
    secrets = tmp_path / "secrets.toml"
    secrets.write_text("", encoding="utf-8")
    monkeypatch.setenv(NAMED, str(secrets))
    return found


def test_the_command_sends_once_and_tells(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sending, "mailing_of", lambda *_: MADE)
    words = ["send", "--store", str(store.path), "--lang", "en"]
    assert main([*words, "--status"]) == 0
    assert message("sending.folder.waits", "en") in capsys.readouterr().out
    assert main(words) == 0
    assert capsys.readouterr().out.startswith(message("sending.done", "en", count=1))
    assert main(words) == 0
    assert capsys.readouterr().out.startswith(message("sending.done", "en", count=0))
    monkeypatch.setattr(sending, "mailing_of", lambda *_: 1 / 0)
    follow(store, "now")
    assert main(words) == 1
    said = capsys.readouterr()
    assert said.err.strip() == message("sending.not_done", "en", count=1)
    assert message("sending.reason.report", "en") in said.out


def test_the_command_says_that_nobody_is_named(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(FOLDER)
    assert main(["send", "--store", str(store.path)]) == 2
    assert capsys.readouterr().err.strip() == message("refusal.sending.not_set", "fi")


@pytest.mark.slow
def test_the_app_sends_each_release_by_itself(store: Store, tmp_path: Path) -> None:
    """By a process of its own, with a real report."""
    sender = ReportSender(lambda: store, reports)
    sender.look()
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".pdf", ".txt"]
    follow(store, "now")
    sender.look()
    assert len([*(tmp_path / "out").iterdir()]) == 4


def test_no_process_is_started_where_nothing_is_due(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "mailing_of", lambda *_: MADE)
    sending.send(store, reports())
    monkeypatch.setattr(subprocess, "Popen", None)
    ReportSender(lambda: store, reports).look()


def test_what_cannot_be_begun_is_said_once_and_tried_later(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The disk of the folder is not there yet; an hour later it is."""
    (tmp_path / "out").rmdir()
    sender, begun = ReportSender(lambda: store, reports), []

    def run(_: Store) -> str:
        begun.append(1)
        return "" if (tmp_path / "out").exists() else "folder"

    monkeypatch.setattr(sender, "_run_child", run)
    with caplog.at_level(logging.WARNING):
        sender.look()
        sender.look()
        assert len(begun) == 1, "not every few seconds"
        later = time.monotonic() + 3600
        monkeypatch.setattr(time, "monotonic", lambda: later)
        sender.look()
        assert len(begun) == 2
    assert [record.message for record in caplog.records] == ["reports have not all been sent: folder"]


def test_settings_that_are_not_clear_keep_the_app_from_nothing_else(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "secrets.toml").write_text('[reports]\nserver = "x"\n')
    sender = ReportSender(lambda: store, reports)
    sender.start()
    assert not sender.is_running
    assert "settings" in caplog.text

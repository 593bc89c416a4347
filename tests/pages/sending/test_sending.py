"""Reports of a release: to everybody once, whatever happens in between; never again unless somebody asks for it."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data.store.audit import AuditLog
from data.store.keys import key_path
from data.store.releases import follow, open_to_others
from data.store.rewriting import rewrite
from data.store.store import Store
from data.texts import LANGUAGES, texts
from pages.sending import folder as folder_of_reports
from pages.sending import sending
from pages.sending.mail import Attachment, Connection
from pages.sending.mailing import Mailing
from pages.sending.sending import Delivered, send
from pages.sending.sent import Outbox, anything_due
from pages.sending.settings import Reports, SendingError, read
from pages.sending.telling import status
from tests.conftest import own_copy
from tests.metrics.made import store_of
from tests.pages.sending.post import Post, serving

TO = ("a@kunta.fi", "b@kunta.fi")
MADE = Mailing(
    "Tilannekuva: joulukuu 2025",
    "Kirje\n",
    Attachment("report.pdf", "application/pdf", b"%PDF"),
    "report --period 2025-12",
)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [{"client": 1 + number, "occurred_on": date(2025, 12, 1 + number % 31)} for number in range(60)]
    store = store_of(tmp_path_factory.mktemp("sending") / "store", {"encounter": rows})
    open_to_others(store)
    return store.path


@pytest.fixture
def store(opened: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store that is open to others. That reports are made is tested elsewhere; here they are ready."""
    monkeypatch.setattr(sending, "mailing_of", lambda *_: MADE)
    return Store(own_copy(opened, tmp_path / "store"))


@pytest.fixture
def post() -> Iterator[Post]:
    with serving(Post()) as found:
        yield found


def settings(post: Post | None = None, folder: Path | None = None, *to: str) -> Reports:
    mail: dict[str, Any] = {}
    if post:
        mail = {"server": "127.0.0.1", "port": post.port, "security": "none", "from": "t@kunta.fi"}
        mail["lists"] = [{"name": "johto", "to": to or TO}]
    return read(mail, folder)


def states(store: Store) -> list[tuple[str, str]]:
    return [(line.state, line.reason) for line in Outbox(store).states(store.released()).values()]


def test_everybody_gets_a_release_once_and_the_next_one_again(store: Store, post: Post) -> None:
    given = settings(post)
    assert anything_due(store, given)
    assert send(store, given) == Delivered(sent=2)
    assert not anything_due(store, given)
    assert send(store, given) == send(store, given, again=True) == Delivered()
    assert post.to == [*TO]
    assert send(store, settings(post, None, *TO, "c@kunta.fi")) == Delivered(sent=1), (
        "somebody new gets what the others have"
    )
    follow(store, "now")
    assert send(store, given) == Delivered(sent=2)
    assert post.to == [*TO, "c@kunta.fi", *TO]
    assert [message["Subject"] for _, message in post.taken] == [MADE.title] * 5


def test_a_restored_store_sends_nothing_once_more(store: Store, post: Post, tmp_path: Path) -> None:
    shutil.copytree(store.path, tmp_path / "before")
    send(store, settings(post))
    shutil.rmtree(store.path)
    (tmp_path / "before").rename(store.path)
    assert send(store, settings(post)) == Delivered()


def without_one(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("DELETE FROM encounter WHERE client = 1")


def test_whoever_is_forgotten_is_not_told_by_a_second_report(store: Store, post: Post) -> None:
    """The release is the same, of other figures: two reports of it would differ by them."""
    send(store, settings(post))
    rewrite(store, without_one)
    assert not anything_due(store, settings(post))
    assert send(store, settings(post)) == Delivered()
    assert post.to == [*TO]


def test_a_report_from_before_stays_when_somebody_is_forgotten_meanwhile(
    store: Store, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver = Connection.deliver

    def slow(*words: Any) -> None:
        deliver(*words)
        if len(post.to) == 1:
            rewrite(store, without_one)

    monkeypatch.setattr(Connection, "deliver", slow)
    assert send(store, settings(post)) == Delivered(sent=1)
    assert post.to == [TO[0]]
    assert send(store, settings(post)) == Delivered(sent=1), "the other gets the new figures, and one report as well"
    assert post.to == [*TO]


@pytest.mark.parametrize("place", ["before it was handed over", "after"])
def test_a_crash_sends_nothing_twice_and_is_told(
    place: str, store: Store, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped at the first of two recipients: nobody knows of that one; the other one gets it."""
    deliver = Connection.deliver

    def crashed(*words: Any) -> None:
        if place == "after":
            deliver(*words)
        raise KeyboardInterrupt

    monkeypatch.setattr(Connection, "deliver", crashed)
    with pytest.raises(KeyboardInterrupt):
        send(store, settings(post))
    monkeypatch.setattr(Connection, "deliver", deliver)
    assert send(store, settings(post)) == Delivered(sent=1)
    assert post.to == ([*TO] if place == "after" else ["b@kunta.fi"])
    assert states(store) == [("unsure", "stopped"), ("sent", "")]
    told = status(store, settings(post), texts("en"))
    assert told.can_send
    assert texts("en")("sending.mail.unsure", count=1) in told.lines[-1]
    assert send(store, settings(post), again=True) == Delivered(sent=1), "somebody has asked for it"
    numbers = {message["Message-ID"] for to, message in post.taken if to == "a@kunta.fi"}
    assert len(numbers) == 1, "so that a mail server can show it once"


@pytest.mark.parametrize(("breaks", "state"), [("drop", "unsure"), ("full", "failed")])
def test_what_has_not_arrived_is_told_and_sent_when_asked_for(
    breaks: str, state: str, store: Store, post: Post
) -> None:
    post.breaks = breaks
    assert send(store, settings(post)) == Delivered(failed=2)
    post.breaks = ""
    assert send(store, settings(post)) == Delivered(), "not by itself"
    assert states(store)[0][0] == state
    assert send(store, settings(post), again=True) == Delivered(sent=2)
    assert post.to == [*TO]
    assert not status(store, settings(post), texts("fi")).can_send


def test_a_refused_recipient_and_a_server_that_is_not_there(store: Store, post: Post) -> None:
    post.refuses = frozenset({"a@kunta.fi"})
    assert send(store, settings(post)) == Delivered(sent=1, failed=1)
    assert states(store) == [("failed", "refused"), ("sent", "")]
    follow(store, "now")
    gone = settings(Post(port=1))
    assert send(store, gone) == Delivered(failed=2)
    assert states(store) == [("failed", "unreachable")] * 2


def test_a_report_that_cannot_be_made_is_told(store: Store, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "mailing_of", lambda *_: 1 / 0)
    assert send(store, settings(post)) == Delivered(failed=2)
    assert states(store) == [("failed", "report")] * 2
    assert post.taken == []


def test_no_address_is_kept_or_logged(store: Store, post: Post) -> None:
    post.refuses = frozenset({"a@kunta.fi"})
    send(store, settings(post))
    every = [
        path.read_text(errors="replace")
        for path in store.path.parent.rglob("*")
        if path.is_file() and path.suffix != ".duckdb"
    ]
    assert not [text for text in every if "kunta.fi" in text]
    line = [*AuditLog(store.path).lines()][-1]
    assert line.what == "sent"
    assert line.about == {
        "question": "report --period 2025-12", "file": "report.pdf", "generation": 1, "release": 1, "recipients": 1, "failed": 1,
    }  # fmt: skip
    said = "\n".join(line for lang in LANGUAGES for line in status(store, settings(post), texts(lang)).lines)
    assert "kunta.fi" not in said


def test_nothing_is_sent_that_could_not_be_noted(store: Store, post: Post) -> None:
    outbox = Outbox(store)
    outbox.path.write_text("no line\n")
    with pytest.raises(Exception, match="damaged_line"):
        send(store, settings(post))
    assert post.taken == []


def test_one_sends_at_a_time(store: Store, post: Post) -> None:
    with Outbox(store).alone(), pytest.raises(SendingError, match="busy"):
        send(store, settings(post))


@pytest.mark.parametrize("reason", ["not_set", "not_open", "sample"])
def test_what_is_not_for_others_goes_to_nobody(
    reason: str, store: Store, post: Post, sample_store: Path, tmp_path: Path
) -> None:
    found = {"not_set": store, "sample": Store(own_copy(sample_store, tmp_path / "sample", cells=False))}.get(reason)
    if found is None:
        found = store_of(tmp_path / "new" / "store", {"encounter": [{"client": 1, "occurred_on": date(2025, 12, 1)}]})
    with pytest.raises(SendingError) as error:
        send(found, read({}) if reason == "not_set" else settings(post))
    assert error.value.reason == reason
    assert post.taken == []


def test_the_folder_gets_the_report_and_its_letter(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    given = settings(None, out)
    assert send(store, given) == Delivered(sent=1)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {"report.pdf": b"%PDF", "report.txt": b"Kirje\n"}
    assert send(store, given) == Delivered()


def test_a_link_in_the_folder_leads_nowhere(store: Store, tmp_path: Path) -> None:
    out, kept = tmp_path / "out", tmp_path / "kept"
    out.mkdir()
    kept.write_text("kept")
    (out / "report.pdf").symlink_to(kept)
    assert send(store, settings(None, out)) == Delivered(sent=1)
    assert kept.read_text() == "kept"
    assert not (out / "report.pdf").is_symlink()


def test_a_full_folder_is_left_as_it_was_and_written_when_there_is_room(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    out = tmp_path / "out"
    out.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="full"):
            folder_of_reports.put(out, {"report.pdf": b"x"})
        assert [*out.iterdir()] == []
    monkeypatch.setattr(sending, "put", full)
    assert send(store, settings(None, out)) == Delivered(failed=1)
    assert states(store) == [("failed", "no_room")]
    monkeypatch.undo()
    monkeypatch.setattr(sending, "mailing_of", lambda *_: MADE)
    assert send(store, settings(None, out), again=True) == Delivered(sent=1)


@pytest.mark.parametrize("wrong", ["gone", "a file", "of the store"])
def test_a_folder_that_is_none_is_said_before_anything_goes_out(
    wrong: str, store: Store, post: Post, tmp_path: Path
) -> None:
    out = {"gone": tmp_path / "gone", "a file": key_path(store.path), "of the store": tmp_path / "link"}[wrong]
    if wrong == "of the store":
        out.symlink_to(store.path / "generations")
    with pytest.raises(SendingError, match="folder"):
        send(store, settings(post, out))
    assert post.taken == []


def test_lines_are_of_the_release_they_tell_of(store: Store, post: Post) -> None:
    send(store, settings(post))
    lines = [json.loads(line) for line in Outbox(store).path.read_text().splitlines()]
    assert [line["state"] for line in lines] == ["trying", "sent"] * 2
    assert {line["made"] for line in lines} == {store.released().created.isoformat()}
    assert len({line["to"] for line in lines}) == 2

"""E-mail: encrypted or not at all, one message to each, and no server can keep the program waiting or have it say a password."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pages.sending import mail
from pages.sending.mail import Attachment, MailError, composed, connected
from pages.sending.settings import MailServer
from tests.deploy.nginx import make_certificate
from tests.pages.sending.post import Post, serving

FILE = Attachment("tilannekuva-2026-10.pdf", "application/pdf", b"%PDF-1.7\n.\n\r\n")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificate")
    make_certificate(folder)
    return folder


def server(post: Post, **others: Any) -> MailServer:
    given: dict[str, Any] = {
        "server": "127.0.0.1",
        "port": post.port,
        "from": "tilannekuva@kunta.fi",
        "security": "none",
    }
    return MailServer.model_validate(given | others)


def message(to: str = "a@kunta.fi", subject: str = "Tilannekuva: lokakuu 2026, Åbo") -> bytes:
    return composed("tilannekuva@kunta.fi", to, subject, "Ääkköset\n.\nloppu\n", FILE, "0" * 32, "fi")


def deliver(post: Post, to: str = "a@kunta.fi", **others: Any) -> str:
    """Send one message; why it was not taken, nothing when it was."""
    try:
        with connected(server(post, **others)) as connection:
            connection.deliver(to, message(to))
    except MailError as error:
        said = "".join(traceback.format_exception(error))
        return error.reason if "server-says" not in said else said
    return ""


def test_a_message_arrives_with_its_file_as_it_was() -> None:
    with serving(Post()) as post:
        assert deliver(post) == ""
    ((to, found),) = post.taken
    assert (to, found["To"], found["From"]) == ("a@kunta.fi", "a@kunta.fi", "tilannekuva@kunta.fi")
    assert found["Subject"] == "Tilannekuva: lokakuu 2026, Åbo"
    assert (found["Auto-Submitted"], found["Content-Language"]) == ("auto-generated", "fi")
    assert found["Message-ID"] == f"<{'0' * 32}@kunta.fi>"
    text, file = found.iter_parts()
    assert text.get_content().splitlines() == ["Ääkköset", ".", "loppu"]
    assert (file.get_filename(), file.get_content()) == (FILE.name, FILE.content)


@pytest.mark.parametrize("place", ["to", "subject"])
def test_a_line_feed_makes_no_header(place: str) -> None:
    with pytest.raises(ValueError, match=r"header|linefeed|newline"):
        message(**{place: "a@kunta.fi\r\nBcc: b@kunta.fi"})


def test_a_refused_recipient_keeps_nobody_else_from_theirs() -> None:
    with serving(Post(refuses=frozenset({"no@kunta.fi"}))) as post, connected(server(post)) as connection:
        with pytest.raises(MailError, match="refused"):
            connection.deliver("no@kunta.fi", message("no@kunta.fi"))
        connection.deliver("b@kunta.fi", message("b@kunta.fi"))
    assert post.to == ["b@kunta.fi"]


@pytest.mark.parametrize(
    ("breaks", "reason"),
    [
        ("drop", "stopped"),
        ("nonsense", "stopped"),
        ("full", "refused"),
        ("hang", "unreachable"),
        ("drip", "unreachable"),
    ],
)
def test_a_server_that_breaks_is_left_and_told_apart(breaks: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "_STEP", 0.3)
    monkeypatch.setattr(mail, "_ALL", 0.5)
    begun = time.monotonic()
    with serving(Post(breaks=breaks)) as post:
        assert deliver(post) == reason
    assert time.monotonic() - begun < 2.5, "a letter at a time is no answer"
    assert post.taken == []


def test_no_server_at_all() -> None:
    assert deliver(Post(port=1)) == "unreachable"


@pytest.fixture(params=["starttls", "tls"])
def encrypted(request: pytest.FixtureRequest, certificate: Path) -> Iterator[tuple[Post, str]]:
    security = request.param
    with serving(
        Post(offers=security == "starttls", password="AHgAc2VjcmV0"), certificate, wrapped=security == "tls"
    ) as post:
        yield post, security


def test_encrypted_and_signed_in(encrypted: tuple[Post, str], certificate: Path) -> None:
    post, security = encrypted
    given: dict[str, Any] = {"server": "localhost", "security": security, "ca": certificate / "tls.crt", "user": "x"}
    assert deliver(post, **given, password="secret") == ""
    assert deliver(post, **given, password="wrong") == "sign_in"
    assert post.to == ["a@kunta.fi"]


def test_a_certificate_of_nobody_is_refused_before_a_password_is_said(encrypted: tuple[Post, str]) -> None:
    post, security = encrypted
    assert deliver(post, server="localhost", security=security, user="x", password="secret") == "certificate"
    assert not [line for line in post.lines if line.startswith("AUTH")]


def test_a_server_without_encryption_gets_no_password_and_no_message() -> None:
    with serving(Post(password="x")) as post:
        assert deliver(post, security="starttls", user="x", password="secret") == "no_tls"
    assert not [line for line in post.lines if line.split()[0] in ("AUTH", "MAIL")]

"""E-mail, one message to each recipient, over a connection that is encrypted and that no server can keep open."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from data.store.ledger import now
from pages.sending.sent import Reason
from pages.sending.settings import MailServer

_STEP = 20.0
"""Seconds that a server may take for one answer."""
_ALL = 90.0
"""Seconds for reaching it, and for each message, however slowly it sends its answers."""
_TAKEN = (250, 251)
_FIRST_REFUSAL = 400
"""A number from which on a server has said no; where it has said neither, nobody knows."""


class MailError(Exception):
    """A message was not taken. reason: `stopped` where nobody knows; any other: it was not."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Attachment:
    """A file that goes along."""

    name: str
    kind: str
    content: bytes


def composed(sender: str, to: str, subject: str, text: str, file: Attachment, number: str, lang: str) -> bytes:
    """Return a message as it goes over the wire. number: the same for the same report and recipient, so that no server that is
    given it twice need show it twice.
    """
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Date"] = format_datetime(now())
    made["Message-ID"] = f"<{number}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text)
    main, _, sub = file.kind.partition("/")
    made.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    made["Content-Language"] = lang
    return made.as_bytes()


class _Client(smtplib.SMTP):
    """A connection whose socket is known from its first moment, so that it can be ended. tls: encrypted from the start."""

    plain: socket.socket | None = None
    tls: ssl.SSLContext | None = None

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        self._host = (
            host  # which `starttls` compares with the certificate; the library sets it only where it connects at once
        )
        self.plain = socket.create_connection((host, port), timeout)
        return self.tls.wrap_socket(self.plain, server_hostname=host) if self.tls else self.plain


@dataclass(frozen=True)
class Connection:
    """An open connection to a mail server."""

    client: _Client
    sender: str

    def deliver(self, to: str, message: bytes) -> None:
        """Hand over a message. Raises MailError."""
        with _within(self.client):
            self._address(to)
            try:
                code, _ = self.client.data(message)
            except smtplib.SMTPDataError:
                raise MailError("refused") from None
            except (smtplib.SMTPException, OSError):
                raise MailError("stopped") from None
            if code not in _TAKEN:
                raise MailError("refused" if code >= _FIRST_REFUSAL else "stopped")

    def _address(self, to: str) -> None:
        try:
            codes = self.client.mail(self.sender)[0], self.client.rcpt(to)[0]
            if not all(code in _TAKEN for code in codes):
                self.client.rset()
        except (smtplib.SMTPException, OSError):
            raise MailError("unreachable") from None
        if not all(code in _TAKEN for code in codes):
            raise MailError("refused")


@contextmanager
def connected(server: MailServer) -> Iterator[Connection]:
    """Connect, encrypt and sign in. Raises MailError, with no word of what the server said."""
    client = _Client(timeout=_STEP, local_hostname="localhost")
    try:
        with _within(client):
            _open(client, server)
    except MailError:
        client.close()
        raise
    try:
        yield Connection(client, server.sender)
    finally:
        with suppress(smtplib.SMTPException, OSError), _within(client):
            client.quit()
        client.close()


def _open(client: _Client, server: MailServer) -> None:
    try:
        context = ssl.create_default_context(cafile=str(server.ca) if server.ca else None)
        client.tls = context if server.security == "tls" else None
        client.connect(server.server, server.port)
        if server.security == "starttls":
            client.starttls(context=context)
        client.ehlo_or_helo_if_needed()
        if server.user:
            client.login(server.user, server.password.get_secret_value())
    except ssl.SSLCertVerificationError:
        raise MailError("certificate") from None
    except smtplib.SMTPAuthenticationError:
        raise MailError("sign_in") from None
    except smtplib.SMTPNotSupportedError:
        raise MailError("no_tls" if client.tls is None and server.security == "starttls" else "sign_in") from None
    except (smtplib.SMTPException, OSError, ValueError):
        raise MailError("unreachable") from None


@contextmanager
def _within(client: _Client) -> Iterator[None]:
    """End the connection when a block takes longer: a bound for each answer alone lets a server send a letter at a time."""

    def end() -> None:
        for one in (client.plain, client.sock):
            if one is not None:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(_ALL, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()

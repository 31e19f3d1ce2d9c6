"""The mail door: one real way out (SMTP) and one that keeps what it was given."""

import smtplib
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Protocol


class Mailer(Protocol):
    """Sends one message; raises `OSError` or `smtplib.SMTPException` when the way out is shut."""

    def send(self, message: EmailMessage) -> None:
        """Hand one message over."""


@dataclass(frozen=True)
class SmtpMailer:
    """Hands messages to an SMTP server (`host:port`), with TLS where the server offers it."""

    host: str
    port: int = 25
    timeout: float = 20.0

    def send(self, message: EmailMessage) -> None:
        """Send one message over its own connection."""
        with smtplib.SMTP(self.host, self.port, timeout=self.timeout) as server:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls()
            server.send_message(message)


@dataclass
class NullMailer:
    """Keeps messages in memory: a system without a mail server, and tests."""

    sent: list[EmailMessage] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        """Keep one message."""
        self.sent.append(message)


def mailer_for(address: str) -> Mailer:
    """Give the mailer that a setting names: `none`, or `host[:port]`."""
    if address in ("", "none"):
        return NullMailer()
    host, _, port = address.partition(":")
    return SmtpMailer(host, int(port or 25))

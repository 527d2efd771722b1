"""E-mail through the office's own SMTP server."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.utils import format_datetime

from aiosmtplib import SMTP, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from services.domain.delivery import Address, Outcome, Result
from services.domain.notice import Notice


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The server and the sender. `security` is "tls", "starttls" or "none" (a relay inside the same network)."""

    host: str
    port: int
    sender: str
    security: str = "starttls"
    user: str = ""
    password: str = ""
    timeout_seconds: float = 10.0


class EmailChannel:
    """One mail per notice, on a connection of its own. A server that stays silent holds up nothing else."""

    name = "email"
    own_receivers = False

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def send(self, to: Address, notice: Notice) -> Outcome:
        try:
            mail = compose(self._mailbox.sender, to.value, notice)
        except ValueError as error:
            return Outcome(Result.REFUSED, "address", f"不是邮件地址：{error}")
        server = _server(self._mailbox)
        try:
            return await _greeted(server) or await _sent(server, mail)
        finally:
            server.close()


def compose(sender: str, recipient: str, notice: Notice) -> EmailMessage:
    """The mail. Its Message-ID stays the same over retries, so that mailboxes can drop a repeat.

    Raises:
        ValueError: an address that is none, or a line break in a header.
    """
    domain = MailAddress(addr_spec=sender).domain
    mail = EmailMessage()
    mail["Subject"] = notice.title
    mail["From"] = MailAddress("政务舆情", addr_spec=sender)
    mail["To"] = MailAddress(addr_spec=recipient)
    mail["Date"] = format_datetime(notice.sent_at)
    mail["Message-ID"] = f"<{notice.id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Huiying-Incident"] = notice.incident_id
    mail.set_content("\n".join(part for part in (notice.body, notice.link) if part) + "\n")
    return mail


def _server(mailbox: Mailbox) -> SMTP:
    return SMTP(
        hostname=mailbox.host,
        port=mailbox.port,
        local_hostname=MailAddress(addr_spec=mailbox.sender).domain,
        use_tls=mailbox.security == "tls",
        start_tls=mailbox.security == "starttls",
        username=mailbox.user or None,
        password=mailbox.password or None,
        timeout=mailbox.timeout_seconds,
        tls_context=ssl.create_default_context() if mailbox.security != "none" else None,
    )


async def _greeted(server: SMTP) -> Outcome | None:
    """Connected and signed in: None. Otherwise what the server said, or that it was not reached."""
    try:
        await server.connect()
    except SMTPResponseException as error:
        return _answered(error)
    except (OSError, SMTPException) as error:
        return Outcome(Result.UNREACHABLE, type(error).__name__, str(error)[:500])
    return None


async def _sent(server: SMTP, mail: EmailMessage) -> Outcome:
    try:
        await server.send_message(mail)
    except SMTPRecipientsRefused as error:
        return _answered(error.recipients[0])
    except SMTPResponseException as error:
        return _answered(error)
    except (OSError, SMTPException) as error:
        # the line broke after the server began to listen: it may have the mail
        return Outcome(Result.UNKNOWN, type(error).__name__, str(error)[:500])
    return Outcome(Result.DELIVERED, "250", "")


def _answered(error: SMTPResponseException) -> Outcome:
    return Outcome(Result.REFUSED, str(error.code), error.message[:500])

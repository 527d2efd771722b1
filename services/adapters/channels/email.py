"""E-mail through the office's own SMTP server."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.utils import format_datetime

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
    """One mail per notice, in a thread: smtplib blocks."""

    name = "email"

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def send(self, to: Address, notice: Notice) -> Outcome:
        try:
            mail = compose(self._mailbox.sender, to.value, notice)
        except ValueError as error:
            return Outcome(Result.REFUSED, "address", f"不是邮件地址：{error}")
        return await asyncio.to_thread(_deliver, self._mailbox, mail)


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


def _deliver(mailbox: Mailbox, mail: EmailMessage) -> Outcome:
    try:
        server = _connect(mailbox)
    except smtplib.SMTPResponseException as error:
        return _answered(error)
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(Result.UNREACHABLE, type(error).__name__, str(error)[:500])
    try:
        server.send_message(mail)
        return Outcome(Result.DELIVERED, "250", "")
    except smtplib.SMTPResponseException as error:
        return _answered(error)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        return Outcome(Result.REFUSED, str(code), _text(text))
    except (OSError, smtplib.SMTPException) as error:
        # the line broke after the server began to listen: it may have the mail
        return Outcome(Result.UNKNOWN, type(error).__name__, str(error)[:500])
    finally:
        server.close()


def _connect(mailbox: Mailbox) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if mailbox.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            mailbox.host, mailbox.port, timeout=mailbox.timeout_seconds, context=context
        )
    else:
        server = smtplib.SMTP(mailbox.host, mailbox.port, timeout=mailbox.timeout_seconds)
    try:
        if mailbox.security == "starttls":
            server.starttls(context=context)
        if mailbox.user:
            server.login(mailbox.user, mailbox.password)
    except BaseException:
        server.close()
        raise
    return server


def _answered(error: smtplib.SMTPResponseException) -> Outcome:
    return Outcome(Result.REFUSED, str(error.smtp_code), _text(error.smtp_error))


def _text(raw: bytes | str) -> str:
    return (raw.decode(errors="replace") if isinstance(raw, bytes) else raw)[:500]

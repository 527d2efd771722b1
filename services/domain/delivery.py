"""送达: one notice on its way to one person by one channel, and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from services.domain.notice import Draft
from services.domain.vocabulary import Term

CONSOLE = "console"


class Result(Term):
    """What a provider's answer means."""

    DELIVERED = "delivered", "已送达"
    REFUSED = "refused", "对方拒收"
    UNREACHABLE = "unreachable", "未能连通"
    UNKNOWN = "unknown", "结果不明"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one attempt: the provider's own code and text, and seconds to wait where it asks for them."""

    result: Result
    code: str = ""
    text: str = ""
    wait_seconds: float = 0.0


class DeliveryState(Term):
    """waiting → sending → delivered, or back to waiting, until given_up. `bundled` rides with another delivery."""

    WAITING = "waiting", "待发送"
    SENDING = "sending", "发送中"
    DELIVERED = "delivered", "已送达"
    GIVEN_UP = "given_up", "未送达"
    BUNDLED = "bundled", "已合并发送"


@dataclass(frozen=True, slots=True)
class Address:
    """Where one person is reached by one channel. `person` is the name in the roster."""

    person: str
    channel: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a notice is tried: after `first`, then `factor` times later each time, up to `ceiling`."""

    first: timedelta
    factor: float
    ceiling: timedelta
    attempts: int

    def after(self, attempt: int, asked_seconds: float = 0.0) -> timedelta | None:
        """How long to wait after this attempt (the first is 1); None when it was the last."""
        if attempt >= self.attempts:
            return None
        wait = min(self.first * self.factor ** (attempt - 1), self.ceiling)
        return max(wait, timedelta(seconds=min(asked_seconds, self.ceiling.total_seconds())))


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row that exists before anything is sent, so that a crash is seen and a repeated message changes nothing.

    `again` is true when an earlier attempt may have arrived: the next one is marked 重发.
    `carrier` is the delivery that a bundled one rides with.
    """

    id: str
    message_id: str
    to: Address
    draft: Draft
    created_at: datetime
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    next_attempt_at: datetime | None = None
    again: bool = False
    code: str = ""
    text: str = ""
    finished_at: datetime | None = None
    carrier: str = ""

    def after(self, outcome: Outcome, now: datetime, retry: Retry) -> Delivery:
        """This delivery with the outcome of the attempt just made."""
        done = replace(self, code=outcome.code, text=outcome.text, next_attempt_at=None)
        if outcome.result is Result.DELIVERED:
            return replace(done, state=DeliveryState.DELIVERED, finished_at=now)
        wait = retry.after(self.attempts, outcome.wait_seconds)
        if wait is None:
            return replace(done, state=DeliveryState.GIVEN_UP, finished_at=now)
        again = self.again or outcome.result is Result.UNKNOWN
        return replace(done, state=DeliveryState.WAITING, next_attempt_at=now + wait, again=again)


def delivery_id(message_id: str, person: str, channel: str) -> str:
    """The same message to the same person by the same channel is the same delivery."""
    return hashlib.blake2b(f"{message_id}\x1f{person}\x1f{channel}".encode(), digest_size=16).hexdigest()


class Ways(Protocol):
    """How people are reached."""

    def addresses(self, person: str) -> Sequence[Address]:
        """How this person is reached, apart from the console; empty where nothing is known."""

    def at_console(self, person: str) -> bool:
        """This person has an account in use: what stands on the page reaches him."""

    def administrators(self) -> Sequence[str]:
        """Who looks after the sources and is told about an empty rung."""


def to_person(message_id: str, person: str, draft: Draft, now: datetime, ways: Ways) -> Iterable[Delivery]:
    """The console for whoever can sign in, and every address that is known. Without either it is 未送达."""
    addresses = ways.addresses(person)
    on_page = replace(_row(message_id, Address(person, CONSOLE), draft, now), finished_at=now, next_attempt_at=None)
    if ways.at_console(person):
        remark = "" if addresses else "名册中没有其他联系方式"
        yield replace(on_page, state=DeliveryState.DELIVERED, text=remark)
    elif not addresses:
        yield replace(on_page, state=DeliveryState.GIVEN_UP, text="没有可用的帐号，名册中也没有其他联系方式")
    for address in addresses:
        yield _row(message_id, address, draft, now)


def _row(message_id: str, to: Address, draft: Draft, now: datetime) -> Delivery:
    return Delivery(delivery_id(message_id, to.person, to.channel), message_id, to, draft, now, next_attempt_at=now)

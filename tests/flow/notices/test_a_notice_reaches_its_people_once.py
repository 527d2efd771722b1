"""From a ledger entry to a mailbox: tried, kept, tried again, never twice."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import pytest

from services.adapters.channels.email import EmailChannel, Mailbox
from services.adapters.database import Database
from services.adapters.store.deliveries import DeliveryStore
from services.domain.delivery import Address, DeliveryState
from services.domain.ledger import Entry
from services.domain.vocabulary import EntryKind
from services.usecases.notifying import Channel, Lane, deliver_due, lanes
from services.usecases.ports import Unreadable
from tests.flow.notices.cast import (
    HOUR,
    INCIDENT,
    NOW,
    RETRY,
    SECOND,
    Names,
    Postman,
    alert,
    deliver,
    mail_to,
    states,
    take,
)


async def test_an_alert_becomes_a_mail_in_chinese_with_link_and_time_left(
    sqlite_database: Database, smtp: tuple[Postman, Channel]
) -> None:
    postman, email = smtp
    due = (NOW + 4 * HOUR).isoformat()
    await take(sqlite_database, mail_to("officer"), alert(1, "first_statement 50%", due_at=due))
    assert await deliver(sqlite_database, email) == 1
    [mail] = postman.mails
    assert mail["Subject"] == "【政务舆情紧急提醒】某小区供暖不热"
    assert mail["To"] == "officer@example.org"
    text = mail.get_content()
    assert "事由：权威信息首发时限已用去 50%" in text
    assert "还剩 4 小时 0 分" in text
    assert "http://127.0.0.1:8600/incidents/20260302-aa" in text
    assert await states(sqlite_database, "email") == [("delivered", 1, "250")]


async def test_a_repeated_message_sends_nothing_twice(sqlite_database: Database, smtp: tuple[Postman, Channel]) -> None:
    postman, email = smtp
    names = mail_to("officer", "leader")
    assert await take(sqlite_database, names, alert(1, to=["officer", "leader"])) == 4
    await deliver(sqlite_database, email)
    assert await take(sqlite_database, names, alert(1, to=["officer", "leader"])) == 0
    assert await deliver(sqlite_database, email, HOUR) == 0
    assert len(postman.mails) == 2


async def test_a_mail_server_that_refuses_is_tried_again_with_growing_pauses(
    sqlite_database: Database, smtp: tuple[Postman, Channel]
) -> None:
    postman, email = smtp
    postman.answers = ["451 busy", "554 no"]
    await take(sqlite_database, mail_to("officer"), alert(1))
    await deliver(sqlite_database, email)
    assert await states(sqlite_database, "email") == [("waiting", 1, "451")]
    assert await deliver(sqlite_database, email, 9 * SECOND) == 0
    await deliver(sqlite_database, email, 10 * SECOND)
    assert await states(sqlite_database, "email") == [("waiting", 2, "554")]
    assert await deliver(sqlite_database, email, 29 * SECOND) == 0
    await deliver(sqlite_database, email, 30 * SECOND)
    assert await states(sqlite_database, "email") == [("delivered", 3, "250")]
    assert [mail["Subject"].startswith("（重发）") for mail in postman.mails] == [False]


async def test_a_server_that_is_down_is_tried_again_until_given_up_and_stays_visible(
    sqlite_database: Database, free_port: int
) -> None:
    email = EmailChannel(Mailbox("127.0.0.1", free_port, "duty@example.org", security="none"))
    await take(sqlite_database, mail_to("officer"), alert(1))
    tries = [await deliver(sqlite_database, email, n * 60 * SECOND) for n in range(6)]
    assert tries == [1, 1, 1, 1, 0, 0]
    [lost] = await DeliveryStore(sqlite_database).given_up()
    assert (lost.state, lost.code) == (DeliveryState.GIVEN_UP, "SMTPConnectError")


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_server_without_the_encryption_asked_for_gets_no_mail(
    sqlite_database: Database, smtp: tuple[Postman, Channel], free_port: int, security: str
) -> None:
    postman, _ = smtp
    email = EmailChannel(Mailbox("127.0.0.1", free_port, "duty@example.org", security=security, timeout_seconds=2))
    await take(sqlite_database, mail_to("officer"), alert(1))
    await deliver(sqlite_database, email)
    assert postman.mails == []
    assert [(state, tried) for state, tried, _ in await states(sqlite_database, "email")] == [("waiting", 1)]


async def test_an_address_that_is_none_is_refused_and_visible(
    sqlite_database: Database, smtp: tuple[Postman, Channel]
) -> None:
    names = Names({"officer": (Address("officer", "email", "a@b\r\nBcc: x@y"),)})
    await take(sqlite_database, names, alert(1))
    await deliver(sqlite_database, smtp[1])
    assert await states(sqlite_database, "email") == [("waiting", 1, "address")]


async def test_a_kill_between_sending_and_noting_the_outcome_is_marked_on_the_second_try(
    sqlite_database: Database, smtp: tuple[Postman, Channel]
) -> None:
    postman, email = smtp
    await take(sqlite_database, mail_to("officer"), alert(1))

    class Killed(DeliveryStore):
        async def settle(self, delivery: Any) -> None:
            raise asyncio.CancelledError

    with contextlib.suppress(asyncio.CancelledError):
        await deliver_due(NOW, Killed(sqlite_database), Lane("email"), {"email": email}, RETRY)
    assert await deliver(sqlite_database, email, 30 * SECOND) == 0
    assert await deliver(sqlite_database, email, 60 * SECOND) == 1
    assert [mail["Subject"].startswith("（重发）") for mail in postman.mails] == [False, True]
    assert postman.mails[0]["Message-ID"] == postman.mails[1]["Message-ID"]


async def test_alerts_of_one_incident_in_one_batch_are_one_notice_per_person(
    sqlite_database: Database, smtp: tuple[Postman, Channel]
) -> None:
    postman, email = smtp
    batch = [alert(1), alert(2, "public_response 75%"), alert(3, "public_response missed", to=["officer", "press"])]
    await take(sqlite_database, mail_to("officer", "press"), *batch)
    await deliver(sqlite_database, email)
    texts = {mail["To"]: mail.get_content() for mail in postman.mails}
    assert len(postman.mails) == 2
    assert "另有 2 条提醒：新事件；回应时限已用去 75%" in texts["officer@example.org"]
    assert "另有" not in texts["press@example.org"]
    kept = sorted(await states(sqlite_database, "email"))
    assert [state for state, _, _ in kept] == ["bundled", "bundled", "delivered", "delivered"]


async def test_an_empty_rung_is_told_to_the_administrator(
    sqlite_database: Database, smtp: tuple[Postman, Channel]
) -> None:
    postman, email = smtp
    names = mail_to("leader", "admin")
    skipping = alert(1, level="duty_leader", to=["leader"], skipped=["duty_officer"])
    await take(sqlite_database, names, skipping, alert(2, level="press_office", to=[]))
    await deliver(sqlite_database, email)
    assert sorted(mail["To"] for mail in postman.mails) == ["admin@example.org", "leader@example.org"]
    told = next(mail.get_content() for mail in postman.mails if mail["To"] == "admin@example.org")
    assert "无人值守：" in told
    assert not any(word in told for word in (INCIDENT.title, "等级", "事由")), "三权分立"


async def test_a_person_without_any_address_still_sees_it_on_the_console(sqlite_database: Database) -> None:
    await take(sqlite_database, Names({}), alert(1))
    [shown] = await DeliveryStore(sqlite_database).of_person("officer")
    assert (shown.state, shown.text) == (DeliveryState.DELIVERED, "名册中没有其他联系方式")


async def test_an_entry_that_names_nobody_goes_to_everyone_on_its_rung(sqlite_database: Database) -> None:
    data = {"level": "press_office", "because": "x"}
    entry = Entry(INCIDENT.id, 1, EntryKind.LEVEL_ALERTED, NOW, NOW, "system", data)
    await take(sqlite_database, Names({}), entry)
    assert [d.to.person for d in await DeliveryStore(sqlite_database).of_incident(INCIDENT.id)] == ["press"]


async def test_other_entries_call_nobody_and_an_unknown_incident_is_unreadable(sqlite_database: Database) -> None:
    met = Entry(INCIDENT.id, 1, EntryKind.DUTY_MET, NOW, NOW, "system", {})
    assert await take(sqlite_database, Names({}), met) == 0
    stray = Entry("nowhere", 1, EntryKind.LEVEL_ALERTED, NOW, NOW, "system", {"level": "duty_officer", "to": ["x"]})
    with pytest.raises(Unreadable):
        await take(sqlite_database, Names({}), stray)


async def test_a_channel_that_breaks_or_is_missing_holds_nobody_up(
    sqlite_database: Database, smtp: tuple[Postman, Channel]
) -> None:
    class Broken:
        name = "broken"
        own_receivers = False

        async def send(self, to: Address, notice: Any) -> Any:
            raise RuntimeError("out of order")

    addresses = tuple(Address("officer", channel, "officer@example.org") for channel in ("broken", "email", "fax"))
    await take(sqlite_database, Names({"officer": addresses}), alert(1))
    channels = {"broken": Broken(), "email": smtp[1]}
    store = DeliveryStore(sqlite_database)
    due = lanes(await store.due(NOW), channels)
    assert due == {Lane("broken"), Lane("email"), Lane("fax")}
    for lane in due:
        assert await deliver_due(NOW, store, lane, channels, RETRY) == 1
    assert await states(sqlite_database, "email") == [("delivered", 1, "250")]
    assert await states(sqlite_database, "broken") == [("waiting", 1, "RuntimeError")]
    assert await states(sqlite_database, "fax") == [("waiting", 1, "no_channel")]

"""A mail server that is silent, or drips its greeting for ever, delays mail only; whatever else is due goes out.

A webhook receiver that takes the connection and never answers delays its own notices only.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from config.settings import Settings
from consumers.notify import deliver
from services.adapters.channels.webhook import WebhookChannel, new_client
from services.domain.delivery import Address, Result
from services.domain.notice import Draft, notice
from services.usecases.notifying import AT_ONCE, AT_ONE_RECEIVER
from services.wiring import House, SteppedClock, open_house
from tests.flow.notices.cast import INCIDENT, NOW, Names, Receiver, alert, states, take
from tests.hanging import hanging

MANY = 2 * AT_ONCE


@asynccontextmanager
async def office(folder: Path, smtp_port: int = 25) -> AsyncIterator[House]:
    settings = Settings(
        data_dir=folder, smtp_host="127.0.0.1", smtp_port=smtp_port, smtp_sender="duty@example.org", smtp_starttls=False
    )
    async with open_house(settings, SteppedClock(NOW)) as house:
        yield house


@pytest.mark.parametrize("drip", [b"", b"2"], ids=["silent", "dripping"])
async def test_a_webhook_goes_out_while_a_mail_server_hangs(tmp_path: Path, drip: bytes) -> None:
    receiver = Receiver()
    listener = await asyncio.start_server(receiver.handle, "127.0.0.1", 0)
    hook = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/in"
    async with listener, hanging(drip) as (port, called), office(tmp_path, port) as house:
        mails: dict[str, tuple[Address, ...]] = {
            f"p{n}": (Address(f"p{n}", "email", f"p{n}@example.org"),) for n in range(MANY)
        }
        await take(house.database, Names(mails), alert(1, to=list(mails)))
        sending = asyncio.create_task(deliver(house, asyncio.Event()))
        await asyncio.wait_for(called.wait(), 30)
        await take(house.database, Names({"mayor": (Address("mayor", "webhook", hook),)}), alert(2, to=["mayor"]))
        await asyncio.wait_for(receiver.heard.wait(), 10)  # the first mails are given up after 20
        assert {state for state, _, _ in await states(house.database, "email")} == {"sending", "waiting"}
        assert await asyncio.wait_for(asyncio.to_thread(int), 5) == 0  # no thread of the process is held
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


async def test_a_webhook_goes_out_while_the_receiver_of_another_never_answers(tmp_path: Path) -> None:
    receiver = Receiver()
    listener = await asyncio.start_server(receiver.handle, "127.0.0.1", 0)
    good = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/in"
    async with listener, hanging(b"") as (port, called), office(tmp_path) as house:
        silent = f"http://127.0.0.1:{port}/in"
        hooks: dict[str, tuple[Address, ...]] = {
            f"p{n}": (Address(f"p{n}", "webhook", silent),) for n in range(3 * AT_ONE_RECEIVER)
        }
        await take(house.database, Names(hooks), alert(1, to=list(hooks)))
        sending = asyncio.create_task(deliver(house, asyncio.Event()))
        await asyncio.wait_for(called.wait(), 30)
        await take(house.database, Names({"mayor": (Address("mayor", "webhook", good),)}), alert(2, to=["mayor"]))
        await asyncio.wait_for(receiver.heard.wait(), 30)
        told = await house.deliveries.of_incident(INCIDENT.id)
        waiting = [(d.state.value, d.code) for d in told if d.to.value == silent]
        assert sorted(set(waiting)) == [("sending", ""), ("waiting", "")]  # none of them has been given up by now
        assert waiting.count(("sending", "")) == AT_ONE_RECEIVER
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


async def test_many_receivers_that_never_answer_use_up_no_connections_that_others_need(tmp_path: Path) -> None:
    receiver = Receiver()
    listener = await asyncio.start_server(receiver.handle, "127.0.0.1", 0)
    good = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/in"
    async with listener, hanging(b"") as (port, called), new_client() as client:
        hooks = WebhookChannel(client, {})
        draft = notice("d", Draft(INCIDENT.id, "标题", ("事由",), "", NOW, urgent=True), again=False, now=NOW)
        lost = [Address(f"p{n}", "webhook", f"http://127.0.0.1:{port}/{n}") for n in range(120)]
        waiting = [asyncio.create_task(hooks.send(one, draft)) for one in lost]
        await asyncio.wait_for(called.wait(), 30)
        sent = await hooks.send(Address("mayor", "webhook", good), draft)
        assert (sent.result, [task.done() for task in waiting].count(True)) == (Result.DELIVERED, 0)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

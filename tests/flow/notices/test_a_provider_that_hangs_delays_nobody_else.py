"""A mail server that is silent, or drips its greeting for ever, delays mail only; whatever else is due goes out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from config.settings import Settings
from consumers.notify import deliver
from services.domain.delivery import Address
from services.usecases.notifying import AT_ONCE
from services.wiring import House, SteppedClock, open_house
from tests.flow.notices.cast import NOW, Names, Receiver, alert, states, take
from tests.hanging import hanging

MANY = 2 * AT_ONCE


@asynccontextmanager
async def office(folder: Path, smtp_port: int) -> AsyncIterator[House]:
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
    stop = asyncio.Event()
    async with listener, hanging(drip) as (port, called), office(tmp_path, port) as house:
        mails = {f"p{n}": (Address(f"p{n}", "email", f"p{n}@example.org"),) for n in range(MANY)}
        await take(house.database, Names(mails), alert(1, to=list(mails)))
        sending = asyncio.create_task(deliver(house, stop))
        await asyncio.wait_for(called.wait(), 30)
        await take(house.database, Names({"mayor": (Address("mayor", "webhook", hook),)}), alert(2, to=["mayor"]))
        await asyncio.wait_for(receiver.heard.wait(), 10)  # the first mails are given up after 20
        assert {state for state, _, _ in await states(house.database, "email")} == {"sending", "waiting"}
        assert await asyncio.wait_for(asyncio.to_thread(int), 5) == 0  # no thread of the process is held
        stop.set()
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

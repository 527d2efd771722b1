"""The servers of these tests, on 127.0.0.1 and stopped with the test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from aiosmtpd.controller import Controller

from services.adapters.channels.email import EmailChannel, Mailbox
from services.adapters.channels.webhook import WebhookChannel, new_client
from services.usecases.notifying import Channel
from tests.flow.notices.cast import (
    SECRET,
    Postman,
    Receiver,
)


@pytest.fixture
def smtp(free_port: int) -> Iterator[tuple[Postman, Channel]]:
    postman = Postman()
    controller = Controller(postman, hostname="127.0.0.1", port=free_port)
    controller.start()
    mailbox = Mailbox("127.0.0.1", free_port, "duty@example.org", security="none", timeout_seconds=5)
    yield postman, EmailChannel(mailbox)
    controller.stop()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    memory = Receiver()
    server = await asyncio.start_server(memory.handle, "127.0.0.1", 0)
    memory.port = server.sockets[0].getsockname()[1]
    yield memory
    server.close()
    await server.wait_closed()


@pytest.fixture
async def webhook() -> AsyncIterator[Channel]:
    async with new_client(timeout_seconds=0.5) as client:
        yield WebhookChannel(client, {"officer": SECRET})

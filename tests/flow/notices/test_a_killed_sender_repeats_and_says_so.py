"""kill -9 after the notice has left and before its outcome is kept: it is sent again, once, and marked."""

import asyncio
import json
import sys
from pathlib import Path

from services.adapters.database import Database
from services.usecases.notifying import Channel
from tests.flow.notices.cast import SECOND, Receiver, alert, deliver, hook_to, states, take

ROOT = Path(__file__).parents[3]


async def test_a_sender_killed_while_the_receiver_answers_repeats_and_says_so(
    sqlite_database: Database, receiver: Receiver, webhook: Channel
) -> None:
    receiver.answers = ["silence"]
    await take(sqlite_database, hook_to("officer", receiver.port), alert(1))
    sender = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.flow.notices.sender", sqlite_database.url, cwd=ROOT
    )  # fmt: skip
    async with asyncio.timeout(60):
        await receiver.heard.wait()
    sender.kill()
    await sender.wait()
    assert await states(sqlite_database, "webhook") == [("sending", 1, "")]
    assert await deliver(sqlite_database, webhook, 59 * SECOND) == 0
    assert await deliver(sqlite_database, webhook, 60 * SECOND) == 1
    assert await states(sqlite_database, "webhook") == [("delivered", 2, "0")]
    assert [json.loads(body)["again"] for _, body in receiver.taken] == [True]
    assert await deliver(sqlite_database, webhook, 600 * SECOND) == 0

"""A process of its own that sends what is due once: `python -m tests.flow.notices.sender DATABASE_URL`."""

import asyncio
import sys

from services.adapters.channels.webhook import WebhookChannel, new_client
from services.adapters.database import Database
from services.adapters.store.deliveries import DeliveryStore
from services.usecases.notifying import Lane, deliver_due
from tests.flow.notices.cast import NOW, RETRY


async def main(url: str) -> None:
    database = Database(url)
    async with new_client(timeout_seconds=60) as client:
        hooks = WebhookChannel(client, {})
        await deliver_due(NOW, DeliveryStore(database), Lane("webhook"), {"webhook": hooks}, RETRY)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

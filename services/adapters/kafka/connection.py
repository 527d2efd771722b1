"""What producing, consuming and administering share: settings, the translation of errors, and letting go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiokafka.errors import (
    ConsumerStoppedError,
    IllegalOperation,
    InvalidTopicError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
)

from services.usecases.ports import NotNow

OURS = (MessageSizeTooLargeError, RecordListTooLargeError, InvalidTopicError)
"""Errors that the same call would meet again for ever: they stay what they are."""


@dataclass(frozen=True, slots=True)
class Connection:
    """Where the cluster is and how to speak to it.

    `prefix` stands before every topic and group, so that installations can share a cluster. `security` goes to the
    client as it is (`security_protocol`, `ssl_context`, `sasl_mechanism`, …). Times are in seconds.
    """

    bootstrap: str
    prefix: str = ""
    client_id: str = "huiying"
    patience: float = 60.0
    security: Mapping[str, Any] = field(default_factory=dict)

    def client(self) -> dict[str, Any]:
        return {"bootstrap_servers": self.bootstrap, "client_id": self.client_id, **self.security}


@asynccontextmanager
async def translating(seconds: float) -> AsyncIterator[None]:
    """A cluster that is away, or silent for `seconds`, is `NotNow`."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except OURS:
        raise
    except (KafkaError, ConsumerStoppedError, IllegalOperation, OSError, TimeoutError) as error:
        raise NotNow(f"kafka: {str(error) or type(error).__name__}") from error


async def let_go(stopping: Coroutine[Any, Any, None], client: Any, patience: float) -> None:
    """Stop a producer or consumer in good order; when the cluster does not answer, cut the connections."""
    task = asyncio.ensure_future(stopping)
    done, _ = await asyncio.wait({task}, timeout=patience)
    if not done:
        await client.close()
        await asyncio.wait({task}, timeout=patience)
        task.cancel()
    await asyncio.gather(task, return_exceptions=True)

"""Topics that keep what they are given: created when missing, refused when they could lose data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code

from services.adapters.kafka.connection import Connection, let_go, translating

SAFE_REPLICATION, SAFE_MIN_ISR = 3, 2
RETENTION_DAYS = 30
MAX_MESSAGE_BYTES = 4_194_304


class UnsafeTopics(Exception):
    """Topics on which an acknowledged message could be lost; the message names each and what to change."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How topics are made. `allow_unsafe` is for a trial on a cluster of fewer than three brokers."""

    partitions: int = 4
    replication: int = SAFE_REPLICATION
    min_isr: int = SAFE_MIN_ISR
    allow_unsafe: bool = False


async def ensure(connection: Connection, topics: Sequence[str], layout: Layout) -> None:
    """Create the topics that are missing, then look at all of them.

    Raises:
        UnsafeTopics: a topic has fewer than 3 replicas or fewer than 2 in-sync ones, and that is not allowed.
        NotNow: the cluster cannot be asked, or is too small at the moment for the wanted replication.
    """
    admin = AIOKafkaAdminClient(**connection.client())
    try:
        async with translating(connection.patience):
            await admin.start()
            await _create_missing(admin, connection, topics, layout)
            problems = [] if layout.allow_unsafe else await _problems(admin, connection, topics)
    finally:
        await let_go(admin.close(), admin._client, patience=5.0)
    if problems:
        raise UnsafeTopics(
            "Kafka could lose acknowledged messages: "
            + "; ".join(problems)
            + ". Raise replication to 3 and min.insync.replicas to 2, or start with --allow-unsafe-kafka for a trial."
        )


async def _create_missing(admin: Any, connection: Connection, topics: Sequence[str], layout: Layout) -> None:
    existing = set(await admin.list_topics())
    wanted = [topic for topic in topics if connection.prefix + topic not in existing]
    if not wanted:
        return
    brokers = len((await admin.describe_cluster())["brokers"])
    replication = min(layout.replication, brokers) if layout.allow_unsafe else layout.replication
    new = [_new_topic(connection.prefix, topic, layout, replication) for topic in wanted]
    for name, code, *reason in (await admin.create_topics(new)).topic_errors:
        error = for_code(code)
        if code and error is not TopicAlreadyExistsError:  # another role may have been faster
            raise error(f"topic {name}: {reason}")


def _new_topic(prefix: str, topic: str, layout: Layout, replication: int) -> NewTopic:
    settings = {
        "min.insync.replicas": str(min(layout.min_isr, replication)),
        "retention.ms": str(RETENTION_DAYS * 86_400_000),
        "max.message.bytes": str(MAX_MESSAGE_BYTES),
        "unclean.leader.election.enable": "false",
    }
    return NewTopic(prefix + topic, layout.partitions, replication, topic_configs=settings)


async def _problems(admin: Any, connection: Connection, topics: Sequence[str]) -> list[str]:
    names = {connection.prefix + topic for topic in topics}
    found = []
    for topic in await admin.describe_topics():
        replicas = min((len(one["replicas"]) for one in topic["partitions"]), default=SAFE_REPLICATION)
        if topic["topic"] in names and replicas < SAFE_REPLICATION:
            found.append(f"{topic['topic']} has replication {replicas}")
    for name, min_isr in (await _min_isr(admin, sorted(names))).items():
        if min_isr < SAFE_MIN_ISR:
            found.append(f"{name} has min.insync.replicas {min_isr}")
    return sorted(found)


async def _min_isr(admin: Any, names: list[str]) -> dict[str, int]:
    asked = [ConfigResource(ConfigResourceType.TOPIC, name, {"min.insync.replicas": None}) for name in names]
    answers = await admin.describe_configs(asked)
    return {name: int(entries[0][1]) for answer in answers for _code, _reason, _type, name, entries in answer.resources}

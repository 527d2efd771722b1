"""The collector as a role on a real Kafka and PostgreSQL: killed with -9 in its work, it loses and doubles nothing."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.reading import CONFIG_DIR
from services import topics
from services.adapters import wire
from services.adapters.kafka import KafkaLog
from services.domain.post import Post
from tests.collecting_kit import Asked, Web, answer, web
from tests.real.office import Processes

# Few, because requests to one host are two seconds apart.
SOURCES, PER_SOURCE, KILLS = 4, 50, 3
ALL = {f"来信{s}之{n}" for s in range(SOURCES) for n in range(PER_SOURCE)}

pytestmark = [pytest.mark.real, pytest.mark.timeout(240)]


async def page(asked: Asked, writer: asyncio.StreamWriter) -> None:
    source = asked.path.strip("/")
    items = "".join(
        f"<item><link>http://example.com/{source}/{n}</link><title>来信{source}之{n}</title>"
        f"<description>第{source}号来源第{n}条：供暖温度{n}度</description></item>"
        for n in range(PER_SOURCE)
    )
    answer(writer, 200, f"<rss version='2.0'><channel>{items}</channel></rss>".encode())


@pytest.fixture
async def site() -> AsyncIterator[Web]:
    async with web(page) as serving:
        yield serving


@pytest.fixture
async def office(tmp_path: Path, kafka_bootstrap: str, postgres_url: str, site: Web) -> AsyncIterator[Processes]:
    config = tmp_path / "config"
    config.mkdir()
    for path in CONFIG_DIR.iterdir():
        (config / path.name).symlink_to(path)
    (config / "sources.toml").unlink()
    blocks = [f'[[sources]]\nid = "s{n}"\nurl = "{site.url(f"/{n}")}"\n' for n in range(SOURCES)]
    usual = (CONFIG_DIR / "sources.toml").read_text(encoding="utf-8")
    (config / "sources.toml").write_text("\n".join([usual, *blocks]), encoding="utf-8")
    settings = {
        "LOG": "kafka",
        "KAFKA_BOOTSTRAP": kafka_bootstrap,
        "KAFKA_PREFIX": f"collect-{uuid.uuid4().hex[:8]}.",
        "KAFKA_REPLICATION": "1",
        "KAFKA_MIN_ISR": "1",
        "KAFKA_PARTITIONS": "2",
        "ALLOW_UNSAFE_KAFKA": "true",
        "DATABASE_URL": postgres_url,
        "DATA_DIR": str(tmp_path),
        "CONFIG_DIR": str(config),
        "ALLOWED_NETWORKS": '["127.0.0.0/8"]',
    }
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HUIYING_")}
    processes = Processes(environment | {f"HUIYING_{name}": value for name, value in settings.items()}, tmp_path)
    yield processes
    await asyncio.to_thread(processes.stop)


async def test_every_item_is_on_the_topic_whatever_is_killed(office: Processes, site: Web) -> None:
    log = KafkaLog(office.environment["HUIYING_KAFKA_BOOTSTRAP"], prefix=office.environment["HUIYING_KAFKA_PREFIX"])
    await asyncio.to_thread(office.command, "db", "upgrade")
    office.start("collect")
    found: dict[str, Post] = {}
    for kill in range(KILLS):
        await asked_again(site, office)
        await asyncio.to_thread(office.kill, "collect")
        assert office.killed == kill + 1
    async with log.subscribe(topics.POSTS_COLLECTED, "watcher") as subscription:
        while {post.title for post in found.values()} != ALL:
            assert not office.alive(), "the collector ended by itself"
            for message in await subscription.batch(500, 1.0):
                found[message.id] = wire.decode_post(message.body)
    assert len(found) == len({post.key for post in found.values()}) == SOURCES * PER_SOURCE
    await log.close()


async def asked_again(site: Web, office: Processes) -> None:
    """Until the collector has begun its work: it has asked for something."""
    before = len(site.asked)
    while len(site.asked) <= before:
        assert not office.alive(), "the collector ended by itself"
        await asyncio.sleep(0.05)

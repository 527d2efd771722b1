"""Who writes, reads and orders which topic: what runs does what the topics and docs/flow.md say."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from config.settings import Settings
from consumers.topology import PIPES, workers
from producers import relay, tidy
from producers.schedule import CLOCKS
from services import topics
from services.adapters import wire
from services.cli.roles import NAMES
from services.topics import ALL, INCIDENTS_CHANGED, POSTS_BACKFILLED, POSTS_COLLECTED, READERS
from services.usecases.ports import Message
from services.wiring import House, open_house
from tests.docs.tables import table_under
from tests.domain.incident.cast import post as a_post
from tests.flow.town_kit import digested

ROOT = Path(__file__).parents[2]
# A drill is no part of the house, and to replay a dead letter is to repeat what was written.
PUBLISHING = {
    "services/usecases": {"": "collect", "importing": "import", "relaying": "relay"},
    "services/web": {"": "web"},
    "producers": {"": "producers"},
}
TOLD = {topic: (key, tuple(writers.split(", "))) for topic, key, writers in table_under("docs/flow.md", "## Topics")}
"""The key of each topic and who writes it, by the document."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(Settings(data_dir=tmp_path)) as opened:
        yield opened


async def test_every_pipe_reads_as_the_group_its_topic_names(house: House) -> None:
    pipes = [worker.pipe for role in PIPES for worker in workers(house, role)]
    assert {topic: tuple(sorted(p.name for p in pipes if p.topic == topic)) for topic in ALL} == {
        topic: tuple(sorted(groups)) for topic, groups in READERS.items()
    }


def test_every_role_is_a_pipe_a_clock_or_the_web() -> None:
    assert sorted([*PIPES, *CLOCKS, "web"]) == sorted(NAMES)


async def test_whoever_publishes_on_a_topic_is_told_as_its_writer(house: House) -> None:
    """Pipes say it themselves; of the others, by the modules that publish and the topics they name."""
    found = {(p.writes, p_role) for p_role in PIPES for p in (w.pipe for w in workers(house, p_role))}
    names = {topic: name for name, topic in vars(topics).items() if topic in ALL}
    for folder, writer in PUBLISHING.items():
        for path in sorted((ROOT / folder).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            if re.search(r"\b(log\.publish|publish_all)\(", source):
                found |= {(t, writer.get(path.stem, writer[""])) for t, name in names.items() if name in source}
    written = {topic: tuple(sorted(writer for one, writer in found if one == topic)) for topic in ALL}
    assert written == {topic: writers for topic, (_, writers) in TOLD.items()}


async def test_messages_are_kept_in_order_by_what_the_topic_names(house: House) -> None:
    post = replace(a_post("p1"), origin="hotline", text="哈尔滨市道里区群力小区暖气不热，请供热办处理。")
    await house.log.publish(POSTS_COLLECTED, [Message("m1", post.key, wire.encode_post(post))])
    await digested(house)
    await relay.tick(house)
    keys: dict[str, set[str]] = {}
    for topic in ALL:
        async with house.log.subscribe(topic, "looker") as subscription:
            keys[topic] = {received.key for received in await subscription.batch(100, 0.2)}
    async with house.store.unit() as unit:
        holders = await unit.holders([post.key])
    meant = {"post": {post.key}, "incident": set(holders.values())}
    assert holders
    assert {topic: keys[topic] for topic in ALL if topic != POSTS_BACKFILLED} == {
        topic: meant[TOLD[topic][0]] for topic in ALL if topic != POSTS_BACKFILLED
    }


async def test_what_every_group_has_done_is_pruned_and_the_rest_stays(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidy, "KEEP", 0)
    await house.log.publish(INCIDENTS_CHANGED, [Message(str(n), "one", b"{}") for n in range(10)])
    for group in READERS[INCIDENTS_CHANGED]:
        async with house.log.subscribe(INCIDENTS_CHANGED, group) as subscription:
            received = await subscription.batch(6, 1.0)
            await subscription.commit(received)
    assert await tidy.tick(house) == 6
    async with house.log.subscribe(INCIDENTS_CHANGED, "notify") as subscription:
        assert [r.id for r in await subscription.batch(10, 1.0)] == ["6", "7", "8", "9"]

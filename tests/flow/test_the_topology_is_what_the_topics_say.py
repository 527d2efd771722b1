"""Which group reads which topic stands in two places for two readers; they must say the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.settings import Settings
from consumers.topology import PIPES, workers
from producers import tidy
from producers.schedule import CLOCKS
from services.cli.roles import NAMES
from services.topics import ALL, INCIDENTS_CHANGED, READERS
from services.usecases.ports import Message
from services.wiring import House, open_house


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

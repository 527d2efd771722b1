"""A NUL in the name of a source, as an earlier version let it in: the matter is shown, and so is what joins it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from config.settings import Settings
from consumers.topology import workers
from producers import relay
from services import topics
from services.adapters import wire
from services.adapters.database import Database
from services.adapters.desk import Filter
from services.adapters.store.source_names import source_names
from services.domain.post import Post
from services.usecases.ports import Log, Message
from services.wiring import House, SystemClock

AT = datetime(2026, 1, 13, 2, tzinfo=UTC)
TEXT = "哈尔滨市南岗区一小区暖气不热，请供热办处理。"


@pytest.fixture(params=["sqlite_database", "postgres_database"])
def house(request: pytest.FixtureRequest, tmp_path: Path, local_logs: Callable[[], Log]) -> House:
    database: Database = request.getfixturevalue(request.param)
    return House(Settings(data_dir=tmp_path), SystemClock(), database, local_logs())


@pytest.mark.real
async def test_a_matter_that_carries_such_a_source_stays_on_the_desk(house: House) -> None:
    posts = [Post(f"n{n}", source, TEXT[:20], TEXT, AT) for n, source in enumerate(("论坛", "s\x00t", "热线"))]
    pairs = zip(posts, house.assessor.assess(posts), strict=True)
    messages = [Message(p.id, p.key, wire.encode_assessed(p, replace(a, relevant=True))) for p, a in pairs]
    await house.log.publish(topics.POSTS_ASSESSED, messages)
    with capture_logs() as logs:
        for role in ("track", "project"):
            [worker] = workers(house, role)
            async with house.log.subscribe(worker.pipe.topic, worker.pipe.name) as subscription:
                await relay.tick(house)
                while await worker.step(subscription, wait_seconds=0):
                    pass
    assert [one for one in logs if one["log_level"] in ("warning", "error")] == []
    [listed] = await house.reader.incidents(Filter())
    assert (listed.posts, set(listed.sources.split("、"))) == (3, {"论坛", "st", "热线"})
    assert await source_names(house.database, ["s\x00t"]) == {}

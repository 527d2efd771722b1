"""The assess worker on a real Kafka with everything on, beside the same worker with assessing replaced by identity."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from config.settings import Settings
from consumers.topology import workers
from services.adapters import wire
from services.domain.assessment import Assessment
from services.domain.post import Post
from services.topics import POSTS_COLLECTED
from services.usecases.ports import Assessor, Message
from services.wiring import House, open_house
from tests.bench import hotline
from tests.bench.table import Row
from tests.real.broker import BENCH_JVM, Cluster, wait_until_ready

COUNT, BATCH = 6_000, 500


class Identity:
    """Answers every post with the same proposal."""

    def assess(self, posts: Sequence[Post]) -> list[Assessment]:
        return [Assessment(True, "", {}, "BGT")] * len(posts)


async def run() -> list[Row]:
    cluster = Cluster(jvm=BENCH_JVM)
    cluster.start()
    try:
        await wait_until_ready(cluster.bootstrap)
        real = await _rate(cluster.bootstrap, "real.", None)
        identity = await _rate(cluster.bootstrap, "identity.", Identity())
    finally:
        cluster.close()
    ratio = real / identity
    return [Row("assess worker on Kafka, everything on", real, "assessing as identity", identity, ratio, "shown", True)]


async def _rate(bootstrap: str, prefix: str, assessor: Assessor | None) -> float:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data_dir=Path(folder), log="kafka", kafka_bootstrap=bootstrap, kafka_prefix=prefix,
            kafka_replication=1, kafka_min_isr=1, kafka_partitions=2, allow_unsafe_kafka=True,
        )  # fmt: skip
        async with open_house(settings) as house:
            if assessor is not None:
                house.__dict__["assessor"] = assessor
            return await _measured(house)


async def _measured(house: House) -> float:
    posts = hotline.posts(COUNT)
    messages = [Message(post.key, post.key, wire.encode_post(post)) for post in posts]
    await house.log.publish(POSTS_COLLECTED, messages)
    worker = workers(house, "assess")[0]
    house.assessor.assess(posts[:BATCH])
    async with house.log.subscribe(POSTS_COLLECTED, "assess") as subscription:
        began = time.perf_counter()
        while worker.done < COUNT:
            await worker.step(subscription, wait_seconds=1.0)
        return COUNT / (time.perf_counter() - began)

"""Posts into incidents, as the track consumer does it, against the same posts inserted by plain Core executemany."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from config.policy import load_rules
from config.reading import CONFIG_DIR
from config.roster import load_roster
from services.adapters.database import Database
from services.adapters.store.incidents import IncidentStore
from services.domain.incident import Moment
from services.domain.post import Post
from services.usecases.ports import Filed
from services.usecases.tracking import Arrival, take_in
from services.wiring.machine import make_assessor, make_grouper
from tests.bench.table import Row, absolute
from tests.real.postgres import Postgres

COUNT, BATCH = 5_000, 500
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
DISTRICTS = ("道里区", "南岗区", "道外区", "平房区", "松北区", "香坊区", "呼兰区", "阿城区", "双城区")
MATTERS = (
    "小区暖气不热，室温只有{n}度，多次反映没有解决",
    "第{n}中学门口道路坑洼积水，学生上学很不安全",
    "{n}路公交车站点取消后老人出行困难，请交通部门研究",
    "工地夜间施工到{n}点，噪声扰民，环保部门无人处理",
    "物业公司拖欠{n}名保洁员工资三个月，请劳动部门监察",
    "{n}号楼电梯停运半个月，高层住户上下楼困难",
)


async def run() -> list[Row]:
    arrivals = _arrivals()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/track.sqlite"
        rows.append(absolute("track on SQLite", await _tracked(url, arrivals), await _plain(url, arrivals), 500))
        server = Postgres.create()
        server.start()
        try:
            url = server.url("postgres")
            rows.append(
                absolute("track on PostgreSQL", await _tracked(url, arrivals), await _plain(url, arrivals), 1_000)
            )
        finally:
            server.stop()
    return rows


def _arrivals() -> list[Arrival]:
    """Relevant posts of which most are matters of their own, as in a city's hotline."""
    chance = random.Random(11)
    posts = [_post(number, chance) for number in range(COUNT)]
    assessed = zip(posts, make_assessor(CONFIG_DIR).assess(posts), strict=True)
    return [Arrival(f"{post.key}:1", post, replace(proposal, relevant=True)) for post, proposal in assessed]


def _post(number: int, chance: random.Random) -> Post:
    district, matter = chance.choice(DISTRICTS), chance.choice(MATTERS).format(n=chance.randint(1, 400))
    filler = "".join(chance.choices("反映问题请有关部门尽快调查处理给出答复居民十分着急", k=300))
    title = f"{district}{chance.randint(1, 900)}号院{matter[:16]}"
    return Post(str(number), "hotline", title, f"{district}{matter}。{filler}", START + timedelta(seconds=number))


async def _tracked(url: str, arrivals: Sequence[Arrival]) -> float:
    """Posts a second through tracking."""
    database = Database(url)
    await database.create_all()
    store, grouper = IncidentStore(database), make_grouper(CONFIG_DIR)
    rules, roster = load_rules(), load_roster()
    began = time.perf_counter()
    for start in range(0, len(arrivals), BATCH):
        batch = arrivals[start : start + BATCH]
        async with store.unit() as unit:
            await take_in(unit, grouper, batch, rules, Moment(batch[-1].post.collected_at, roster))
    rate = len(arrivals) / (time.perf_counter() - began)
    await database.close()
    return rate


async def _plain(url: str, arrivals: Sequence[Arrival]) -> tuple[str, float]:
    """Posts a second only stored: no incident, no grouping, no ledger."""
    database = Database(url)
    store = IncidentStore(database)
    began = time.perf_counter()
    for start in range(0, len(arrivals), BATCH):
        filed = [Filed(replace(a.post, source="plain"), a.assessment, "-") for a in arrivals[start : start + BATCH]]
        async with store.unit() as unit:
            await unit.file_posts(filed)
    rate = len(arrivals) / (time.perf_counter() - began)
    await database.close()
    return "post rows only", rate

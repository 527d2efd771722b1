"""The day that `huiying demo` plays ends as its author meant it: real HTTP, every consumer, no waiting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

import pytest

from consumers.topology import workers
from producers import relay, supervise
from producers.collect import Collecting
from services.demo import office
from services.demo.day import DAY_FILE, Day, load_day
from services.demo.server import feed_server
from services.domain.ledger import Entry
from services.domain.vocabulary import EntryKind, EventGrade
from services.usecases.collecting import Collector
from services.wiring import House, SteppedClock, open_house
from services.wiring.sources import collecting_tools, source_store, sources_file

ROLES = ("assess", "track", "project")
LOOKS = tuple(timedelta(hours=hour) for hour in (1, 1.5, 2.5, 3.5, 6, 16))
"""When the sources are looked at after the beginning: fewer looks than the demo, because looks are spaced."""


@dataclass(frozen=True, slots=True)
class Played:
    """Posts of each incident by id and matter, and every ledger entry in order."""

    posts: dict[str, list[tuple[str, str]]]
    entries: list[Entry]
    titles: dict[str, str]

    def holding(self, matter: str) -> set[str]:
        return {incident for incident, posts in self.posts.items() if matter in {m for _, m in posts}}

    def entries_of(self, incident: str, kind: EntryKind) -> list[Entry]:
        return [e for e in self.entries if e.incident_id == incident and e.kind is kind]


@pytest.fixture(scope="module")
def day() -> Day:
    return load_day()


@pytest.fixture(scope="module")
async def played(day: Day, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Played]:
    settings = office.settings(tmp_path_factory.mktemp("demo"), 0)
    clock = SteppedClock(day.begins)
    async with feed_server(day, clock) as addresses, open_house(settings, clock) as house:
        office.write_sources(settings.config_dir, day, addresses)
        await _play(house, clock, day)
        yield await _outcome(house, day)


async def _play(house: House, clock: SteppedClock, day: Day) -> None:
    """At each look of the day: look at every source, sweep, let the consumers run dry."""
    async with AsyncExitStack() as stack:
        tools = await stack.enter_async_context(collecting_tools(house))
        store, file = source_store(house), sources_file(house)
        await store.sync(file.sources, clock.now())
        collecting = Collecting(Collector(tools), store, clock)
        pumps = []
        for worker in (w for role in ROLES for w in workers(house, role)):
            pumps.append(
                (worker, await stack.enter_async_context(house.log.subscribe(worker.pipe.topic, worker.pipe.name)))
            )
        for after in LOOKS:
            clock.move_to(day.begins + after)
            await collecting.tick()
            await collecting.finish()
            await supervise.tick(house)
            moved = True
            while moved:
                moved = bool(await relay.tick(house))
                for worker, subscription in pumps:
                    moved = bool(await worker.step(subscription, wait_seconds=0)) or moved


async def _outcome(house: House, day: Day) -> Played:
    items = await house.reader.feed(0, limit=100_000)
    entries = list(await house.reader.entries([(item.incident_id, item.seq) for item in items]))
    matters = {(post.source, post.title): post.matter for post in day.posts}
    posts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    async with house.store.unit() as unit:
        incidents = await unit.load(sorted({entry.incident_id for entry in entries}))
        for incident in incidents:
            posts[incident] = [(f.post.id, matters[f.post.source, f.post.title]) for f in await unit.posts_of(incident)]
    return Played(dict(posts), entries, {name: incident.title for name, incident in incidents.items()})


def test_the_day_is_large_and_varied_enough(day: Day) -> None:
    assert len(day.posts) >= 60
    assert len({post.source for post in day.posts}) >= 6
    assert {source.format for source in day.sources} == {"rss", "rss-gb18030", "atom", "json"}


async def test_noise_and_thanks_stay_out(played: Played) -> None:
    assert not played.holding("out"), [played.titles[i] for i in played.holding("out")]
    assert not played.holding("thanks"), [played.titles[i] for i in played.holding("thanks")]


async def test_every_other_matter_becomes_an_incident(played: Played, day: Day) -> None:
    wanted = {post.matter for post in day.posts} - {"out", "thanks"}
    assert wanted == {matter for posts in played.posts.values() for _, matter in posts}


async def test_no_incident_mixes_two_matters(played: Played) -> None:
    mixed = {name: {m for _, m in posts} for name, posts in played.posts.items() if len({m for _, m in posts}) > 1}
    assert not mixed


async def test_the_fire_is_one_incident_whose_grade_rises(played: Played, day: Day) -> None:
    (fire,) = played.holding("fire")
    assert len(played.posts[fire]) == sum(post.matter == "fire" for post in day.posts)
    proposed = [entry.data["event_grade"] for entry in played.entries_of(fire, EntryKind.GRADE_PROPOSED)]
    ranks = [EventGrade(grade).rank for grade in proposed if grade]
    assert ranks == sorted(ranks), proposed
    assert next(g for g in proposed if g in ("III", "II")) == "III"
    assert proposed[-1] == "II"
    reached = next(e for e in played.entries_of(fire, EntryKind.GRADE_PROPOSED) if e.data["event_grade"] == "II")
    assert "10人以上30人以下死亡" in str(reached.data["because"]), "by the eleven dead, as the demo tells"


async def test_the_fire_misses_its_first_statement_when_nobody_acts(played: Played) -> None:
    (fire,) = played.holding("fire")
    missed = {entry.data["duty"] for entry in played.entries_of(fire, EntryKind.DUTY_MISSED)}
    assert {"acknowledgement", "first_statement"} <= missed


async def test_heating_complaints_of_three_districts_are_one_incident(played: Played, day: Day) -> None:
    (heating,) = played.holding("heating")
    assert len(played.posts[heating]) == sum(post.matter == "heating" for post in day.posts)


async def test_the_rumour_is_one_incident(played: Played) -> None:
    assert len(played.holding("rumour")) == 1


def test_the_last_look_comes_after_the_last_post(day: Day) -> None:
    assert day.begins + LOOKS[-1] > day.posts[-1].at


def test_the_day_is_marked_as_fiction() -> None:
    assert "虚构" in DAY_FILE.read_text(encoding="utf-8").splitlines()[0]

"""Runs a scenario through the whole embedded system on a clock that is moved by hand.

1. move the clock to every moment at which something becomes due, and sweep there; 2. at each step let the post in at
the topic, or the person act through the same use case as the console; 3. drain assess, track, relay and project;
4. print what the ledger gained. The same scenario gives the same ledger, byte for byte.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from config.settings import Settings
from consumers.pipe import Worker
from consumers.topology import workers
from producers import relay, supervise
from services.adapters import wire
from services.cli.drill.scenario import Scenario, Step
from services.domain.assessment import Assessment
from services.domain.incident import Refused
from services.domain.post import Post
from services.topics import POSTS_COLLECTED
from services.usecases.handling import Command, perform
from services.usecases.ports import Assessor, Message, Subscription
from services.wiring import House, SteppedClock, open_house

ROLES = ("assess", "track", "project", "notify")
# Whoever acts on the stroke is in time: the sweep of that moment comes after the step.
TICK = timedelta(microseconds=1)


async def run(scenario: Scenario, config_dir: Path) -> AsyncGenerator[dict[str, Any]]:
    """The lines of the drill, in order: ledger entries as DOMAIN.md prints them, and refusals."""
    with tempfile.TemporaryDirectory(prefix="huiying-drill-") as scratch:
        settings = Settings(data_dir=Path(scratch), config_dir=config_dir, log="local", database_url="")
        clock = SteppedClock(scenario.start)
        async with open_house(settings, clock) as house, _pumps(house) as pumps:
            house.everybody = True
            house.__dict__["assessor"] = _Trusting(house.assessor, scenario.named_posts)
            drill = _Drill(scenario, house, clock, pumps)
            for step in scenario.steps:
                async for line in drill.advance(step.at, step.at - TICK):
                    yield line
                async for line in drill.take(step):
                    yield line
            async for line in drill.advance(scenario.until, scenario.until):
                yield line


@dataclass(frozen=True, slots=True)
class _Trusting:
    """A post that an act of the scenario names is a matter, whatever the machine thinks of its few words."""

    machine: Assessor
    named: frozenset[str]

    def assess(self, posts: Sequence[Post]) -> list[Assessment]:
        """See `ports.Assessor`."""
        proposals = zip(posts, self.machine.assess(posts), strict=True)
        return [replace(a, relevant=a.relevant or post.key in self.named) for post, a in proposals]


@asynccontextmanager
async def _pumps(house: House) -> AsyncIterator[list[tuple[Worker, Subscription]]]:
    """Every consumer, subscribed once for the whole drill."""
    async with AsyncExitStack() as stack:
        pumps = []
        for worker in (w for role in ROLES for w in workers(house, role)):
            subscription = await stack.enter_async_context(house.log.subscribe(worker.pipe.topic, worker.pipe.name))
            pumps.append((worker, subscription))
        yield pumps


@dataclass(slots=True)
class _Drill:
    scenario: Scenario
    house: House
    clock: SteppedClock
    pumps: list[tuple[Worker, Subscription]]
    printed: int = 0
    buried: int = 0

    async def advance(self, to: datetime, sweep_to: datetime) -> AsyncIterator[dict[str, Any]]:
        """Let time pass up to `to`, stopping wherever something becomes due up to `sweep_to`."""
        while (due := await self._next_due()) is not None and due <= sweep_to:
            self.clock.move_to(due)
            if await supervise.tick(self.house) == 0:
                break
            async for line in self._drain():
                yield line
        self.clock.move_to(to)

    async def _next_due(self) -> datetime | None:
        async with self.house.store.unit() as unit:
            return await unit.next_due()

    async def take(self, step: Step) -> AsyncIterator[dict[str, Any]]:
        """One step of the scenario, and everything that follows from it."""
        refusal = await self._post(step.post, step.number) if step.post else await self._act(step)
        async for line in self._drain():
            yield line
        if refusal:
            yield {"refused": step.act, "at": _stamp(step.at), "why": refusal}

    async def _post(self, post: Post, number: int) -> str:
        message = Message(f"{post.key}:{number}", post.key, wire.encode_post(post))
        await self.house.log.publish(POSTS_COLLECTED, [message])
        return ""

    async def _act(self, step: Step) -> str:
        """Carries out the act; the reason where the rules forbid it."""
        try:
            moment = await self.house.moment(step.actor)
            async with self.house.store.unit() as unit:
                names = [step.on, *(str(v) for v in step.given.values() if isinstance(v, str)), *_list(step.given)]
                keys = {name: self.scenario.key_of(name) for name in names}
                holders = await unit.holders([k for k in keys.values() if k])
                if keys[step.on] not in holders:
                    raise Refused(f"没有事件包含信息{step.on}")
                given = _resolve(step, keys, holders)
                command = Command(step.act, holders[keys[step.on]], given)
                await perform(unit, command, moment)
        except Refused as refused:
            return str(refused)
        return ""

    async def _drain(self) -> AsyncIterator[dict[str, Any]]:
        """Run everything that is waiting, then tell what the ledger gained."""
        moved = True
        while moved:
            moved = bool(await relay.tick(self.house))
            for worker, subscription in self.pumps:
                while await worker.step(subscription, wait_seconds=0):
                    moved = True
        items = await self.house.reader.feed(self.printed, limit=100_000)
        for item in items:
            self.printed = item.position
        for entry in await self.house.reader.entries([(i.incident_id, i.seq) for i in items]):
            yield {
                "seq": entry.seq,
                "incident": entry.incident_id,
                "kind": entry.kind.value,
                "occurred_at": _stamp(entry.occurred_at),
                "recorded_at": _stamp(entry.recorded_at),
                "actor": entry.actor,
                "data": entry.data,
            }
        for dead in (await self.house.dead_letters.waiting(self.buried + 1000))[self.buried :]:
            self.buried += 1
            yield {"refused": "post", "at": _stamp(self.clock.now()), "why": f"{dead.consumer}: {dead.reason}"}


def _list(given: Any) -> list[str]:
    """Post ids in lists, as in `split` with {posts: [p5, p6]}."""
    return [str(v) for value in given.values() if isinstance(value, list) for v in value]


def _resolve(step: Step, keys: dict[str, str], holders: dict[str, str]) -> dict[str, Any]:
    """Names of posts become what the use case takes: post keys in `posts`, incident numbers elsewhere."""
    given = dict(step.given)
    if step.act == "split" and isinstance(given.get("posts"), list):
        given["posts"] = [keys.get(str(name)) or str(name) for name in given["posts"]]
    if step.act in ("merge", "split", "decline"):
        for name in ("into", "other", "from", "with", "incident", "undo"):
            key = keys.get(str(given.get(name)), "")
            given |= {name: holders[key]} if key in holders else {}
    for name in ("published_at", "started_at"):
        if name in given:
            given[name] = _moment(given[name], step)
    return given


def _moment(value: Any, step: Step) -> Any:
    """A time stamp stays; `-2h` is two hours before the step."""
    text = str(value)
    if text.startswith("-") and text[-1] in "mhd":
        unit = {"m": "minutes", "h": "hours", "d": "days"}[text[-1]]
        try:
            return step.at - timedelta(**{unit: float(text[1:-1])})
        except (ValueError, OverflowError):
            return value  # the use case refuses it, with the reason
    return value


def _stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")

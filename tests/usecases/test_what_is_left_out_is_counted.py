"""监测: what does not concern the city goes no further, but how much that is and why stays known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from config.reading import CONFIG_DIR
from services.adapters.database import Database
from services.adapters.store.incidents import IncidentStore
from services.adapters.store.left_out import LeftOut
from services.domain import relevance
from services.domain.assessment import Reason
from services.domain.incident import Moment
from services.usecases.tracking import Arrival, Tracked, take_in
from services.wiring.machine import make_grouper
from tests.domain.incident.cast import RULES, START, Names, post, says

CONCERNS_US = {"苗头性", "涉及本市", "本市渠道", "本市来源", "群众诉求", "突发事件"}


def left_out(name: str, rule: str) -> Arrival:
    reasons = (Reason("主题:供热", "暖气"), Reason(f"相关性:{rule}", "")) if rule else ()
    return Arrival(name, post(name), replace(says(), relevant=False, reasons=reasons))


async def taken(database: Database, arrivals: Sequence[Arrival]) -> Tracked:
    async with IncidentStore(database).unit() as unit:
        return await take_in(unit, make_grouper(CONFIG_DIR), arrivals, RULES, Moment(START, Names()))


async def test_each_post_is_counted_once_under_the_rule_that_left_it_out(database: Database) -> None:
    batch = [left_out("p1", "一般新闻"), left_out("p2", "广告"), left_out("p3", "一般新闻")]
    done = await taken(database, [*batch, Arrival("p4", post("p4"), says())])
    assert (done.irrelevant, done.reported) == (3, 1)
    await taken(database, [*batch, left_out("p5", "广告")])  # the batch comes again: killed before its offset was kept
    assert await LeftOut(database).counts() == {"一般新闻": 2, "广告": 2}


async def test_a_batch_that_fails_counts_nothing(database: Database) -> None:
    async def killed() -> None:
        async with IncidentStore(database).unit() as unit:
            await take_in(unit, make_grouper(CONFIG_DIR), [left_out("p1", "广告")], RULES, Moment(START, Names()))
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        await killed()
    assert await LeftOut(database).counts() == {}


async def test_a_rule_this_program_does_not_have_makes_no_row_of_its_own(database: Database) -> None:
    await taken(database, [left_out("p1", "rule of another version"), left_out("p2", "")])
    assert await LeftOut(database).counts() == {"未说明": 2}


def test_the_rules_that_leave_out_are_all_named() -> None:
    source = Path(relevance.__file__).read_text(encoding="utf-8")
    assert set(re.findall(r'"相关性:(\w+)"', source)) - CONCERNS_US == relevance.LEAVES_OUT

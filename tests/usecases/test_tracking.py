"""监测: what tracking keeps, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.reading import CONFIG_DIR
from services.adapters.database import Database
from services.adapters.desk import DeskReader
from services.adapters.store.incidents import IncidentStore
from services.domain.incident import Moment
from services.domain.ledger import Entry
from services.domain.post import Post
from services.domain.vocabulary import EntryKind, EventGrade
from services.usecases.handling import Command, perform
from services.usecases.tracking import Arrival, Tracked, take_in
from services.wiring.machine import make_grouper
from tests.domain.incident.cast import OFFICER, PRESS, RULES, START, Names, hours, minutes, post, says

FIRST = post("p1")
EDITED = replace(FIRST, text="市民在现场看到浓烟，消防已经到场。", collected_at=START + minutes(9), flags=("edited",))
AGAIN = replace(EDITED, text="明火已经扑灭。", collected_at=START + minutes(30), flags=("edited",))


def arrival(one: Post, version: int = 1, relevant: bool = True) -> Arrival:
    return Arrival(f"{one.key}:{version}", one, replace(says(), relevant=relevant))


async def taken(database: Database, *arrivals: Arrival) -> Tracked:
    async with IncidentStore(database).unit() as unit:
        moment = Moment(max(a.post.collected_at for a in arrivals), Names())
        return await take_in(unit, make_grouper(CONFIG_DIR), arrivals, RULES, moment)


async def ledger(database: Database) -> list[Entry]:
    async with IncidentStore(database).unit() as unit:
        return await unit.unpublished(10_000)


async def texts(database: Database, one: Post = FIRST) -> list[str]:
    reader = DeskReader(database)
    async with IncidentStore(database).unit() as unit:
        numbers = sorted(set((await unit.holders([one.key])).values()))
    histories = await reader.histories(await reader.posts(numbers))
    return [filed.post.text for versions in histories for filed in versions if filed.post.key == one.key]


async def test_an_edited_post_is_a_version_and_never_a_second_incident(database: Database) -> None:
    await taken(database, arrival(FIRST))
    before = await ledger(database)
    assert await taken(database, arrival(EDITED, 2)) == Tracked(edited=1)
    assert await taken(database, arrival(AGAIN, 3)) == Tracked(edited=1)
    assert await texts(database) == [FIRST.text, EDITED.text, AGAIN.text]
    further = (await ledger(database))[len(before) :]
    assert [(e.kind, e.data["version"], e.data["evidence"]) for e in further] == [
        (EntryKind.POST_ATTACHED, 2, EDITED.evidence),
        (EntryKind.POST_ATTACHED, 3, AGAIN.evidence),
    ], "the ledger tells of each edit, and of nothing else"


async def test_a_text_changed_back_is_a_version_too(database: Database) -> None:
    await taken(database, arrival(FIRST))
    await taken(database, arrival(EDITED, 2))
    await taken(database, arrival(replace(FIRST, collected_at=AGAIN.collected_at), 3))
    assert await texts(database) == [FIRST.text, EDITED.text, FIRST.text]


async def test_a_repeat_and_a_new_time_stamp_are_no_version(database: Database) -> None:
    await taken(database, arrival(FIRST))
    assert await taken(database, arrival(FIRST)) == Tracked(repeated=1)
    later = replace(FIRST, published_at=START, collected_at=AGAIN.collected_at)
    assert await taken(database, arrival(later, 2)) == Tracked(repeated=1)
    assert await texts(database) == [FIRST.text]


async def test_an_edit_that_makes_a_post_irrelevant_is_kept_beside_it(database: Database) -> None:
    await taken(database, arrival(FIRST))
    assert await taken(database, arrival(EDITED, 2, relevant=False)) == Tracked(edited=1)
    assert await texts(database) == [FIRST.text, EDITED.text]


async def test_an_edit_that_makes_a_post_relevant_reports_it_as_it_reads_now(database: Database) -> None:
    assert await taken(database, arrival(FIRST, relevant=False)) == Tracked(irrelevant=1)
    assert await taken(database, arrival(EDITED, 2)) == Tracked(reported=1)
    assert await texts(database) == [EDITED.text]


async def test_a_post_edited_before_it_was_tracked_starts_the_clock_when_it_was_first_collected(
    database: Database,
) -> None:
    assert await taken(database, arrival(FIRST), arrival(EDITED, 2)) == Tracked(reported=1, edited=1)
    [reported] = [e for e in await ledger(database) if e.kind.value == "incident_reported"]
    assert reported.occurred_at == START
    assert await texts(database) == [FIRST.text, EDITED.text]


@pytest.mark.parametrize("at_once", [True, False])
async def test_many_edits_of_many_posts_each_count_from_their_own(database: Database, at_once: bool) -> None:
    posts = [post(f"p{n}") for n in range(20)]
    await taken(database, *(arrival(one) for one in posts))
    edits = [arrival(replace(one, text=f"第{v}次修改"), v) for one in posts for v in (2, 3)]
    for batch in [edits] if at_once else [[edit] for edit in edits]:
        await taken(database, *batch)
    assert [await texts(database, one) for one in posts] == [[one.text, "第2次修改", "第3次修改"] for one in posts]


async def test_a_bulletin_edited_to_more_dead_raises_the_grade_and_rings_again(database: Database) -> None:
    first, more = says(EventGrade.III, deaths=3), says(EventGrade.I, deaths=35)
    await taken(database, Arrival("1", FIRST, first))
    assert await taken(database, Arrival("2", EDITED, more)) == Tracked(edited=1)
    [*_, proposed] = [e for e in await ledger(database) if e.kind is EntryKind.GRADE_PROPOSED]
    assert (proposed.data["event_grade"], proposed.data["edited_post"]) == ("I", FIRST.key)
    told = [e.data["level"] for e in await ledger(database) if e.kind is EntryKind.LEVEL_ALERTED]
    assert told == ["duty_officer", "duty_officer", "press_office", "principal_leader"]


async def test_an_edit_of_a_post_in_a_merged_incident_is_heard_where_it_was_merged_into(database: Database) -> None:
    other = replace(post("p9", START + minutes(1)), title="南岗区自来水发黄", text="小区自来水发黄有异味。")
    await taken(database, arrival(FIRST))
    await taken(database, arrival(other))
    async with IncidentStore(database).unit() as unit:
        numbers = await unit.holders([FIRST.key, other.key])
        command = Command("merge", numbers[FIRST.key], {"into": numbers[other.key]})
        await perform(unit, command, Moment(START + minutes(5), Names(), OFFICER))
    await taken(database, Arrival("2", EDITED, says(EventGrade.II, deaths=12)))
    raised = {e.incident_id for e in await ledger(database) if e.data.get("event_grade") == "II"}
    assert raised == {numbers[other.key]}


COMPLAINT = replace(post("c1"), title="南岗区暖气不热", text="哈尔滨市南岗区和兴小区三号楼暖气不热，室内只有14度。")
AGAIN_COLD = replace(
    post("c2", START + hours(48)),
    title="和兴小区暖气又不热了",
    text="南岗区和兴小区五号楼暖气又不热了，只有11度，老人孩子都冻感冒了，请供热办处理。",
)


async def resolved(database: Database) -> str:
    async with IncidentStore(database).unit() as unit:
        number = (await unit.holders([COMPLAINT.key]))[COMPLAINT.key]
        given = {"form": "website_reply", "channel": "网站", "url": "https://example.gov.cn/1", "reviewed_by": "李"}
        moment = Moment(START + hours(3), Names(), PRESS)
        await perform(unit, Command("publish", number, given), moment)
        outcome = {"disposition": "difficulty", "outcome": "已恢复供热"}
        await perform(unit, Command("resolve", number, outcome), moment)
        return number


async def test_who_complains_again_after_the_answer_is_owed_one_anew_and_the_old_matter_is_named(
    database: Database,
) -> None:
    await taken(database, arrival(COMPLAINT))
    old = await resolved(database)
    assert await taken(database, arrival(AGAIN_COLD)) == Tracked(reported=1)
    async with IncidentStore(database).unit() as unit:
        [number] = (await unit.holders([AGAIN_COLD.key])).values()
        new = (await unit.load([number]))[number]
    assert new.candidates == (old,)
    assert [d.due_at for d in new.owed() if d.kind.statutory] == [AGAIN_COLD.collected_at + hours(48)]


async def test_but_before_it_was_answered_the_same_words_only_join(database: Database) -> None:
    await taken(database, arrival(COMPLAINT))
    assert await taken(database, arrival(AGAIN_COLD)) == Tracked(attached=1)


async def test_a_copy_that_comes_after_the_answer_calls_nobody(database: Database) -> None:
    await taken(database, arrival(COMPLAINT))
    await resolved(database)
    copy = replace(COMPLAINT, id="c3", source="另一网站", collected_at=START + hours(50))
    assert await taken(database, arrival(copy)) == Tracked(attached=1)


async def test_undoing_a_merge_takes_along_the_copies_that_came_because_of_it(database: Database) -> None:
    other = replace(post("p9", START + minutes(1)), title="南岗区自来水发黄", text="小区自来水发黄有异味。")
    copy = replace(FIRST, id="p10", source="另一网站", collected_at=START + minutes(20))
    await taken(database, arrival(FIRST), arrival(other))
    async with IncidentStore(database).unit() as unit:
        numbers = await unit.holders([FIRST.key, other.key])
        command = Command("merge", numbers[FIRST.key], {"into": numbers[other.key]})
        await perform(unit, command, Moment(START + minutes(5), Names(), OFFICER))
    await taken(database, arrival(copy))
    async with IncidentStore(database).unit() as unit:
        command = Command("split", numbers[other.key], {"incident": numbers[FIRST.key]})
        await perform(unit, command, Moment(START + minutes(30), Names(), OFFICER))
        found = await unit.load(list(numbers.values()))
        assert [found[numbers[one.key]].posts for one in (FIRST, other)] == [2, 1]
        assert await unit.holders([copy.key]) == {copy.key: numbers[FIRST.key]}

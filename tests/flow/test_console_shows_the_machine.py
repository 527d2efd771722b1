"""The pages on the machine itself: what is wrong with a source, whom nothing reaches, what was left out."""

from __future__ import annotations

import asyncio
from html import unescape

import pytest

from services.domain.source import Source
from services.domain.vocabulary import Role
from tests.collecting_kit import Asked, answer, web
from tests.console_kit import HEATING, HouseThread, Visitor, until
from tests.flow.town_kit import looked_at

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def administrator(office: HouseThread) -> Visitor:
    return office.visitor(office.add("admin1", Role.SYSTEM_ADMIN))


def test_the_machine_has_its_page(office: HouseThread, administrator: Visitor) -> None:
    office.report("p1", HEATING.format(place="群力第五大道"))
    assert "没有死信" in administrator.get("/system").text
    told = "没有可用的帐号"
    until(lambda: told in administrator.get("/system").text, "who is on the roster without an account: called in vain")


def test_the_page_of_sources_says_what_is_wrong_with_a_feed_that_is_no_feed(
    office: HouseThread, officer: Visitor
) -> None:
    async def maintenance(_: Asked, writer: asyncio.StreamWriter) -> None:
        answer(writer, 200, "<html><title>维护中</title><body>本站正在维护</body></html>".encode())

    async def look() -> str:
        async with web(maintenance) as site:
            [outcome] = await looked_at(office.house, [Source("city-paper", site.url(), name="城市日报")])
        return outcome.state.last_error

    error = office.call(look())
    row = officer.get("/sources").text.partition("城市日报")
    condition, told = row[0].rpartition("<tr>")[2], row[2].partition("</tr>")[0]
    assert "出错" in condition
    assert error
    assert error in unescape(told)
    assert "<td>1</td>" in told, "failures in a row"


def test_what_was_left_out_is_counted_by_the_rule_that_said_so(
    office: HouseThread, officer: Visitor, administrator: Visitor
) -> None:
    text = "诚招代理，加微信领优惠券，特价促销"
    assert office.program().post("/api/v1/posts", json={"id": "spam", "text": text}).status_code == 202
    until(lambda: 'huiying_left_out{rule="广告"} 1.0' in officer.get("/metrics").text, "the post that was left out")
    for visitor, path in ((officer, "/sources"), (administrator, "/system")):
        page = visitor.get(path).text
        assert "未纳入的信息" in page, path
        assert "广告 1 条" in page, path

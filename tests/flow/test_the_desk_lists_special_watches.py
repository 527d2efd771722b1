"""专项引导 can be looked at as a list: what touches a special watch or is 苗头性 says so on its line and its page."""

from __future__ import annotations

import pytest

from tests.console_kit import HouseThread, Visitor

COLD = "道里区某小区暖气不热，室温只有十三度，请供热企业尽快处理。"
ANGRY = "道外区某小区电梯坏了半年没人管，业主准备联名上访、拉横幅。"
PLAIN = "香坊区某路口路灯不亮，请尽快修复。"


@pytest.fixture(scope="module")
def matters(office: HouseThread) -> dict[str, str]:
    told = {"cold": COLD, "angry": ANGRY, "plain": PLAIN}
    return {name: office.report(name, text, source="百姓留言板") for name, text in told.items()}


def shown(officer: Visitor, matters: dict[str, str], **wanted: str) -> set[str]:
    asked = "&".join(f"{name}={value}" for name, value in wanted.items())
    page = officer.get(f"/?{asked}").text
    return {name for name, number in matters.items() if f"row-{number}" in page}


def test_line_and_page_say_what_is_touched(officer: Visitor, matters: dict[str, str]) -> None:
    for name, tag in (("cold", "专项：供暖季"), ("angry", "苗头性")):
        for path in (f"/rows/{matters[name]}", f"/incidents/{matters[name]}"):
            assert f'<b class="tag">{tag}</b>' in officer.get(path).text, path
    assert 'class="tag"' not in officer.get(f"/rows/{matters['plain']}").text


def test_the_desk_lists_one_watch_all_watches_or_what_is_emerging(officer: Visitor, matters: dict[str, str]) -> None:
    assert shown(officer, matters) == {"cold", "angry", "plain"}
    assert shown(officer, matters, watch="供暖季") == {"cold"}
    assert shown(officer, matters, watch="any") == {"cold"}
    assert shown(officer, matters, watch="emerging") == {"angry"}
    assert shown(officer, matters, watch="两会") == set()
    assert shown(officer, matters, watch="%25") == set()


def test_the_choice_stays_on_the_page(officer: Visitor, matters: dict[str, str]) -> None:
    page = officer.get("/?watch=供暖季").text
    assert "<option selected>供暖季</option>" in page

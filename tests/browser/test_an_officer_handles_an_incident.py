"""What people do at the console, in a real browser: the officer by keyboard only, the department by mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from services.domain.vocabulary import Role
from tests.browser.conftest import OpenPage
from tests.console_kit import FIRE, HEATING, PASSWORD, HouseThread, until

pytestmark = pytest.mark.timeout(180)


def press_until(page: Page, key: str, condition: str) -> None:
    """Press a key until the focused element answers to the condition, as somebody without a mouse does."""
    for _ in range(80):
        if page.evaluate(f"(() => {{ const f = document.activeElement; return Boolean({condition}); }})()"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"the keyboard never reached: {condition}")


def submit(page: Page, act: str, **values: str) -> None:
    """Open the form of an act, fill it in, send it."""
    form = page.locator(f".act-{act}")
    form.locator("summary").click()
    for name, value in values.items():
        field = form.locator(f"[name={name}]")
        if field.evaluate("f => f.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("button").click()


def test_an_incident_goes_from_alarm_to_evaluation(office: HouseThread, open_page: OpenPage) -> None:
    officer, department = open_page("duty1"), open_page("grb")
    officer.evaluate("window.stayed = true")
    number = office.report("live", HEATING.format(place="群力第五大道"), "群力暖气不热")
    row = officer.locator(f"#row-{number}")
    expect(row).to_contain_text("群力暖气不热")
    expect(officer.locator("#alarm")).to_contain_text("呼叫 值班员 duty1 · 事由：新事件")
    expect(officer).to_have_title(re.compile(r"^\(1\) 值班台"))
    expect(officer.locator("[data-count=unacknowledged]")).to_have_text("1")
    assert officer.evaluate("window.stayed"), "the row came without a reload"
    assert officer.evaluate("Number(document.body.dataset.beeps)") >= 1

    officer.keyboard.press("j")
    officer.keyboard.press("Enter")
    expect(officer.locator("h1")).to_have_text("群力暖气不热")
    expect(officer.locator("#connection")).to_have_text("已连接")
    officer.keyboard.press("a")
    expect(officer.locator(".kind-level_acknowledged")).to_have_count(1)
    expect(officer.locator("#alarm")).to_be_hidden()
    press_until(officer, "Tab", "f.matches('.act-assign summary')")
    officer.keyboard.press("Enter")
    press_until(officer, "Tab", "f.matches('.act-assign select[name=lead]') && f.value === 'GRB'")
    press_until(officer, "Tab", "f.matches('.act-assign button')")
    officer.keyboard.press("Enter")
    expect(officer.locator(".head .state")).to_have_text("待签收")

    expect(department.locator(f"#row-{number}")).to_contain_text("待签收")
    expect(department.locator("#alarm")).to_contain_text("责任部门")
    department.locator(f"#row-{number} a").click()
    department.locator(".act-accept button").click()
    expect(department.locator(".head .state")).to_have_text("处置中")
    submit(department, "publish", url="https://example.org/answer", reviewed_by="保密员")
    expect(department.locator(".head .state")).to_have_text("已回应")
    expect(department.locator(".duty .met")).to_contain_text("按时完成")

    expect(officer.locator(".head .state")).to_have_text("已回应")
    submit(officer, "resolve", outcome="已恢复供热")
    expect(officer.locator(".head .state")).to_have_text("已办结")
    submit(officer, "evaluate", acceptance="满意", opinion_before="抱怨", opinion_after="平稳")
    expect(officer.locator(".head .state")).to_have_text("已归档")


def test_a_grave_matter_sounds_again_every_minute_and_its_clocks_run(office: HouseThread, open_page: OpenPage) -> None:
    page: Page = open_page("duty1")
    page.clock.install()
    page.reload()
    number = office.report(
        "grave", "哈尔滨市南岗区一化工厂发生特大爆炸，已造成35人死亡、60人受伤。", "南岗区化工厂爆炸"
    )
    page.clock.run_for(3000)
    expect(page.locator("#alarm")).to_contain_text("Ⅰ 特别重大")
    chip = page.locator(f"#row-{number} .countdown")
    expect(chip).to_contain_text("剩 4:5")
    before = chip.text_content(), page.evaluate("Number(document.body.dataset.beeps)")
    page.clock.run_for(61_000)
    expect(chip).not_to_have_text(str(before[0]))
    assert page.evaluate("Number(document.body.dataset.beeps)") > before[1]


def test_in_a_storm_a_further_matter_sounds_though_the_list_of_calls_is_full(
    office: HouseThread, open_page: OpenPage
) -> None:
    page: Page = open_page("duty1")
    told = "哈尔滨市香坊区{}花园小区{}，请有关部门处理。"
    names = [first + second for first in "甲乙丙丁戊己" for second in "东南西北"]
    posts = [{"id": f"storm-{name}", "text": told.format(name, "电梯停运")} for name in names]
    assert office.program().post("/api/v1/posts", json=posts).status_code == 202
    officer = office.visitor("duty1")
    until(lambda: len(officer.get("/pulse").json()["waiting"]) >= len(names), "a storm")
    assert len(officer.get("/pulse").json()["calls"]) < len(names)
    page.reload()
    expect(page.locator("#alarm")).to_contain_text("件待处理")
    beeps, waiting = "Number(document.body.dataset.beeps)", page.locator("#alarm").text_content()
    before = page.evaluate(beeps)
    office.report("storm-last", told.format("辛亥", "井盖丢失"))
    expect(page.locator("#alarm")).not_to_have_text(str(waiting))
    page.wait_for_function(f"{beeps} > {before}")
    before, waiting = page.evaluate(beeps), page.locator("#alarm").text_content()
    officer.act(officer.get("/pulse").json()["calls"][1]["incident"], "acknowledge")
    expect(page.locator("#alarm")).not_to_have_text(str(waiting))
    assert page.evaluate(beeps) == before, "a call that moves up into the list is not new"


def test_a_form_that_is_being_filled_in_is_not_taken_away(office: HouseThread, open_page: OpenPage) -> None:
    page: Page = open_page("duty1")
    text = "哈尔滨市道外区南直路路灯坏了一个月，晚上很黑，请有关部门尽快维修。"
    number = office.report("filling", text, "道外区路灯不亮")
    page.goto(f"{office.base}/incidents/{number}")
    page.locator(".act-dismiss summary").click()
    page.locator(".act-dismiss [name=reason]").fill("还没写完")
    office.report("filling2", text, "道外区路灯不亮", source="另一个论坛")
    expect(page.locator("#news")).to_be_visible()
    expect(page.locator(".act-dismiss [name=reason]")).to_have_value("还没写完")
    page.locator(".act-merge summary").click()
    page.locator(".act-merge [name=into]").fill("20000101-ffffffffff")
    page.locator(".act-merge button").click()
    expect(page.locator(".problem")).to_contain_text("没有编号")
    expect(page.locator(".act-merge [name=into]")).to_have_value("20000101-ffffffffff")


def test_a_lost_connection_is_said_and_found_again(open_page: OpenPage) -> None:
    page: Page = open_page("duty1")
    page.clock.install()
    page.reload()
    expect(page.locator("#connection")).to_have_text("已连接")
    page.route("**/live**", lambda route: route.fulfill(status=204))
    page.clock.run_for(40_000)  # no heartbeat is heard: the browser's time runs, the server's does not
    expect(page.locator("#lost")).to_contain_text("连接中断，数据截至")
    page.unroute("**/live**")
    expect(page.locator("#lost")).to_be_hidden(timeout=30_000)


@pytest.mark.parametrize("width", [320, 360])
def test_a_phone_shows_everything_without_scrolling_sideways(
    office: HouseThread, open_page: OpenPage, width: int
) -> None:
    page: Page = open_page("duty1", width)
    number = office.report("phone", FIRE.format(place="一家很长很长名字的化工有限责任公司厂区"), "南岗区爆炸" * 8)
    for path in ("/", f"/incidents/{number}", "/enter", "/sources"):
        page.goto(f"{office.base}{path}")
        expect(page.locator("main")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.goto(f"{office.base}/incidents/{number}")
    small = page.evaluate(
        "[...document.querySelectorAll('main button, main summary, main select, main input[type=text]')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 24).map(e => e.outerHTML)"
    )
    assert small == []


def test_every_control_has_a_name_and_every_table_its_heads(office: HouseThread, open_page: OpenPage) -> None:
    page: Page = open_page("duty1")
    number = office.report("labels", "哈尔滨市平房区友协大街井盖丢失，存在安全隐患，请处理。", "平房区井盖丢失")
    for path in ("/", f"/incidents/{number}", "/enter", "/sources"):
        page.goto(f"{office.base}{path}")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        unnamed = page.evaluate(
            """[...document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a, summary')].filter(
              e => !e.hidden && !((e.labels && [...e.labels].some(l => l.textContent.trim())) || e.textContent.trim()
                     || e.getAttribute('aria-label'))).map(e => e.outerHTML)"""
        )
        assert unnamed == [], path
        assert page.evaluate("[...document.querySelectorAll('th')].every(h => h.scope === 'col')")
        assert page.locator("html[lang=zh-CN]").count() == 1
        assert page.locator("h1").count() == 1, path
        assert page.locator("main").count() == 1
        doubled = page.evaluate(
            "(() => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id);"
            " return ids.filter((id, n) => ids.indexOf(id) !== n); })()"
        )
        assert doubled == [], path


def test_help_lists_the_keys_and_they_can_be_switched_off(open_page: OpenPage) -> None:
    page: Page = open_page("duty1")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.locator("#keys-off").check()
    page.locator("#help button").click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "search"
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_hidden()


def test_what_is_not_one_event_leaves_the_question_by_one_click_and_comes_back_by_another(
    office: HouseThread, open_page: OpenPage
) -> None:
    page = open_page("duty1")
    text = "道外区金色家园小区{}，业主多次向物业反映没有结果，请有关部门尽快解决。"
    old = office.report("asked1", text.format("一楼餐馆没有烟道，油烟排到窗前"), "金色家园小区餐馆油烟扰民")
    new = office.report("asked2", text.format("多户墙面开裂"), "金色家园小区墙面开裂")
    page.goto(f"{office.base}/incidents/{new}")
    queue = page.locator("section.candidates")
    expect(queue.locator(f"a[href='/incidents/{old}']")).to_have_count(1)
    queue.get_by_role("button", name="不是同一事件：金色家园小区餐馆油烟扰民").click()
    expect(queue).to_have_count(0)
    expect(page.locator("#ledger .kind-candidate_declined")).to_contain_text("不是同一事件")
    page.locator("details.declined summary").click()
    page.get_by_role("button", name="撤销：金色家园小区餐馆油烟扰民").click()
    expect(queue.locator("button")).to_have_count(2)
    expect(page.locator("details.declined")).to_have_count(0)


def test_the_heads_of_a_table_in_a_card_cover_no_row(office: HouseThread, open_page: OpenPage) -> None:
    page = open_page("duty1")
    page.context.clear_cookies()
    page.goto(f"{office.base}/")
    page.keyboard.type(office.add("admin1", Role.SYSTEM_ADMIN))
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".who")).to_contain_text("admin1")
    page.goto(f"{office.base}/system")
    head, row = (page.locator(f".card .list {part}").last.bounding_box() for part in ("th", "tr:first-child td"))
    assert head
    assert row
    assert head["y"] + head["height"] <= row["y"] + 1

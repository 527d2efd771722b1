"""The page renews itself while people use it: no press, no form and no typed word may be lost to that."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import WAIT, OpenPage
from tests.console_kit import HouseThread

pytestmark = pytest.mark.timeout(180)
LAMPS = "哈尔滨市{place}路灯坏了一个月，晚上很黑，请有关部门尽快维修。"
# The form is sent as far as the page knows, but its answer never comes.
ON_ITS_WAY = "sent = 0; addEventListener('submit', e => { sent += !e.defaultPrevented; e.preventDefault(); })"


def lamps(office: HouseThread, place: str, source: str = "") -> str:
    """One more report of the lamps of a place."""
    text = LAMPS.format(place=place)
    return office.report(f"{place}{source}", text, f"{place}路灯不亮", **({"source": source} if source else {}))


def press_while(page: Page, target: Locator, work: str, change: Callable[[], object]) -> None:
    """Press the mouse on something, let the page fetch its change, let go."""
    target.hover()
    box = target.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    with page.expect_response(lambda answer: answer.url.endswith(work)) as fetched:
        change()
    fetched.value.finished()
    page.mouse.up()


def test_a_press_is_not_lost_when_the_page_changes_under_it(office: HouseThread, open_page: OpenPage) -> None:
    page = open_page("duty1")
    number = lamps(office, "道外区南直路")
    page.goto(f"{office.base}/incidents/{number}")
    expect(page.locator("#connection")).to_have_text("已连接")
    page.locator(".act-dismiss summary").click()
    page.locator(".act-dismiss [name=reason]").fill("重复信息")
    press_while(page, page.locator(".act-dismiss button"), number, lambda: lamps(office, "道外区南直路", "另一个论坛"))
    expect(page.locator(".head .state")).to_have_text("不予处置", timeout=5000)


def test_a_row_that_is_renewed_under_the_pointer_still_opens(office: HouseThread, open_page: OpenPage) -> None:
    page = open_page("duty1")
    number = lamps(office, "香坊区安埠街")
    link = page.locator(f"#row-{number} a")
    expect(link).to_be_visible()
    expect(page.locator("#alarm")).to_be_visible()  # it moves the list, and a robot does not look twice
    press_while(page, link, f"/rows/{number}", lambda: lamps(office, "香坊区安埠街", "另一个论坛"))
    expect(page.locator("h1")).to_have_text("香坊区安埠街路灯不亮")


def point_at(page: Page, target: Locator, until: Callable[[], bool]) -> None:
    """Move the pointer about on something, in a time that passes only here, until something is so."""
    box = target.bounding_box()
    assert box
    for step in itertools.count():
        if until():
            return
        page.mouse.move(box["x"] + 5 + step % 2, box["y"] + box["height"] / 2)
        page.clock.run_for(100)


def top_of(page: Page, number: str) -> float:
    """How far a row is from the top, in pixels; asked at once, for the row itself may be renewed any moment."""
    return float(page.evaluate(f"document.getElementById('row-{number}').getBoundingClientRect().top"))


def test_nothing_moves_away_from_a_pointer_on_its_way(office: HouseThread, open_page: OpenPage) -> None:
    """A new row and the alarm come above what somebody is about to press: they wait till the pointer rests."""
    page, fetched = open_page("duty1"), list[str]()
    number = lamps(office, "香坊区公滨路")
    officer = office.visitor("duty1")
    for call in officer.get("/pulse").json()["calls"]:
        officer.act(call["incident"], "acknowledge")
    page.clock.install()
    page.reload()
    target = page.locator(f"#row-{number} a")
    expect(page.locator("#connection")).to_have_text("已连接")
    expect(page.locator("#alarm")).to_be_hidden()
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))
    expect(target).to_be_visible()
    before = top_of(page, number)
    page.on("requestfinished", lambda asked: fetched.append(asked.url))
    other = lamps(office, "道里区工程街")
    point_at(page, target, lambda: {f"{office.base}/rows/{other}", f"{office.base}/pulse"} <= set(fetched))
    moves = iter(range(20))
    point_at(page, target, lambda: next(moves, None) is None)
    assert top_of(page, number) == before
    expect(page.locator(f"#row-{other}")).to_have_count(0)
    page.clock.run_for(700)
    expect(page.locator(f"#row-{other}")).to_be_visible()
    page.clock.run_for(1100)
    expect(page.locator("#alarm")).to_be_visible()


def test_a_form_on_its_way_is_sent_once_and_the_page_waits_for_the_answer(
    office: HouseThread, open_page: OpenPage
) -> None:
    page = open_page("duty1")
    number = lamps(office, "平房区新疆大街")
    page.goto(f"{office.base}/incidents/{number}")
    expect(page.locator("#connection")).to_have_text("已连接")
    page.evaluate(ON_ITS_WAY)
    page.locator(".act-consult summary").click()
    page.locator(".act-consult [name=participants]").fill("城管局")
    page.locator(".act-consult [name=conclusion]").fill("立即维修")
    page.locator(".act-consult button").click()
    page.evaluate("document.querySelector('.act-consult form').requestSubmit()")
    assert page.evaluate("[window.sent, document.querySelector('main').inert]") == [1, True]
    with page.expect_response(lambda answer: answer.url.endswith(number)) as renewed:
        lamps(office, "平房区新疆大街", "另一个论坛")
    renewed.value.finished()
    expect(page.locator("#posts > details")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#posts > details")).to_have_count(2)
    expect(page.locator(".act-consult [name=conclusion]")).to_have_value("立即维修")


def test_typed_words_outlive_a_form_that_is_folded_and_a_matter_that_is_merged(
    office: HouseThread, open_page: OpenPage
) -> None:
    page = open_page("duty1")
    number, other = lamps(office, "松北区世茂大道"), lamps(office, "呼兰区萧红大道")
    page.goto(f"{office.base}/incidents/{number}")
    expect(page.locator("#connection")).to_have_text("已连接")
    reason = page.locator(".act-dismiss [name=reason]")
    page.locator(".act-dismiss summary").click()
    reason.fill("还没写完")
    page.locator(".act-dismiss summary").click()
    page.evaluate("document.activeElement.blur()")
    lamps(office, "松北区世茂大道", "另一个论坛")
    expect(page.locator("#news")).to_contain_text("原样保留")
    expect(reason).to_have_value("还没写完")
    officer = office.visitor("duty1")
    assert officer.act(number, "merge", into=other).status_code == 303
    expect(page.locator("#news a")).to_have_attribute("href", f"/incidents/{other}")
    expect(reason).to_have_value("还没写完")


def test_what_somebody_unfolded_to_read_stays_unfolded(office: HouseThread, open_page: OpenPage) -> None:
    page = open_page("duty1")
    number = lamps(office, "阿城区金源路")
    lamps(office, "阿城区金源路", "论坛甲")
    page.goto(f"{office.base}/incidents/{number}")
    expect(page.locator("#connection")).to_have_text("已连接")
    second = page.locator("#posts > details").nth(1)
    opened = second.get_attribute("id")
    second.locator("summary").first.click()
    lamps(office, "阿城区金源路", "论坛乙")
    expect(page.locator("#posts > details")).to_have_count(3)
    expect(page.locator(f"#{opened}")).to_have_attribute("open", "")
    assert page.evaluate("document.activeElement.parentElement.id") == opened, "the focus stays where it was"


def test_forms_follow_once_nobody_is_at_them(office: HouseThread, open_page: OpenPage) -> None:
    page = open_page("duty1")
    number = lamps(office, "双城区隆化街")
    page.goto(f"{office.base}/incidents/{number}")
    expect(page.locator("#connection")).to_have_text("已连接")
    page.locator(".act-consult summary").click()
    assert office.visitor("duty1").act(number, "acknowledge").status_code == 303
    expect(page.locator("#news")).to_be_visible()
    expect(page.locator(".act-acknowledge")).to_have_count(1)
    page.locator(".act-consult summary").click()
    page.evaluate("document.activeElement.blur()")
    expect(page.locator(".act-acknowledge")).to_have_count(0)
    expect(page.locator("#news")).to_be_hidden()


def test_a_report_renews_the_forms_it_changes_and_leaves_the_others_alone(
    office: HouseThread, open_page: OpenPage
) -> None:
    page = open_page("duty1")
    number = lamps(office, "尚志市中央大街")
    page.goto(f"{office.base}/incidents/{number}")
    expect(page.locator("#connection")).to_have_text("已连接")
    for act in ("consult", "split"):
        page.evaluate(f"document.querySelector('.act-{act}').dataset.before = 'yes'")
    lamps(office, "尚志市中央大街", "另一个论坛")
    expect(page.locator(".act-split [name=posts]")).to_have_count(1)
    expect(page.locator(".act-consult[data-before=yes]")).to_have_count(1)
    expect(page.locator(".act-split[data-before=yes]")).to_have_count(0)


def test_acts_go_through_on_a_slow_machine_while_reports_pour_in(office: HouseThread, open_page: OpenPage) -> None:
    page = open_page("duty1")
    page.set_default_timeout(3 * WAIT)  # a quarter of the processor, and a robot that looks twice before it clicks
    number = lamps(office, "依兰县通江路")
    page.goto(f"{office.base}/incidents/{number}")
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    program, stop = office.program(), threading.Event()

    def pour() -> None:
        for count in itertools.count():
            if stop.wait(0.3):
                return
            post = {"id": f"pour{count}", "title": "依兰县通江路路灯不亮", "text": LAMPS.format(place="依兰县通江路")}
            program.post("/api/v1/posts", json=post | {"source": f"论坛{count}"})

    flood = threading.Thread(target=pour)
    flood.start()
    try:
        for count in range(1, 4):
            page.locator(".act-consult summary").click()
            page.locator(".act-consult [name=participants]").fill("城管局、供电公司")
            page.locator(".act-consult [name=conclusion]").fill(f"第{count}次会商")
            page.locator(".act-consult button").click()
            expect(page.locator(".kind-consultation_recorded")).to_have_count(count)
    finally:
        stop.set()
        flood.join()


SLOW_LINE = """(() => { const real = window.fetch;
window.fetch = async (where, how) => {
  if (how?.headers?.["x-by-itself"]) await new Promise((done) => setTimeout(done, 1500));
  return real(where, how);
}; })()"""


def test_on_a_slow_line_the_page_catches_up_all_the_same(office: HouseThread, open_page: OpenPage) -> None:
    """An answer that takes longer than the next question must not be outrun by it for ever."""
    page = open_page("duty1")
    number = lamps(office, "香坊区慢街")
    page.add_init_script(SLOW_LINE)
    page.goto(f"{office.base}/incidents/{number}")
    expect(page.locator("#connection")).to_have_text("已连接")
    page.locator(".act-consult summary").click()
    page.locator(".act-consult [name=participants]").focus()
    lamps(office, "香坊区慢街", "另一个论坛")
    expect(page.locator("#posts > details")).to_have_count(2, timeout=20_000)
    page.locator(".act-consult summary").click()
    page.mouse.click(5, 700)  # beside everything: nobody is at a form any more
    lamps(office, "香坊区慢街", "第三个论坛")
    expect(page.locator("#posts > details")).to_have_count(3, timeout=20_000)
    expect(page.locator("#news")).to_be_hidden(timeout=20_000)

"""A value that cannot be meant stops the start, with file, key and reason: at night it would only be silent."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from config.reading import CONFIG_DIR, BadConfig
from config.roster import check_secrets
from services.wiring.config_files import LOADERS, edited

PERSON = '\n[[person]]\nname = "duty1"\n'
SHIFT = '\n[[shift]]\nperson = "a"\n'
BOARD = '\n[[sources]]\nid = "x"\nclass = "board"\nkind = "board"\nurl = "http://e.cn/"\n[sources.board]\nitem = "li"\n'
MAILBOX = '\n[[sources]]\nid = "x"\nclass = "mailbox"\nkind = "mailbox"\nurl = "imaps://e.cn/"\n[sources.options]\n'
HOTLINE = '\n[[sources]]\nid = "x"\nclass = "hotline"\nkind = "hotline"\nurl = "/in"\n[sources.options]\n'
ADDED = [
    ("roster.toml", PERSON + 'email = "not an address"\n', "person[0].email"),
    ("roster.toml", PERSON + 'email = "a@b@c"\n', "person[0].email"),
    ("roster.toml", PERSON + 'webhook = "ftp://x"\n', "person[0].webhook"),
    ("roster.toml", PERSON + 'dingtalk = "hello"\n', "person[0].dingtalk"),
    ("roster.toml", PERSON + PERSON, "person[1].name"),
    ("roster.toml", PERSON.replace("duty1", " "), "person[0].name"),
    ("roster.toml", PERSON.replace("duty1", "duty\\u0000"), "person[0].name"),
    ("roster.toml", SHIFT + 'level = "department"\ndepartment = "ZZZZ"\n', "shift[6].department"),
    ("roster.toml", SHIFT + 'level = "duty_officer"\norder = -1\n', "shift[6].order"),
    ("sources.toml", BOARD.replace('"li"', '":::["'), "sources[0].board.item"),
    ("sources.toml", BOARD + 'next_page = "a["\n', "sources[0].board.next_page"),
    ("sources.toml", MAILBOX + 'user = "a"\n', "sources[0].options.password_file"),
    ("sources.toml", MAILBOX + 'user = "a"\npassword_file = "p"\nusr = "b"\n', "sources[0].options.usr"),
    ("sources.toml", HOTLINE + 'columns = {txet = "内容"}\n', "sources[0].options.columns"),
    ("sources.toml", HOTLINE + 'user = "a"\n', "sources[0].options.user"),
]
CHANGED = [
    ("roster.toml", 'names = ["admin1"]', 'names = [""]', "administrators.names"),
    ("scorecard.toml", '"重大问题" = 12', '"重大问提" = 12', "sensitivity.lists.重大问提"),
    ("scorecard.toml", "push = 2", "psuh = 2", "origins.psuh"),
    ("scorecard.toml", "push = 2", "push = -2", "origins.push"),
    ("scorecard.toml", "points = 5", "points = -500", "spread[0].points"),
    ("scorecard.toml", "points = 12", "points = 1", "spread[1].points"),
    ("scorecard.toml", "at_least = 5", "at_least = -5", "spread[0].at_least"),
    ("scorecard.toml", "at_least = 20", "at_least = 5", "spread[1].at_least"),
    ("scorecard.toml", "limit = 30", "limit = nan", "sensitivity.limit"),
    ("watches.toml", 'words = ["两会"', 'words = [""', "两会.words"),
    ("watches.toml", 'words = ["两会"', 'words = [" "', "两会.words"),
    ("watches.toml", 'name = "两会"', 'name = ""', "watch[0].name"),
    ("watches.toml", 'name = "市两会"', 'name = "两会"', "watch[1].name"),
    ("grouping.toml", 'name = "火灾"', 'name = "供热"', "matters[1].name"),
    ("grouping.toml", "days = 60", "days = -60", "matters.欠薪.days"),
    ("grouping.toml", 'owners = ["公司"', 'owners = [""', "matters.欠薪.owners"),
    ("grouping.toml", 'scope = "city"', 'scope = "owner"', "matters.供热.owners"),
    ("grouping.toml", "toll_times = 4", "toll_times = 0", "outbreaks.toll_times"),
    ("grouping.toml", '"供热", "供暖"', '"供热", ""', "matters.供热.words"),
    ("grouping.toml", "ask = 0.25", "ask = 0.95", "likeness.ask"),
    ("grouping.toml", '"棋牌" = ["麻将馆"', '"棋牌" = ["麻将馆", "油烟"', "subjects.餐饮"),
    ("grouping.toml", '"棋牌" = ["麻将馆"', '"棋牌" = [" "', "subjects.棋牌"),
    ("grouping.toml", 'placeless = ["配套"', 'placeless = [""', "placeless"),
    ("roster.toml", 'level = "duty_leader"', 'level = "leader"', "shift[2].level"),
    ("scorecard.toml", "F1 = 2", "F9 = 2", "focus"),
    ("signals.toml", 'words = ["请求"', 'words = [" "', "lists.request"),
    ("watches.toml", 'first = "02-20"', 'first = "2月20日"', "两会.first"),
    ("gazetteer.toml", 'code = "230100"', 'code = "230102"', "home.code"),
    ("gazetteer.toml", 'province = "23"', 'province = "22"', "home.province"),
    ("gazetteer.toml", 'bodies = ["公安"', 'bodies = [""', "rules.bodies"),
    ("gazetteer.toml", 'things = ["平房"]', 'things = ["平方"]', "rules.things"),
    ("gazetteer.toml", '"230102" = ["道里"', '"230199" = ["道里"', "districts.230199"),
    ("departments.toml", 'name = "宣传部"', 'name = ""', "XCB.name"),
    ("departments.toml", 'bodies = ["市委宣传部"', 'bodies = [" "', "XCB.bodies"),
    ("departments.toml", 'propaganda = "XCB"', 'propaganda = "XXX"', "coordination.propaganda"),
    ("departments.toml", "sure_topic = 0.4", "sure_topic = 4", "weighing.sure_topic"),
    ("departments.toml", 'accusing = ["投诉",', 'accusing = ["",', "territory.accusing"),
    ("departments.toml", "fading = 0.7", "fading = 7", "weighing.fading"),
    ("departments.toml", "scene = 2.0", "scene = nan", "scene"),
    ("sources.toml", "article_tries = 5", "article_tries = 0", "collecting.article_tries"),
    ("sources.toml", "hot_hours = 6", "hot_hours = nan", "collecting.hot_hours"),
    ("sources.toml", "gaps = 8", "gaps = 0", "silence.gaps"),
    ("policy.toml", 'soon = "30m"', 'soon = "0m"', "desk.soon"),
    ("policy.toml", 'first_statement = "5h"', 'first_statement = "48h"', "statutory.first_statement"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in (*CONFIG_DIR.glob("*.toml"), CONFIG_DIR / "gazetteer.txt"):
        shutil.copy(path, tmp_path)
    return tmp_path


def test_who_writes_what_is_no_choice_is_told_the_choices(folder: Path) -> None:
    path = folder / "grouping.toml"
    text = path.read_text(encoding="utf-8").replace('scope = "city"', 'scope = "town"', 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadConfig, match="there are city, district, owner, spot"):
        edited(folder)[path](path)


def refused(path: Path, text: str, key: str) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadConfig, match=re.escape(str(path))) as refusal:
        edited(path.parent)[path](path)
    assert refusal.value.key == key
    assert refusal.value.reason


@pytest.mark.parametrize("name", LOADERS)
def test_what_ships_is_read(folder: Path, name: str) -> None:
    edited(folder)[folder / name](folder / name)


@pytest.mark.parametrize(("name", "more", "key"), ADDED, ids=[key for _, _, key in ADDED])
def test_an_addition_that_cannot_be_meant_is_refused(folder: Path, name: str, more: str, key: str) -> None:
    path = folder / name
    refused(path, path.read_text(encoding="utf-8") + more, key)


@pytest.mark.parametrize(("name", "old", "new", "key"), CHANGED, ids=[key for *_, key in CHANGED])
def test_a_change_that_cannot_be_meant_is_refused(folder: Path, name: str, old: str, new: str, key: str) -> None:
    path = folder / name
    text, found = re.subn(rf"(?<![\w_]){re.escape(old)}", new, path.read_text(encoding="utf-8"), count=1)
    assert found, old
    refused(path, text, key)


@pytest.mark.parametrize("content", [None, "", b"\xff"], ids=["missing", "empty", "no text"])
def test_a_key_that_cannot_be_read_is_refused_where_notices_are_sent(folder: Path, content: str | bytes | None) -> None:
    key = folder / "duty1.key"
    if content is not None:
        key.write_bytes(content if isinstance(content, bytes) else content.encode())
    path = folder / "roster.toml"
    path.write_text(path.read_text(encoding="utf-8") + PERSON + f'secret_file = "{key}"\n', encoding="utf-8")
    with pytest.raises(BadConfig, match=re.escape(str(key))) as refusal:
        check_secrets(path)
    assert refusal.value.key == "person[0].secret_file"
    key.write_text("secret\n", encoding="utf-8")
    check_secrets(path)

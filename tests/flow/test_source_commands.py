"""`huiying source …` as an administrator uses it: every kind is tried, listed, back-filled, switched off, taken out."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from config.reading import CONFIG_DIR
from config.sources import load_sources
from services import topics
from services.adapters.database import Database
from services.adapters.store.sources import Sources
from services.cli import app
from tests.collecting_kit import START, Asked, Web, answer, web
from tests.contracts.imap_server import ImapServer
from tests.flow.test_a_post_from_every_kind_of_source_is_collected_once import ARTICLE, letter, serve

Command = Callable[..., Coroutine[Any, Any, Result]]
CONFIGURED = """
[[sources]]
id = "drop"
name = "12345 热线"
kind = "hotline"
class = "hotline"
url = "{folder}/drop"
[sources.options.columns]
text = "问题+地址"

[[sources]]
id = "letters"
kind = "mailbox"
class = "mailbox"
url = "imap://127.0.0.1:{imap}/INBOX"
[sources.options]
user = "mayor"
password_file = "{folder}/password"

[[sources]]
id = "board"
kind = "board"
class = "board"
url = "{site}board/"
[sources.board]
item = "li"
time = "i"
next_page = "a.next"
max_pages = 3

[[sources]]
id = "old"
class = "government"
url = "{site}old.xml"
"""
OLD = (
    "<rss version='2.0'><channel><item><title>旧闻</title><link>/old/1.html</link>"
    "<pubDate>2026-01-05 08:05</pubDate><description>南岗区经纬街供暖不热</description></item></channel></rss>"
)
ROWS = "工单编号,标题,问题,地址,受理时间\nA1,停水,停水三天,经纬街1号,2026-11-20 08:05\nA2,,,,2026-11-20\n"


@pytest.fixture
async def site() -> AsyncIterator[Web]:
    async def town(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.path == "/old.xml":
            answer(writer, 200, OLD.encode())
        else:
            await serve(asked, writer)

    async with web(town) as serving:
        yield serving


@pytest.fixture
async def imap() -> AsyncIterator[ImapServer]:
    async with ImapServer(folders={"INBOX": [letter()]}).serving() as serving:
        yield serving


@pytest.fixture
def huiying(tmp_path: Path, site: Web, imap: ImapServer) -> Command:
    """The command on an installation with one source of each kind that needs configuring."""
    config = tmp_path / "config"
    config.mkdir()
    for path in CONFIG_DIR.iterdir():
        if path.name != "sources.toml":
            (config / path.name).symlink_to(path)
    usual = (CONFIG_DIR / "sources.toml").read_text(encoding="utf-8")
    more = CONFIGURED.format(folder=tmp_path, imap=imap.port, site=site.url())
    (config / "sources.toml").write_text(usual + more, encoding="utf-8")
    (tmp_path / "drop").mkdir()
    (tmp_path / "drop" / "1.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "password").write_text("secret", encoding="utf-8")
    settings = {"DATA_DIR": str(tmp_path / "data"), "CONFIG_DIR": str(config), "ALLOWED_NETWORKS": '["127.0.0.0/8"]'}
    environment = {f"HUIYING_{name}": value for name, value in settings.items()}

    async def run(*arguments: str, **other: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, ["source", *arguments], env=environment | other)

    return run


def published(tmp_path: Path, topic: str) -> int:
    with closing(sqlite3.connect(tmp_path / "data" / "huiying.sqlite")) as connection:
        query = "SELECT count(*) FROM log_messages WHERE topic = ?"
        return int(connection.execute(query, [topic]).fetchone()[0])


async def test_every_kind_is_tried_by_address_or_by_id_and_nothing_is_kept(
    huiying: Command, site: Web, tmp_path: Path
) -> None:
    board = ("--item", "li", "--time", "i", "--next-page", "a.next")
    tried = {
        "供热故障": (site.url("/feed.xml"), "--full-text"),
        "公交改线": (site.url("/feed.json"),),
        "路灯不亮": (site.url("/board/"), *board),
        "道路积水": ("board",),
        "停水": ("drop",),
        "停电投诉": ("letters",),
    }
    shown = {title: await huiying("test", *arguments) for title, arguments in tried.items()}
    for title, done in shown.items():
        assert (done.exit_code, title in done.stdout) == (0, True), done.output
    assert ARTICLE[:20] in shown["供热故障"].stdout
    assert "已补全文" in shown["供热故障"].stdout
    assert "编码 gb18030" in shown["路灯不亮"].stdout
    assert "可加 --full-text" in shown["路灯不亮"].stdout
    assert "停水三天 地址：经纬街1号" in shown["停水"].stdout
    assert "注意：1.csv 第 3 行，text：缺少正文" in shown["停水"].stdout
    assert "2026-11-22 07:55  停电投诉" in shown["停电投诉"].stdout
    assert published(tmp_path, topics.POSTS_COLLECTED) == 0


async def test_a_trial_as_json_gives_the_posts_as_they_would_be_stored(huiying: Command, site: Web) -> None:
    done = await huiying("test", site.url("/feed.json"), "--json")
    (post,) = json.loads(done.stdout)["posts"]
    assert (post["text"], post["url"], post["origin"]) == ("十二路改线后老人看病不便", site.url("/j/7"), "feed")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://169.254.169.254/latest/meta-data", "拒绝："),
        ("SITE/missing", "拒绝：地址不存在（404）"),
        ("SITE/news/1.html?from=rss", "拒绝："),
        ("SITE/board/", '可按列表页采集（kind = "board"，试读时加 --item）'),
    ],
)
async def test_what_is_refused_says_why_and_ends_with_1(huiying: Command, site: Web, address: str, reason: str) -> None:
    done = await huiying("test", address.replace("SITE", site.url("").rstrip("/")))
    assert (done.exit_code, reason in done.stdout) == (1, True), done.output


async def test_what_is_no_source_at_all_ends_with_2(huiying: Command) -> None:
    done = await huiying("test", "nonsense")
    assert (done.exit_code, "“nonsense”既不是信息源编号" in done.stderr) == (2, True)
    done = await huiying("test", __file__)
    assert (done.exit_code, "请用 huiying import hotline 导入" in done.stderr) == (2, True)


async def test_the_past_comes_in_once_on_the_topic_that_starts_no_clock(huiying: Command, tmp_path: Path) -> None:
    first, again = [await huiying("backfill", "old", "--since", "2026-01-01") for _ in range(2)]
    assert first.stdout.startswith("补采 1 条，2026-01-05 08:05 至 2026-01-05 08:05；"), first.output
    assert again.stdout.startswith("补采 0 条；")
    assert published(tmp_path, topics.POSTS_BACKFILLED) == 1
    assert published(tmp_path, topics.POSTS_COLLECTED) == 0
    assert (await huiying("backfill", "unknown", "--since", "2026-11-01")).exit_code == 2


def configured(tmp_path: Path) -> list[Any]:
    """What the database holds of the sources of the file."""
    with closing(sqlite3.connect(tmp_path / "data" / "huiying.sqlite")) as connection:
        return list(connection.execute("SELECT * FROM source WHERE managed = 'file' ORDER BY source_id"))


async def test_a_command_beside_the_wrong_file_switches_no_source_off(
    huiying: Command, site: Web, tmp_path: Path
) -> None:
    opml = tmp_path / "feeds.opml"
    opml.write_text(f"<opml><body><outline text='本市新闻' xmlUrl='{site.url('/feed.xml')}'/></body></opml>")
    await huiying("list")
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/data/huiying.sqlite")
    await Sources(database, "collector").sync(load_sources(tmp_path / "config" / "sources.toml").sources, START)
    await database.close()
    before = configured(tmp_path)
    assert len(before) == 4
    imported = ("import", str(opml)), ("remove", "--opml", str(opml))
    past = ("backfill", "old", "--since", "2026-01-01")
    for command in (("list",), ("export",), past, ("test", "drop"), ("enable", "old"), ("disable", "old"), *imported):
        await huiying(*command, HUIYING_CONFIG_DIR=str(CONFIG_DIR))
        assert configured(tmp_path) == before, command


async def test_sources_of_the_file_are_known_before_a_collector_took_them_over(huiying: Command, site: Web) -> None:
    listed = [json.loads(line) for line in (await huiying("list", "--json")).stdout.splitlines()]
    assert [(line["id"], line["condition"]) for line in listed] == [
        (name, "未采集") for name in ("board", "drop", "letters", "old")
    ]
    assert site.url("/old.xml") in (await huiying("export")).stdout
    for act in ("enable", "disable", "remove"):
        refused = await huiying(act, "old")
        assert (refused.exit_code, "由 config/sources.toml 管理" in refused.stderr) == (2, True)


async def test_an_import_is_listed_switched_off_and_undone(huiying: Command, site: Web, tmp_path: Path) -> None:
    opml = tmp_path / "feeds.opml"
    opml.write_text(f"<opml><body><outline text='本市新闻' xmlUrl='{site.url('/feed.xml')}'/></body></opml>")
    added = await huiying("import", str(opml))
    assert added.stdout.splitlines()[-1] == "新增 1，更新 0，拒绝 0"
    imported = added.stdout.split()[1]
    heading, *lines = (await huiying("list")).stdout.splitlines()
    assert heading.split() == ["状况", "编号", "名称", "上次成功", "连续失败", "日均条数", "下次采集", "最近的错误"]
    assert [line.split()[0] for line in lines] == ["未采集"] * 5
    assert (await huiying("disable", imported)).exit_code == 0
    listed = [json.loads(line) for line in (await huiying("list", "--json")).stdout.splitlines()]
    assert {line["id"]: line["condition"] for line in listed}[imported] == "停用"
    assert (await huiying("enable", imported)).exit_code == 0
    refused = await huiying("remove", "drop")
    assert (refused.exit_code, "由 config/sources.toml 管理" in refused.stderr) == (2, True)
    assert (await huiying("remove", "--opml", str(opml))).stdout == "移除 1\n"
    assert imported not in (await huiying("list")).stdout

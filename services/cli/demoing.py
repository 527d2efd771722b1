"""`huiying demo`: a fictional city day at an hour a minute, on a scratch folder, with an account for every role."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.cli import roles
from services.demo import office
from services.demo.day import Day, load_day
from services.demo.server import feed_server
from services.wiring import FastClock, open_house, set_up_logs, stop_on_signals

SCREEN = Console(highlight=False)
TOUR = """
[bold]五分钟看一遍[/]（时钟快六十倍：10 分钟的确认时限只有 10 秒）
  1. 用 duty1 登录，点右上角“试音”，留在值班台。事件自己出现，时限自己走，没人理会就一级一级往上提醒。
  2. 约 1 分钟后道外区一处市场起火；打开它：台账里有等级建议及依据（伤亡数字从“3人”到“11人”，等级从较大到重大）。
  3. 在事件页依次“确认”“确认等级”“交办”给消防救援支队（XFJY）。
  4. 另开一个无痕窗口，用 xfjy 登录，“签收”，再“发布”一条权威信息：首发时限由此完成；5 小时内没发布即记逾期。
  5. 看“供热”：三个区的投诉是一件事；疑似不实的停水传言有提示；广告、体育和外地新闻不在这里。
"""


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    port: Annotated[int, typer.Option(help="port on 127.0.0.1; 0 takes a free one")] = 8600,
    keep: Annotated[bool, typer.Option("--keep", help="keep the scratch folder at the end")] = False,
) -> None:
    """Watch a fictional city day at one hour a minute. Ctrl-C stops it and removes everything."""
    with _scratch(keep) as folder:
        asyncio.run(_demo(folder, port))
    SCREEN.print("演示已结束。" + (f"数据留在 {folder}" if keep else "临时数据已删除。"))


@contextmanager
def _scratch(keep: bool) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="huiying-demo-"))
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder)


async def _demo(folder: Path, port: int) -> None:
    day = load_day()
    settings = office.settings(folder, port)
    set_up_logs(settings)
    stop = stop_on_signals()
    SCREEN.print("回应 huiying · 演示 · 正在准备 …")
    async with open_house(settings) as house:
        await office.add_accounts(house)
    clock = FastClock(day.begins, office.SPEED)  # the day begins when all is ready, not while it is prepared
    async with feed_server(day, clock) as addresses, open_house(settings, clock) as house:
        office.write_sources(settings.config_dir, day, addresses)
        await roles.run_all(house, stop, lambda address: _welcome(address, day))


def _welcome(address: str, day: Day) -> None:
    SCREEN.print(f"\n[bold green]已就绪[/]  {address}   （只有本机能打开；Ctrl-C 结束）")
    told = f"{len(day.posts)} 条虚构信息，{len(day.sources)} 个信息源"
    SCREEN.print(f"演示：1 分钟 = 1 小时，从 {day.begins:%Y-%m-%d %H:%M} 开始，{told}\n")
    SCREEN.print(_accounts())
    SCREEN.print(TOUR, soft_wrap=True)


def _accounts() -> Table:
    table = Table(
        "帐号", "角色", "部门", title=f"演示帐号，密码都是 {office.PASSWORD}", title_justify="left", min_width=50
    )
    for one in office.ACCOUNTS:
        table.add_row(one.name, one.role.label, one.department)
    return table

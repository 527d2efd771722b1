"""What `huiying source` prints of a source: a trial in full, the list as a table."""

from __future__ import annotations

from collections.abc import Sequence

from services.adapters.source_office import SourceLine
from services.cli import output
from services.domain.remarks import remark, remarks
from services.domain.source import SourceKind, without_password
from services.usecases.collecting import Examined

WIDTH = 200
SHOWN = 100
HEADINGS = ("状况", "编号", "名称", "上次成功", "连续失败", "日均条数", "下次采集", "最近的错误")


def trial(examined: Examined) -> None:
    """What a look would store, or why it was refused."""
    if examined.failure:
        output.text(f"拒绝：{examined.failure}")
        return
    read = f"  {examined.bytes_read} 字节" if examined.bytes_read else ""
    coding = f"  编码 {examined.encoding}" if examined.encoding else ""
    output.text(f"{examined.source.kind.value}  {without_password(examined.url)}{read}{coding}")
    for flag in examined.flags:
        output.text(f"注意：{remark(flag)}")
    for post, printed in zip(examined.posts, examined.printed_times, strict=True):
        untimed = f"无时间（原文“{printed}”）" if printed else "无时间"
        at = output.local(post.published_at) if post.published_at else untimed
        output.text(f"\n{at}  {post.title}")
        output.text(f"  编号 {post.id}  网址 {post.url or '-'}  作者 {post.author or '-'}  供稿 {post.vendor or '-'}")
        text = " ".join(post.text.split())
        output.text(f"  正文 {len(post.text)} 字：{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}")
        if post.flags:
            output.text(f"  注意：{remarks(post.flags)}")
    if examined.source.kind is SourceKind.BOARD and not all(post.text for post in examined.posts):
        output.text("\n注意：有的条目没有正文，可加 --full-text（配置中 full_text = true）打开每条的页面")
    after = f"；此后约 {output.local(examined.next_check_at)} 再采集" if examined.next_check_at else ""
    output.text(f"\n将入库 {len(examined.posts)} 条{after}")


def table(lines: Sequence[SourceLine]) -> None:
    """Every source in a row of its own."""
    from rich.console import Console  # takes a moment, and only this draws a table
    from rich.table import Table

    drawn = Table(*HEADINGS, box=None, pad_edge=False)
    for one in lines:
        drawn.add_row(*_cells(one))
    console = Console(width=WIDTH, color_system=None, markup=False)
    with console.capture() as captured:
        console.print(drawn)
    for row in captured.get().splitlines():
        output.text(row.rstrip())


def _cells(one: SourceLine) -> Sequence[str]:
    last = output.local(one.last_success_at) if one.last_success_at else "从未"
    after = output.local(one.next_check_at) if one.condition != "停用" else "-"
    return (
        *(one.condition, one.id, one.name, last, str(one.failures_in_row)),
        *(f"{one.items_a_day:.1f}", after, one.last_error or "-"),
    )

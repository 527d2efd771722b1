"""Which column of a 12345 export is what, and a row as a post or as a reason why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO

from services.adapters.hotline.sheets import Row, read_rows
from services.domain.identity import content_hash
from services.domain.intake import Channel, Refusal, take_in
from services.domain.post import Post
from services.domain.zone import SHANGHAI
from services.usecases.collecting.contract import NotAFeed, RefusedRow

# What exports call their columns when nothing else is configured; the first that is there is taken.
USUAL: Mapping[str, tuple[str, ...]] = {
    "id": ("工单编号", "工单号", "受理编号", "诉求编号", "案件编号", "编号", "id", "ID"),
    "title": ("标题", "诉求标题", "工单标题", "主题", "title"),
    "text": ("诉求内容", "工单内容", "受理内容", "问题描述", "反映内容", "内容", "正文", "text"),
    "published_at": ("受理时间", "来电时间", "登记时间", "诉求时间", "创建时间", "时间", "published_at"),
    "author": ("诉求人", "author"),
    "url": ("链接", "网址", "url"),
    "source": ("诉求来源", "来源渠道", "渠道", "来源", "source"),
}
EXACT_INTEGERS = 2**53


@dataclass(frozen=True, slots=True)
class Columns:
    """Post field → column names, in order of preference. For `text`, `诉求内容+事发地址` joins several columns."""

    names: Mapping[str, tuple[str, ...]]

    @classmethod
    def configured(cls, options: Iterable[tuple[str, str]] = ()) -> Columns:
        """The usual names, replaced where `columns.FIELD` is configured.

        Raises:
            NotAFeed: a field that posts do not have.
        """
        names = dict(USUAL)
        for key, column in options:
            field = key.removeprefix("columns.")
            if field == key:
                continue
            if field not in USUAL:
                raise NotAFeed(f"列映射中的字段“{field}”不存在，可用：{'、'.join(USUAL)}")
            names[field] = (column,)
        return cls(names)

    def are_named_in(self, header: Iterable[str]) -> bool:
        """True for the row that names the columns: the text is there, and one more field."""
        present = set(header)
        found = {field for field, names in self.names.items() if any(_parts(name) <= present for name in names)}
        return "text" in found and len(found) > 1

    def record(self, cells: Mapping[str, object]) -> dict[str, object]:
        """The row under the names of a post's fields; empty cells are left out."""
        made = {field: self._value(field, cells) for field in self.names}
        record = {field: value for field, value in made.items() if value not in (None, "")}
        if "id" not in record and not any(name in cells for name in self.names["id"]):
            # Without a number of its own a petition is known by its words, so that a second import adds nothing.
            record["id"] = f"words:{content_hash(str(record.get('title', '')), str(record.get('text', '')))}"
        return record

    def _value(self, field: str, cells: Mapping[str, object]) -> object:
        column = next((name for name in self.names[field] if _parts(name) & cells.keys()), "")
        if not column:
            return None
        first, *others = column.split("+")
        value = _plain(cells.get(first), field)
        more = [f"{name}：{cells[name]}" for name in others if cells.get(name) not in (None, "")]
        return "\n".join([str(value or ""), *more]) if more else value


def _parts(name: str) -> set[str]:
    return set(name.split("+"))


def _plain(value: object, field: str) -> object:
    """A cell as text. Excel knows numbers and dates; both are meant as they are shown."""
    if isinstance(value, str):
        # ="0012" keeps Excel from taking a number in a CSV file for one.
        return value[2:-1] if value.startswith('="') and value.endswith('"') else value
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=SHANGHAI)).isoformat()
    if isinstance(value, date):
        return datetime.combine(value, time(), SHANGHAI).isoformat()
    if isinstance(value, int | float):
        if field == "id" and abs(value) > EXACT_INTEGERS:
            return [value]  # refused below: the last digits are already lost
        return str(int(value)) if float(value).is_integer() else str(value)
    return value


def read_export(name: str, content: BytesIO, columns: Columns, channel: Channel) -> Iterator[Post | RefusedRow]:
    """Every row of the file called `name` as a post or as a refusal, in order.

    Raises:
        NotAFeed: the file as a whole cannot be read.
    """
    seen: set[str] = set()
    for row in read_rows(name, content, columns.are_named_in):
        file = f"{name} {row.sheet}" if row.sheet else name
        result = _taken(row, columns, channel, file)
        if isinstance(result, Post):
            if result.id in seen:
                result = RefusedRow(file, row.number, "id", f"编号“{result.id}”在本文件中重复")
            else:
                seen.add(result.id)
        yield result


def _taken(row: Row, columns: Columns, channel: Channel, file: str) -> Post | RefusedRow:
    if row.bad:
        return RefusedRow(file, row.number, "", row.bad)
    record = columns.record(row.cells)
    if isinstance(record.get("id"), list):
        return RefusedRow(file, row.number, "id", "编号被存成了数字，末尾位数已丢失，请按文本格式导出")
    result = take_in(record, channel)
    if isinstance(result, Refusal):
        return RefusedRow(file, row.number, result.field, result.reason)
    return result

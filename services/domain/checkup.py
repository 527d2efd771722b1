"""体检: what the state of the house means, as a light with advice. Facts come in, judgement goes out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.domain.roster import Roster, gaps
from services.domain.vocabulary import Level, Term
from services.domain.zone import SHANGHAI

WEEK_HOURS = 7 * 24
SHOWN = 8
RELAY_SLOW, RELAY_STANDS = timedelta(seconds=10), timedelta(minutes=1)
SWEEP_STANDS = timedelta(minutes=1)
CLOCK_LIMIT = timedelta(seconds=2)
"""GB/T 22239-2019 8.1.5: the clocks of the system agree."""
GIB = 1 << 30
DISK_TIGHT, DISK_FULL = 5 * GIB, 1 * GIB
OLDEST_PYTHON, OLDEST_SQLITE = (3, 11), (3, 35)
PRIVATE = 0o077


class Light(Term):
    """How bad it is. Only red makes `huiying doctor` end with exit code 1."""

    GREEN = "green", "正常"
    YELLOW = "yellow", "注意"
    RED = "red", "故障"


@dataclass(frozen=True, slots=True)
class Check:
    """One light: what was looked at, what was found, and what to do about it."""

    name: str
    light: Light
    found: str
    advice: str = ""


def _light(bad: bool, doubtful: bool = False) -> Light:
    return Light.RED if bad else Light.YELLOW if doubtful else Light.GREEN


def roster_covered(roster: Roster, now: datetime) -> Check:
    """值班表: every hour of the next seven days has somebody on every rung; without a duty officer nobody is called."""
    first = now.astimezone(SHANGHAI).replace(minute=0, second=0, microsecond=0)
    hours = [first + timedelta(hours=n) for n in range(WEEK_HOURS)]
    empty = gaps(roster, [level for level in Level if level is not Level.DEPARTMENT], hours)
    if not empty:
        return Check("值班表", Light.GREEN, "今后 7 天每一级每小时都有人")
    levels = dict.fromkeys(level for level, _ in empty)
    told = "；".join(_gap(level, [at for gap, at in empty if gap is level]) for level in levels)
    light = _light(Level.DUTY_OFFICER in levels, doubtful=True)
    return Check("值班表", light, told, "在 config/roster.toml 补上值班人员；没有人的级别会被跳过")


def _gap(level: Level, hours: Sequence[datetime]) -> str:
    return f"{level.label}有 {len(hours)} 小时无人（最早 {hours[0].astimezone(SHANGHAI):%m-%d %H:00}）"


def people_known(persons: Sequence[str], reachable: Collection[str]) -> Check:
    """Whoever stands on the roster can be reached: at the console, or at an address. Others are skipped when called."""
    missing = sorted(set(persons) - set(reachable))
    if not missing:
        return Check("值班帐号", Light.GREEN, "值班表上的人都有帐号或联系方式")
    nobody = len(missing) == len(set(persons))
    found = "值班表上没有一人能收到提醒：" if nobody else "没有可用的帐号，也没有联系方式，提醒时会被跳过："
    advice = "huiying user add 名字 --role 角色，或修改 config/roster.toml"
    return Check("值班帐号", _light(nobody, doubtful=True), found + "、".join(missing), advice)


def mail_goes(unsent: Sequence[str]) -> Check:
    """A mail address on the roster is a promise that nobody keeps while no mail server is set."""
    if not unsent:
        return Check("邮件通知", Light.GREEN, "值班表中的邮箱都可以使用，或没有写邮箱")
    found = f"没有配置邮件服务器，以下人员的邮箱不会收到通知：{'、'.join(unsent)}"
    return Check("邮件通知", Light.YELLOW, found, "设置 HUIYING_SMTP_HOST，或从 config/roster.toml 删去邮箱")


def departments_known(departments: Mapping[str, str], reachable: Collection[str]) -> Check:
    """Every department, by code and name, has somebody to accept what is assigned to it."""
    missing = [name for code, name in departments.items() if code not in reachable]
    if not missing:
        return Check("部门联络员", Light.GREEN, "每个部门都有帐号或联系方式")
    shown = "、".join(missing[:SHOWN]) + (f"等 {len(missing)} 个部门" if len(missing) > SHOWN else "")
    advice = "huiying user add 名字 --role department --department 代码；没有联络员的部门，交办后立即转告值班员"
    return Check("部门联络员", Light.YELLOW, f"没有联络员：{shown}", advice)


def relay_keeps_up(oldest_waiting: datetime | None, now: datetime) -> Check:
    """台账 entries reach the log within seconds; one that waits a minute means that nobody relays."""
    if oldest_waiting is None:
        return Check("台账转发", Light.GREEN, "全部已转发")
    age = now - oldest_waiting
    found = f"最早一条已等待 {_duration(age)}"
    light = _light(age > RELAY_STANDS, age > RELAY_SLOW)
    return Check(
        "台账转发", light, found, "检查 huiying up 或 huiying run relay 是否在运行" if light != "green" else ""
    )


def sweep_keeps_up(oldest_due: datetime | None, now: datetime) -> Check:
    """Every due moment is looked at within seconds; more than a minute late means that no clock runs."""
    late = timedelta() if oldest_due is None else now - oldest_due
    if late <= SWEEP_STANDS:
        return Check("时限检查", Light.GREEN, "没有被漏看的时限")
    found = f"最早一个时点已过去 {_duration(late)} 仍未处理"
    return Check("时限检查", Light.RED, found, "检查 huiying up 或 huiying run supervise 是否在运行")


def nothing_stuck(troubles: Sequence[tuple[str, str]]) -> Check:
    """An incident the sweep cannot settle steps aside; somebody has to look at it."""
    if not troubles:
        return Check("事件处理", Light.GREEN, "没有处理出错的事件")
    incident, reason = troubles[0]
    found = f"{len(troubles)} 件处理出错，例如 {incident}：{reason[:120]}"
    return Check("事件处理", Light.RED, found, "请把该事件编号和原因交给开发人员")


def no_dead_letters(waiting: int) -> Check:
    """A message nobody could read is a post or a change nobody has seen."""
    if not waiting:
        return Check("死信", Light.GREEN, "没有")
    return Check("死信", Light.RED, f"{waiting} 条等待处理", "huiying deadletters list 查看原因，修复后 replay")


def notices_arrive(given_up: int, urgent: int) -> Check:
    """Notices that could not be delivered in the last day; an urgent one is a person who was not told."""
    if not given_up:
        return Check("通知送达", Light.GREEN, "近 24 小时没有放弃的通知")
    found = f"近 24 小时有 {given_up} 条未能送达，其中紧急 {urgent} 条"
    return Check(
        "通知送达", _light(bool(urgent), True), found, "核对 config/roster.toml 中的邮箱和机器人地址，电话补告"
    )


def sources_speak(conditions: Mapping[str, int]) -> Check:
    """Sources that fail or are silent; none at all that works means that the city is not being watched."""
    total, bad = sum(conditions.values()), [c for c in ("隔离", "出错", "静默") if conditions.get(c)]
    if not total:
        return Check("信息源", Light.YELLOW, "还没有启用的信息源", "编辑 config/sources.toml 或 huiying source import")
    told = "，".join(f"{c} {conditions[c]}" for c in bad)
    if not bad:
        return Check("信息源", Light.GREEN, f"{total} 个，没有出错或静默的")
    working = conditions.get("正常", 0) + conditions.get("未采集", 0)
    return Check("信息源", _light(not working, True), f"{total} 个，其中{told}", "huiying source list 查看原因")


def room_left(free: int, total: int) -> Check:
    """Bytes left where the data are: less than 1 GiB stops the work soon."""
    found = f"剩余 {free / GIB:.1f} GiB，共 {total / GIB:.1f} GiB"
    light = _light(free < DISK_FULL, free < DISK_TIGHT)
    return Check("磁盘空间", light, found, "清理或扩容；备份放到别的磁盘" if light != "green" else "")


def clocks_agree(offset: timedelta) -> Check:
    """This machine's clock and the database's: a duty is judged by the one and kept by the other."""
    found = f"与数据库相差 {abs(offset).total_seconds():.1f} 秒"
    light = _light(abs(offset) > CLOCK_LIMIT)
    return Check("时钟", light, found, "启用时间同步（chrony 或 systemd-timesyncd）" if light != "green" else "")


def secrets_are_private(modes: Mapping[str, int]) -> Check:
    """Passwords and signing keys lie in files of their own: nobody else may read them. `modes` are those by path."""
    shown = [path for path, mode in modes.items() if mode & PRIVATE]
    if shown:
        return Check("密钥文件", Light.RED, f"别人也能读：{'、'.join(shown)}", f"chmod 600 {' '.join(shown)}")
    return Check("密钥文件", Light.GREEN, f"{len(modes)} 个，只有本帐号能读" if modes else "没有用到")


def versions_fit(python: tuple[int, ...], sqlite: tuple[int, ...]) -> Check:
    """What the program is made for."""
    told = [".".join(map(str, version)) for version in (python, sqlite)]
    light = _light(python < OLDEST_PYTHON or sqlite < OLDEST_SQLITE)
    advice = "需要 Python 3.11 和 SQLite 3.35 或更新版本" if light != "green" else ""
    return Check("运行环境", light, f"Python {told[0]}，SQLite {told[1]}", advice)


def _duration(time: timedelta) -> str:
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "天"), (hours, "小时"), (minutes, "分"), (seconds, "秒"))
    return "".join(f" {n} {name}" for n, name in parts if n).strip() or "不到 1 秒"

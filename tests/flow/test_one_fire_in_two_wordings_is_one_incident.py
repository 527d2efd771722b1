"""归并 through the whole system: the only fire of a district is one incident, and a new one is never lost in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from config.reading import CONFIG_DIR
from services.cli.drill.runner import run
from services.cli.drill.scenario import load_scenario

Line = dict[str, Any]
FIRST = {
    "id": "p1",
    "source": "本地晚报",
    "title": "道外区一居民楼起火",
    "text": "今天下午，哈尔滨市道外区一居民楼发生火灾，消防人员已到场扑救，暂无人员伤亡。",
}
SECOND = {
    "id": "p2",
    "source": "本地论坛",
    "title": "道外突发大火",
    "text": "道外区浓烟滚滚，火光冲天，现场拉起警戒线，消防车来了七八辆，火灾原因不明。",
}


async def drilled(folder: Path, *steps: dict[str, Any]) -> list[Line]:
    file = folder / "scenario.yaml"
    whole = {"name": "fire", "start": "2026-11-02T15:00:00+08:00", "steps": list(steps), "until": "30m"}
    file.write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    return [line async for line in run(load_scenario(file), CONFIG_DIR)]


def of(lines: list[Line], kind: str) -> list[Line]:
    return [line for line in lines if line.get("kind") == kind]


async def test_the_second_wording_joins_and_the_ledger_says_why(tmp_path: Path) -> None:
    lines = await drilled(tmp_path, {"at": "0m", "post": FIRST}, {"at": "20m", "post": SECOND})
    assert len(of(lines, "incident_reported")) == 1
    [attached] = of(lines, "post_attached")
    assert attached["data"]["because"] == "同一区县2小时内的唯一一起火灾，内容无矛盾"


async def test_a_fire_after_a_dismissed_report_is_an_incident_of_its_own(tmp_path: Path) -> None:
    dismiss = {"at": "5m", "act": "dismiss", "by": "duty_officer", "on": "p1", "with": {"reason": "经核实为烟囱冒烟"}}
    lines = await drilled(tmp_path, {"at": "0m", "post": FIRST}, dismiss, {"at": "20m", "post": SECOND})
    assert of(lines, "incident_dismissed"), lines
    assert len(of(lines, "incident_reported")) == 2

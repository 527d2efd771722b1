"""An announced suicide: the police answer it, first or beside the body of the grievance, and it is flagged 苗头性."""

from __future__ import annotations

import pytest

from services.adapters.assessor import MachineAssessor
from tests.contracts.test_plain_emergencies_reach_who_answers import assessed

ANNOUNCED = (
    ("我在道里区霁虹桥上，不想活了，欠薪三年没人管", "RSJ"),
    ("我准备从楼上跳下去，哈尔滨市平房区欠我工钱三年。", "RSJ"),
    ("再不给工资我就死给你们看，南岗区哈西工地", "RSJ"),
    ("道外区某小区业主群里有人说要自焚，因为房子烂尾五年", "ZJJ"),
    ("香坊区有个女的坐在楼顶栏杆外面要跳楼，下面好多人", ""),
    ("松花江公路大桥上有人要跳江，快来人啊", ""),
)


@pytest.mark.parametrize(("text", "beside"), ANNOUNCED)
def test_the_police_are_among_those_who_answer(assessor: MachineAssessor, text: str, beside: str) -> None:
    found = assessed(assessor, text)
    answering = (found.lead_department, *found.supporting)
    assert found.emerging
    assert "GAJ" in answering
    assert not beside or beside in answering

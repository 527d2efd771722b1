"""Who asks for something thanks beforehand: 感谢, 支持 and 满意 praise nobody where something is asked for."""

from __future__ import annotations

import pytest

from services.adapters.assessor import MachineAssessor
from services.domain.vocabulary import Sentiment
from tests.contracts.test_plain_emergencies_reach_who_answers import assessed

PRAISE = (
    "感谢道里区供热办，昨天反映家里暖气不热，当天晚上师傅就上门修好了，给他们点赞！",
    "表扬信：我要表扬南岗区环卫工人，每天早晨四点就扫雪，希望能给他们发点奖励。",
    "兴隆街真的畅通无阻啦，感谢书记为老百姓解决了实际问题，真是老百姓的好书记。",
    "松北区政务大厅办营业执照半小时就拿到了，窗口小姑娘态度特别好，真高效，点赞。",
    "我投诉的噪音扰民问题解决了，谢谢12345，谢谢香坊区城管局，为你们点赞！",
    "给道外区交警送锦旗，感谢他们帮我找回走失的老人。",
    "哈尔滨冰雪大世界太美丽了，工作人员热情周到，非常满意，下次还来！",
)
COURTESY = (
    "希望道里区供热公司尽快解决暖气的事，万分感谢！",
    "望南岗区领导能给个满意的答复，支持政府工作。",
    "香坊区政府为百姓造福修了路，请问路灯什么时候装？感谢！",
    "道外区修路修得越来越宽，这应该点赞。但是路口没有红绿灯，希望装一个。",
    "支持松北区改善环境、造福百姓的政策，建议再开一条公交线路。",
    "幼儿园为提高效益多招了孩子，反映给平房区教育局。",
)


@pytest.mark.parametrize("text", PRAISE)
def test_hearty_words_praise(assessor: MachineAssessor, text: str) -> None:
    assert assessed(assessor, text).sentiment is Sentiment.POSITIVE


@pytest.mark.parametrize("text", COURTESY)
def test_courtesy_beside_a_request_is_no_praise(assessor: MachineAssessor, text: str) -> None:
    assert assessed(assessor, text).sentiment is not Sentiment.POSITIVE


FELT = (
    ("气死我了，道里区物业真不是东西", Sentiment.NEGATIVE),
    ("真行，修个路修三年，香坊人民感谢你们啊", Sentiment.NEGATIVE),
    ("哈医大一院排号排到下午三点，见着医生俩分钟就打发了", Sentiment.NEGATIVE),
    ("公交上老人让座没让，扇了小姑娘两耳光，哈尔滨全车人没一个吱声", Sentiment.NEGATIVE),
    ("南岗区学府路路灯坏了一个月没人修", Sentiment.NEGATIVE),
    ("坐83路，司机等拄拐大爷坐稳了才起步，心里暖乎乎的，哈尔滨好样的", Sentiment.POSITIVE),
    ("松北区政务服务中心周六上班吗", Sentiment.NEUTRAL),
)


@pytest.mark.parametrize(("text", "feeling"), FELT)
def test_plain_words_of_displeasure_are_displeasure(assessor: MachineAssessor, text: str, feeling: Sentiment) -> None:
    assert assessed(assessor, text).sentiment is feeling

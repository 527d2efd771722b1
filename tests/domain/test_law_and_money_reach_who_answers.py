"""谁主管谁负责: 司法 and 金融 have departments of their own, word by word; what stands beside them keeps its own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from config.departments import load_departments
from config.reading import CONFIG_DIR
from services.domain.post import Post
from services.wiring.machine import make_assessor

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)

WORDS = """
SFJ 律师 律师收了代理费不出庭|签了委托合同以后这名律师再也联系不上，请司法局查处。
SFJ 律师执业 律师执业证怎么变更|申请律师执业变更交了三个月没有消息。
SFJ 公职律师 公职律师怎么申请|请问公职律师的材料交到哪里。
SFJ 律师事务所 律师事务所乱收费|合同以外又要八千元，不开收据。
SFJ 律所 律所不退代理费|律所接了案子不办，钱也不退。
SFJ 公证 公证要等一个月|孩子要出国，办个公证排不上号。
SFJ 公证员 公证员态度生硬|材料被退了三次，公证员不说缺什么。
SFJ 法律援助 申请法律援助被拒|低收入老人打官司请不起人，申请法律援助没有结果。
SFJ 司法鉴定 司法鉴定拖了半年|司法鉴定意见迟迟不出，请问谁来管。
SFJ 人民调解 邻里纠纷想申请人民调解|村里没有人民调解员，请问找谁。
SFJ 社区矫正 社区矫正人员外出请假难|母亲病重，社区矫正请假一直不批。
SFJ 行政复议 行政复议申请没有回音|寄出行政复议申请三个月没有收到受理通知。
SFJ 法律咨询 哪里有免费法律咨询|请问哪里有免费的法律咨询窗口。
SFJ 法考 法考成绩证书什么时候领|今年法考的证书什么时候发。
SFJ 法律职业资格 法律职业资格证书领取|请问法律职业资格证书在哪里领取。
SFJ 普法 普法宣传走过场|普法讲座只拍照不讲课。
JRJ 非法集资 养生公司非法集资|以高息为诱饵向老人非法集资，本金拿不回来。
JRJ 集资款 集资款三年没有还|当年交的集资款一分没退。
JRJ 小额贷款公司 小额贷款公司收取高额服务费|小额贷款公司放款先扣三成。
JRJ 小贷公司 小贷公司上门骚扰|小贷公司天天打电话骚扰家人。
JRJ 网贷 网贷平台无法兑付|出借的本金半年没有兑付。
JRJ P2P P2P平台清盘不兑付|P2P平台宣布清盘后没有下文。
JRJ p2p p2p平台借款人逃债|p2p平台清退方案没有公布。
JRJ 典当 典当物品被私自处理|还没有到期，典当的首饰就被处理了。
JRJ 典当行 典当行利息过高|典当行收的综合费用远高于约定。
JRJ 融资担保 融资担保公司不退保证金|贷款还清了，融资担保的保证金不退。
JRJ 担保公司 担保公司不解押|贷款还清半年，担保公司不解押。
JRJ 融资租赁 融资租赁变卖车辆|融资租赁合同没有到期，车就被拖走。
JRJ 商业保理 商业保理公司拖延放款|商业保理合同签了不放款。
JRJ 理财公司 理财公司人去楼空|理财公司关门，本金拿不回来。
JGFJ 存款 存款到期取不出来|三年定期存款到期，柜台说系统有问题。
JGFJ 取不出钱 村镇银行取不出钱|排队三天还是取不出钱。
JGFJ 银行 银行柜台排队两小时|这家银行只开一个窗口，老人站不住。
JGFJ 信用卡 信用卡被乱收年费|办卡时说免年费，信用卡账单却扣了钱。
JGFJ 房贷 房贷利率不给调整|同一家支行，房贷利率一直不肯调整。
JGFJ 银行贷款 银行贷款搭售保险|申请银行贷款必须先买一份保险。
JGFJ 银行理财 银行理财亏损|柜员说保本的银行理财亏了三成。
JGFJ 理财产品 理财产品到期不兑付|支行推荐的理财产品到期不兑付。
JGFJ 保险公司 保险公司拖延赔款|材料齐了三个月，保险公司还不赔款。
JGFJ 保险理赔 保险理赔拖了半年|保险理赔一直没有结果。
JGFJ 拒赔 重疾险被拒赔|以没有如实告知为由拒赔。
JGFJ 车险 车险必须搭售|买车险必须再买一份驾乘险。
JGFJ 退保 退保被扣八成|被忽悠买了两全险，退保只退两成。
JGFJ 保单 保单被代签名|保单上的名字不是本人签的。
JGFJ 征信 征信有错误记录|还清三年了，征信上还写着逾期，请更正。
"""
BODIES = """
SFJ 公证处不让线上预约|公证处每天只放十个号。
SFJ 司法局不答复|向司法局反映两个月没有答复。
JRJ 市金融办不答复|平台清退的事反映到市金融办，没有答复。
JRJ 地方金融监督管理局推诿|向地方金融监督管理局举报后没有下文。
JGFJ 银保监局不受理投诉|向银保监局投诉三次都没有受理。
JGFJ 金融监管局怎么投诉|请问向金融监管局投诉走什么程序。
"""
BESIDE = """
CGJ 银行门口路灯不亮|建设街银行门口的路灯坏了半个月，晚上看不清台阶。
CGJ 银行附近占道经营|银行附近每天有流动摊贩占道。
CGJ 银行对面垃圾成堆|银行对面的垃圾箱满了没人清运。
CGJ 保险公司门口井盖丢了|保险公司门口的井盖丢了，有人摔伤。
CGJ 公证处门口积雪没人清|公证处门口积雪没有人清，老人滑倒。
GAJ 看守所不让律师会见|看守所以没有会见室为由不安排律师会见。
GAJ 电信诈骗报案后没有进展|被骗子转走银行卡里的十万元，派出所立案半年。
RSJ 拖欠工资三个月|公司说银行贷款没下来，拖欠工资三个月，请劳动监察查处。
ZJJ 延期交房三年|开发商资金断裂，楼盘烂尾，业主还在还房贷。
GJJ 公积金贷款批不下来|公积金贷款材料交了三个月，银行说在等公积金中心。
YBJ 医保卡在银行激活不了|医保卡的医保报销用不了，去医保中心又让去银行。
YZJ 快递丢失只赔三倍运费|快递丢失，快递员说没有保价，保险公司也不管。
HBJ 工厂夜里排放黑烟|律师说要先取证，请环保部门检测废气。
"""


def lines(block: str) -> list[str]:
    return block.strip().splitlines()


def lead_of(told: str) -> str:
    title, _, text = told.partition("|")
    [found] = make_assessor(CONFIG_DIR).assess([Post("p", "热线", title, text, NOON, origin="hotline")])
    return found.lead_department


@pytest.mark.parametrize("case", lines(WORDS))
def test_a_word_of_law_or_money_reaches_its_department(case: str) -> None:
    lead, word, told = case.split(" ", 2)
    assert word in told
    assert lead_of(told) == lead


@pytest.mark.parametrize("case", [*lines(BODIES), *lines(BESIDE)])
def test_a_body_named_as_the_one_that_acts_leads_and_what_stands_beside_it_does_not(case: str) -> None:
    lead, _, told = case.partition(" ")
    assert lead_of(told) == lead


def test_every_row_has_a_word_of_theirs() -> None:
    rows = {tuple(case.split(" ", 2)[:2]) for case in lines(WORDS)}
    known = load_departments().by_code
    words = {
        (code, word) for code in ("SFJ", "JRJ", "JGFJ") for word, weight in known[code].words.items() if weight > 0
    }
    assert rows <= words  # what people say of them in other words is in tests/contracts/spoken_matters.py

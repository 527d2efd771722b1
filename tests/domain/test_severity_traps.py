"""False alarms: a grade I or II starts the five-hour clock, so what is no emergency of now gets no grade."""

import pytest

from services.domain.vocabulary import EventGrade
from tests.domain.severity_cases import ROWS, TEXTS
from tests.domain.test_severity_grades import GRADER, grade_of, shown

TRAPS = (
    ("道外区太古街着火了,浓烟滚滚,快来救人!", "IV?"),
    ("我家楼下的饭店爆炸了,好几个人被送医院,请尽快派人。", "IV?"),
    ("书记您好,今天早上我们小区三号楼起火,两位老人被困。", "IV?"),
    ("请求救援:松北区工地塌方,有工人被埋。", "IV?"),
    ("业主反映昨晚小区地下车库起火,烧了三辆车,消防通道被堵。", "IV?"),
    ("举报:我村煤矿爆炸,死亡5人,矿主瞒报。", "III"),
    ("刚才中山路公交车撞上行人,3人死亡,请严查!", "III"),
    ("市长您好,化工厂今天泄漏,60名学生中毒送医。", "II?"),
    ("举报某化工厂爆炸造成4人死亡,一直没有处理。", "III"),
    ("领导好,我父亲2016年下班途中遇车祸去世,社保局不予认定工伤。", "-"),
    ("请问去年小区火灾的赔偿什么时候发放?", "-"),
    ("我们村的老祠堂面临倒塌,请领导重视维修。", "-"),
    ("邻居违章搭建的铁棚有倒塌之势,请城管处理。", "-"),
    ("消防通道被堵,一旦发生火灾后果不堪设想,请物业整改。", "-"),
    ("这个路口经常发生交通事故,建议安装红绿灯。", "-"),
    ("工厂排污,下游几十万人都要喝脏水,以后会慢性中毒。", "-"),
    ("该公司靠拉人头发展下线,数万人集会听课。", "-"),
    ("雪地足球联赛直接参与人数超24万人次,赛场外也有人聚集。", "-"),
    ("马拉松开赛,30000人参与,观众聚集在江边。", "-"),
    ("冰雪节开幕,10万人聚集在广场观看烟花。", "-"),
    ("预计将有5000人参加集会。", "-"),
    ("商场促销,数千人聚集抢购。", "-"),
    ("5000名工人罢工并堵路。", "I?"),
    ("2000余人在市政府门前静坐上访。", "II?"),
    ("演练模拟化工厂泄漏,100人中毒。", "-"),
    ("如果管道破裂,可能造成200人中毒。", "-"),
    ("某国冬季风暴造成51人死亡。", "I"),
    ("美国冬季风暴致死人数升至51人。", "-"),
    ("俄罗斯一处民宅发生火灾,4人死亡、6人受伤。", "-"),
    ("日本料理店发生火灾,2人死亡。", "IV"),
    ("停水公告:因管网检修,全市6万户停水50小时。", "-"),
    ("计划停气48小时,涉及5万户居民。", "-"),
    ("县医院基坑近日严重塌方,离居民楼不到两米,至今无人处理,请领导重视。", "IV?"),
    ("道外某小区燃气爆炸,2人死亡,物业一直不管安全隐患,求领导关注。", "IV"),
    ("路边法国梧桐倒塌,砸死2人。", "IV"),
    ("加州牛肉面馆爆炸,3人死亡。", "III"),
    ("南岗一俄罗斯商店起火,现场浓烟滚滚。", "IV?"),
    ("俄罗斯风情街起火,现场浓烟滚滚。", "IV?"),
    ("哈尔滨一家俄罗斯餐厅爆炸,3人死亡。", "III"),
    ("社区计划转移群众6万人,防范山洪。", "-"),
    ("老工伤职工申请复查,车祸致右足受伤,请劳动局受理。", "-"),
    ("拖欠工资,我们11人闹事被说成违法,请仲裁。", "-"),
    ("今天下午我们单位食堂食物中毒,35名职工呕吐住院,请领导重视。", "IV"),
    ("物业乱收费,小区多次失火没人管。", "-"),
    ("检察院通报一起案例,例如张某醉驾造成8人死亡的事故。", "-"),
    ("自高速开通至今,该路口因交通事故死亡10人。", "-"),
    ("截至目前,火灾已造成12人死亡。", "II"),
    ("5号楼着火了快派人!消防车进不来!", "IV?"),
    ("接种疫苗可以降低传染病死亡率。", "-"),
    ("专家提醒:发现人感染高致病性禽流感疑似病例要及时上报。", "-"),
    ("疫情冲击市场,区政府出台政策稳就业。", "-"),
    ("网购冲击实体店,商户到市政府上访。", "-"),
    ("水库按抵御特大洪水的标准设计。", "-"),
    ("堤防加固后可抵御特大洪水。", "-"),
    ("全市开展防御特大洪水演练。", "-"),
    ("我市应对1998年特大洪水的经验。", "-"),
    ("如果松花江干流大堤决口,后果严重。", "-"),
    ("纪录片讲述当年松花江干流大堤决口的往事。", "-"),
    ("担心尾矿库污染会造成全市取水中断。", "-"),
    ("重点工程停工30小时后复工。", "-"),
    ("高速公路因施工封闭15天。", "-"),
    ("高速公路封闭施工90天,请绕行。", "-"),
    ("道路施工,国道中断30天。", "-"),
    ("高校聚集性活动失控风险评估。", "-"),
    ("山火季到来,距化工厂不到1公里的林地要清理。", "-"),
    ("本市高层建筑多,火灾时可能危及500人生命安全。", "-"),
    ("电梯里30人被困是谣言。", "-"),
    ("演出现场可容纳8000人聚集。", "-"),
    ("物业群里200人聚集投票罢免物业。", "-"),
    ("全市5000名教师参加集会表彰。", "-"),
    ("志愿者3000人参与清雪。", "-"),
    ("100余名群众上访,要求解决房产证。", "IV?"),
    ("去年食物中毒120人。", "-"),
    ("某高校数百名学生食物中毒的谣言不实。", "-"),
    ("某地每年约有2000人一氧化碳中毒。", "-"),
    ("冬季一氧化碳中毒高发,去年全省200人中毒。", "-"),
    ("该校曾有80名学生食物中毒。", "-"),
    ("我单位300名职工将参加食物中毒应急演练。", "-"),
    ("近5000人次参加罢工历史展。", "-"),
    ("电影讲述1923年铁路工人5000人罢工。", "-"),
    ("全省流感疫情,3个省扩散趋势平稳。", "-"),
    ("诈骗案涉案金额2亿元,造成直接经济损失1.2亿元。", "-"),
    ("火灾保险最高赔1亿元。", "-"),
    ("村民聚众堵路,国道中断9小时。", "I?"),
    ("人群冲击区政府大门。", "I?"),
    ("接种疫苗后一名儿童死亡。", "II?"),
)
ABROAD = ("美国冬季风暴致死人数升至51人", "新华社华盛顿1月27日电 据媒体报道,风暴已造成至少51人死亡。")


@pytest.mark.parametrize(("text", "grade"), TRAPS)
def test_only_an_emergency_of_now_and_here_is_graded(text: str, grade: str) -> None:
    assert shown(grade_of(text).proposed(None)) == grade


@pytest.mark.parametrize("mark", ["，", ","])
def test_a_number_does_not_reach_over_a_comma_of_either_width(mark: str) -> None:
    assert grade_of(f"全市有5000人{mark}其中一些住户想不通去上访").grade is None


def test_an_event_abroad_keeps_its_numbers_but_is_not_proposed() -> None:
    reading = grade_of(ABROAD[1], ABROAD[0])
    assert shown(reading) == "I"
    assert reading.proposed(home=True) is reading
    for home in (None, False):
        proposed = reading.proposed(home)
        assert proposed.grade is None
        assert [(r.rule, r.evidence) for r in proposed.reasons] == [("事件等级:境外事件,不提等级", "美国")]


def test_a_foreign_name_in_the_background_sets_nothing_abroad() -> None:
    text = "道里区一仓库起火,4人死亡。据了解,该仓库存放从德国进口的设备,与美国某公司有往来。"
    assert grade_of(text).proposed(home=True).grade is EventGrade.III


def test_the_magnitude_of_another_year_is_background() -> None:
    lead = "今天上午本市发生3.1级地震,未造成人员伤亡。" + "市民情绪稳定,学校照常上课,供水供电供热一切正常。" * 5
    assert shown(grade_of(lead + "1976年邻省发生7.8级地震。")) == shown(grade_of(lead)) != "I?"


def test_the_reason_of_a_refused_petition_shows_the_words_it_rests_on() -> None:
    reading = grade_of("我父亲遇车祸受伤,请局里认定工伤。")
    (reason,) = reading.reasons
    assert (reading.grade, reason.evidence) == (None, "工伤")


def test_three_dead_outweigh_a_complaint_but_not_a_claim() -> None:
    assert shown(grade_of("举报:矿上塌方死亡3人,安全隐患一直没人管。")) == "III"
    assert shown(grade_of("我家亲人在矿上塌方时遇难,同时死亡3人,至今没有赔偿。")) == "-"


def test_a_petitioner_alone_settles_no_grave_grade() -> None:
    assert shown(grade_of("某厂爆炸致12人死亡。")) == "II"
    assert shown(grade_of("书记您好,今天某厂爆炸致12人死亡。")) == "II?"


def test_only_dead_missing_badly_hurt_or_loss_settle_grade_i_or_ii() -> None:
    grades = {shown(grade_of(text)) for text in ("发生7.5级地震。", "6000人罢工。", "仓库爆炸,周边150人中毒。")}
    assert grades == {"I?"}
    assert shown(grade_of("仓库爆炸,死亡3人、失踪30人。")) == "I"


def test_the_table_still_holds_every_case() -> None:
    assert sum(len(wordings) * len(pairs.split()) for _, wordings, pairs in ROWS) + len(TEXTS) >= 600
    assert GRADER.words

"""Real disasters told with a word for a play, a lesson, a war, an exercise or a denial, and sentences that it rules.

The grade each proposes through the whole assessment: "?" provisional, "-" none, "|" either will do.
"""

from __future__ import annotations

from tests.contracts.graded_sentences import Row

# What the one who answers for it is said to deny is stated all the same; an authority or the text itself denies it.
DENIED_BY_A_PARTY: tuple[Row, ...] = (
    ("道外区棚户区发生大火，烧死11人，物业说已经检查过了，纯属谎言，都是假的。", "II"),
    ("大火烧死12人，开发商辟谣说没着火，这是造谣", "II"),
    ("道外区一饭店爆炸致12人死亡，企业辟谣。", "II|II?"),
    ("道外区一饭店爆炸致12人死亡，老板说没有的事，警方核实系谣言。", "-"),
    ("道外区一饭店爆炸致12人死亡，消息不实。", "-"),
    ("道外区大火烧死11人，都是假的。", "-"),
    ("网传道外区一商场爆炸致12人死亡，商场回应：纯属谣言。", "-"),
)

# A teacher is a witness, a professor speaks for a hospital, a classroom collapses; a lesson has its cases.
LESSONS: tuple[Row, ...] = (
    ("教授介绍，哈尔滨爆炸事故已有12人死亡", "II"),
    ("小学教师讲述：教室坍塌，11名学生被压身亡", "II"),
    ("老师讲课时教室屋顶坍塌，11名学生死亡", "II"),
    ("老师介绍，道外区一小学教室坍塌，11名学生死亡", "II"),
    ("高校课堂发生爆炸，讲课教授等11人死亡", "II"),
    ("老师课上讲解某地教室坍塌11人死亡的案例", "-"),
    ("历史课上，老师讲到一战毒气爆炸，11人死亡。", "-"),
    ("教授分析了一起化工厂爆炸致12人死亡的案例。", "-"),
)

# A stage collapses while a play is given, a place where films are made explodes; what a play tells is none.
PLAYS: tuple[Row, ...] = (
    ("演出话剧时舞台坍塌，砸死12人", "II"),
    ("上演音乐剧期间穹顶坍塌，12人死亡", "II"),
    ("影片拍摄基地发生爆炸，12人遇难", "II"),
    ("书中街小区燃气爆炸，12人遇难", "II"),
    ("影片中道里区大楼爆炸，12人遇难。", "-"),
    ("书中一座大桥坍塌，12人遇难。", "-"),
    ("话剧《矿灯》讲一座煤矿爆炸，31人遇难。", "-"),
    ("观众观看话剧《矿灯》，一座煤矿爆炸，31人遇难。", "-"),
)

# A war zone's hospital and a shell of the last war stand in the present.
WARS: tuple[Row, ...] = (
    ("第一战区医院发生火灾，12人死亡", "II"),
    ("一战备仓库爆炸，12人死亡", "II"),
    ("第一战地医院爆炸，12人死亡", "II"),
    ("第二战役纪念馆坍塌，12人死亡", "II"),
    ("二战遗留炮弹在工地爆炸，炸死11名工人", "II"),
    ("二战期间一仓库爆炸，1200人死亡。", "-"),
)

# An exercise that turns real is for a person to settle; one that is played is none.
TURNED_REAL: tuple[Row, ...] = (
    ("组织疏散演练，发生踩踏，造成12名学生死亡", "II?"),
    ("开展应急演练，氯气罐爆炸，13人遇难", "II?"),
    ("开展应急演练，模拟氯气罐爆炸，13人遇难", "-"),
    ("开展应急演练，氯气罐爆炸，13人遇难，参演队伍迅速处置，检验了预案。", "-"),
)

TABLES = {
    "denied_by_a_party": DENIED_BY_A_PARTY,
    "lessons": LESSONS,
    "plays": PLAYS,
    "wars": WARS,
    "turned_real": TURNED_REAL,
}

"""Disasters told in common or newspaper words, those of people missing or buried, and sentences that only sound so.

The notation is that of `stated_sentences`.
"""

from __future__ import annotations

from tests.contracts.stated_sentences import Row

# Lives that were taken, tolls that passed a number, two-digit tolls; lives saved and things that are gone are none.
DEATH_IN_OTHER_WORDS: tuple[Row, ...] = (
    ("道外区火灾，死亡人数破二十了，还有没挖出来的。", "d=20 g=II/I"),
    ("道里区火灾死亡人数突破10人。", "d=10 g=II"),
    ("道里区火灾遇难人数超过了10人。", "d=10 g=II"),
    ("香坊区爆炸，医院说遇难人数已达两位数。", "d=10 g=II prov=1"),
    ("香坊区爆炸死亡人数增加到两位数。", "d=10 g=II prov=1"),
    ("道里区大火夺去12条鲜活的生命。", "d=12 g=II prov=0"),
    ("平房区爆炸夺去了14人的生命。", "d=14 g=II prov=0"),
    ("道里区拖挂车冲进人群，十一条人命啊！", "d=11 g=II"),
    ("阿城区作坊昨晚爆炸，13条命没了，谁来负责？", "d=13 g=II"),
    ("宾县中巴侧翻，俩人没了。", "d=2 g=IV"),
    ("依兰县煤矿爆炸，十几个人没了。", "d=10 g=II prov=1"),
    ("南岗区火灾，被困12人没能生还。", "d=12 g=II prov=0"),
    ("方正县一农户电线起火，7名亲属葬身火海。", "d=7 g=III prov=0"),
    ("道里区火灾，12名死者身份已确认。", "d=12 g=II prov=0"),
    ("呼兰区基坑坍塌，3名工人被挖出时没有了呼吸心跳，医生宣布死亡。", "d=3 g=III prov=0"),
    ("南岗区地铁站踩踏，当场踩死十多个。", "d=10 g=II prov=1"),
    ("南岗区爆炸（3死6伤）续报：一名重伤者今早去世，死亡人数因此变为4人。", "d=4 g=III prov=0"),
    ("道外火灾又有一名伤员不幸离世，遇难人数升至三十人。", "d=30"),
    ("延寿县客车坠崖，车上11人无一生还。", "d=11 g=II prov=0"),
    ("道里区消防员三年救回12条人命。", "d=x g=x"),
    ("献血者挽救了14人的生命。", "d=x"),
    ("交警提醒：两条生命线不能碰。", "d=x"),
    ("道里区供热公司客服就剩3个人没了影。", "d=x g=x"),
    ("两位数的室温，谁受得了？楼里死了一样冷。", "d=x"),
    ("他背着三条人命逃亡二十年，昨天落网。", "d=x"),
    ("南岗区火灾，12名被困人员全部生还。", "d=x g=x/IV"),
    ("老人突然没有呼吸心跳，120医生20分钟让他恢复了心跳。", "d=x/1"),
    ("道里区粮库粮食踩死十多个老鼠。", "d=x g=x"),
    ("死亡两位顾客的餐厅？谣言！", "d=x g=x"),
    ("香坊区火灾致3人死亡，3条人命啊，谁来负责！", "d=3 g=III prov=0"),
    ("家里两条狗没了，邻居下的药。", "d=x g=x"),
    ("保护青少年，一条生命就是一个家庭的全部。", "d=x"),
)

# Who is lost on a mountain, in water or under rubble; not who moved away or dropped his telephone.
MISSING_OR_BURIED: tuple[Row, ...] = (
    ("方正县境内一辆中巴车坠入江中，6人死亡，4人失踪。", "d=6 m=4 g=II"),
    ("木兰县一艘客船翻沉，12人获救，33人下落不明。", "m=33 g=I"),
    ("五常市凤凰山景区12名驴友遭遇暴雪失联超30小时。", "m=12 g=II prov=1"),
    ("尚志市4名徒步者进山后失联，搜救队连夜上山。", "m=4 g=III prov=1"),
    ("呼兰区隧道透水，13人联系不上。", "m=13 g=II"),
    ("木兰县渡船沉没，船上32人生死不明。", "m=32 g=I"),
    ("道里区一健身房老板跑路，300多名会员联系不上。", "g=x"),
    ("南岗区12名业主的房东失联，押金要不回来。", "g=x"),
    ("松北区3名学员失联，家长怀疑进了传销。", "g=x"),
    ("道外区北十七道街老楼塌了！压了起码二十来号人，快救人！", "g=II prov=1"),
    ("松北区工地脚手架垮塌，6人被埋。", "g=III prov=1"),
    ("尚志市山洪冲走15人。", "g=II prov=1"),
    ("松花江一船侧翻，船上40人全部落水，哈尔滨海事正在搜救。", "g=I prov=1"),
    ("道里区江边浮桥断裂，20人落水，9人上岸。", "g=II/III prov=1"),
    ("平房区锅炉炸了，死伤数十人。", "g=III prov=1"),
    ("哈尔滨一辆轿车冲入人群，2人死亡，13人受伤。", "d=2 g=IV"),
    ("道里区拖挂车冲进人群，十一条人命啊！", "d=11 g=II"),
    ("道里区江面冰面塌了，四个人掉进冰窟窿，快来人！", "g=III/IV prov=1"),
    ("冰面塌陷演练：4人掉进冰窟，救援队成功救出。", "g=x/IV"),
    ("综艺里嘉宾落水的片段火了，8人全部掉进水里，哈尔滨观众笑翻。", "g=x"),
    ("我手机落水了，道里区哪里能修？", "g=x"),
    ("雨太大，门口垃圾桶被冲走了两个，南岗区物业没人管。", "g=x"),
    ("道里区某公司卷入纠纷，12人被起诉。", "g=x"),
)

# A title and a body that tells of it in so many words, and bodies in which the same words are no event.
PLAINLY_TOLD: tuple[Row, ...] = (
    ("通报\n依兰县煤矿爆炸，原因不清楚。", "g=IV"),
    ("通报\n南岗区一仓库大火，整条街都黑了。", "g=IV"),
    ("通报\n依兰县煤矿爆炸，夺走14条生命。", "d=14 g=II prov=0"),
    ("提示\n道里区商场火灾逃生知识讲座周六开课，欢迎报名。", "g=x"),
    ("关于消防的建议\n南岗区小区着火怎么办？消防通道都堵着。", "g=x"),
    ("谈谈感受\n香坊区这个大火锅店真好吃，一来就爆满。", "g=x"),
    ("招聘\n平房区火灾报警器厂招工人，待遇从优。", "g=x"),
)

# People aboard what crashed are in danger; those treated are the injured where nobody else counts them.
ABOARD_OR_IN_HOSPITAL: tuple[Row, ...] = (
    ("道里区火灾，急救人员说十几个没抢救过来。", "d=10 g=II prov=1"),
    ("平房区直升机失事，机上13人。", "g=II prov=1"),
    ("南岗区公交车坠入马家沟，车上25人。", "g=II prov=1"),
    ("南岗区公交车追尾，车上25人均无大碍。", "g=x/IV"),
    ("南岗区烧烤店闪爆已致11人死亡，另有17人在医院接受治疗。", "d=11 i=17 g=II prov=0"),
    (
        "香坊区燃爆事故又有两名重伤员不治，遇难人数由7人升至9人，目前在院治疗23人，其中重症5人。",
        "d=9 i=23 s=5 g=III prov=0",
    ),
    ("南岗区医院3名老人接受治疗后康复出院，送来锦旗。", "i=x"),
)

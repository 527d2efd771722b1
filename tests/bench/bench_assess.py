"""Assessing with everything on, against scikit-learn predicting nothing but the topic, on one core, turn by turn."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import resources
from itertools import accumulate
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import LinearSVC

import config
from services.domain.post import Post
from services.wiring.machine import make_assessor
from tests.bench.table import Row, absolute, against

POSTS, CHARACTERS, ROUNDS = 1_024, 400, 5
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
MATTERS = {
    "环境保护": ["附近的搅拌站日夜加工砂石料,粉尘和噪音让人无法开窗", "化工厂偷排污水,河道发黑发臭,鱼虾都不见了"],
    "交通运输": ["公交车半小时等不到一趟,早高峰根本挤不上去", "出租车拒载还绕路,打电话到公司没有人理会"],
    "教育文体": ["学校强制学生参加收费补课,不去就被老师点名", "小区配套的幼儿园迟迟没有开园,孩子入学无门"],
    "城乡建设": ["物业收了停车费却不修电梯,墙体开裂漏水多年", "暖气一直不热,室温只有十三度,老人孩子都感冒了"],
    "劳动和社会保障": ["工地拖欠我们三十余名农民工工资共计二十万元", "公司不给缴纳社保,辞退也没有任何补偿"],
    "卫生计生": ["医院挂号要排一上午,医生两分钟就把人打发了", "乡镇卫生院没有疫苗,产妇检查要跑到县里"],
    "商贸旅游": ["健身房办卡后关门跑路,几百名会员退款无门", "旅行社强制购物,导游辱骂游客,门票也不退"],
}
HURT = "上个月还有一位老人因此摔伤,送到医院缝了五针"
FILLING = [
    "尊敬的领导您好,我是道里区群力第七大道某小区的居民",
    "我们多次向有关部门反映,得到的答复总是正在处理",
    "请问这件事到底归哪个部门管,什么时候可以解决",
    "周围几百户业主意见很大,大家商量着联名写信",
    "恳请市政府督促相关单位尽快整改,给老百姓一个说法",
    "这个问题从去年冬天拖到现在,大家都很着急",
    "南岗区和香坊区的朋友说他们那里也是同样的情况",
    "感谢您在百忙之中看完这封信,祝您工作顺利",
]


async def run() -> list[Row]:
    posts, labels = _posts()
    texts = [f"{post.title}\n{post.text}" for post in posts]
    assessor, reference = make_assessor(Path(config.__file__).parent), _reference(texts, labels)
    with _OneCore():
        ours, theirs = _turn_by_turn(
            (lambda: assessor.assess(posts), lambda: reference.predict(texts)), len(posts), ROUNDS
        )
    baseline = ("scikit-learn topic only", theirs)
    return [
        absolute("assess, 400 characters, one core", ours, baseline, 3_000),
        against("assess against topic only", ours, baseline, 2.0),
    ]


def _posts() -> tuple[list[Post], list[str]]:
    """Texts of 400 characters: phrases of a petition, and between them words as frequent as in the language."""
    chance = random.Random(7)
    words, weights = _language()
    posts, labels = [], []
    for number in range(POSTS):
        label = chance.choice(list(MATTERS))
        phrases = [chance.choice(MATTERS[label])]
        if number % 4 == 0:  # as often as citizens' letters speak of people who were hurt
            phrases.append(HURT)
        while sum(map(len, phrases)) + len(phrases) < CHARACTERS:
            phrases.append("".join(chance.choices(words, cum_weights=weights, k=14)))
            phrases.append(chance.choice([*FILLING, *FILLING, *MATTERS[label]]))
        text = "。".join(phrases)[: CHARACTERS - 20]
        posts.append(Post(str(number), "bench", phrases[0][:19], text, NOON))
        labels.append(label)
    return posts, labels


def _language() -> tuple[list[str], list[int]]:
    """jieba's dictionary: words, and how often they were seen, added up."""
    lines = resources.files("jieba").joinpath("dict.txt").read_text(encoding="utf-8").splitlines()
    entries = [line.split(" ") for line in lines]
    return [entry[0] for entry in entries], list(accumulate(int(entry[1]) for entry in entries))


def _reference(texts: Sequence[str], labels: Sequence[str]) -> Pipeline:
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3))
    return make_pipeline(vectors, LinearSVC()).fit(texts, labels)


def _turn_by_turn(works: tuple[Callable[[], object], ...], items: int, rounds: int) -> tuple[float, ...]:
    """Items a second of processor time of each work, the median of rounds taken in turn: neighbours hurt both alike."""
    seconds: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    for _ in range(rounds):
        for work, taken in zip(works, seconds, strict=True):
            began = time.process_time()
            work()
            taken.append(time.process_time() - began)
    return tuple(items / sorted(taken)[rounds // 2] for taken in seconds)


class _OneCore:
    """Keep this process on one core, so that a library's threads do not count as speed."""

    def __enter__(self) -> None:
        self._allowed = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(self._allowed)})

    def __exit__(self, *_: object) -> None:
        os.sched_setaffinity(0, self._allowed)

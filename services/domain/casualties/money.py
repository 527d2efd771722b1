"""Direct loss in yuan: 直接经济损失1.2亿元, 5000万元以上直接经济损失."""

from __future__ import annotations

import re

from services.domain.casualties.pairing import Mention
from services.domain.casualties.words import CORRECTION, LOSS_AFTER, LOSS_BEFORE, NO_LOSS, UPDATE
from services.domain.numerals import read_number, read_quantity
from services.domain.patterns import late

# 直接经济损失300万元，间接经济损失2亿元: only the direct one is counted by the thresholds.
_INDIRECT = late(r"间接(?:的)?(?:经济|财产)?损失")
_TOTAL = late("合计|总计|共计|累计|总共|总的|总损失|损失总")
_LATEST = late("最新|核定|最终|重新|上调|下调|提高到|增至")
_DIRECT = late("直接(?:经济|财产)?损失")
_NEAR = 12
_SIGNS = ("损失", "定损", "估损")
_FOREIGN = late(r"美元|欧元|日元|英镑|卢布|韩元|港元|港币|新台币|比索|卢比")
_SPARED = late(r"(?:挽回|追回|避免|减少|弥补|防止|挽救)了?(?:直接|经济|财产|国家|集体|群众|企业|重大|的){0,4}$")


def losses(sentence: str) -> list[Mention]:
    """The losses a sentence states, in yuan. Other currencies are left out: no rate is stated with them."""
    if not any(word in sentence for word in _SIGNS):
        return []
    found = [Mention("loss", 0, "", m.start(), m.end()) for m in NO_LOSS.finditer(sentence)]
    for pattern in (LOSS_AFTER, LOSS_BEFORE):
        for match in pattern.finditer(sentence):
            mention = _loss(sentence, match)
            if mention is not None:
                found.append(mention)
    return _direct(sentence, found) if len(found) > 1 else found


def _direct(sentence: str, found: list[Mention]) -> list[Mention]:
    """损失共计1.1亿元，其中直接经济损失4800万元: the thresholds count the direct one, not the whole around it."""
    direct = [m for m in found if m.value and _DIRECT.search(sentence, max(0, m.start - 6), m.end)]
    if not direct or len(direct) == len(found):
        return found
    most = max(m.value or 0 for m in direct)
    kept = [m for m in found if m in direct or (m.value or 0) <= most]
    return kept if len(kept) == len(found) else [m._replace(within=m.within and m not in direct) for m in kept]


def _without_half(amount: str) -> str:
    """半亿 → 0.5亿, 两半亿 → 2.5亿, 半多亿 → 0.5亿多."""
    at = amount.find("半")
    if at < 0:
        return amount
    whole = read_number(amount[at - 1]) if at and amount[at - 1] not in "约近过超逾少" else None
    head = amount[: at - (whole is not None)]
    return f"{head}{whole or 0}.5{amount[at + 1 :].replace('多', '')}" + "多" * ("多" in amount)


def _loss(sentence: str, match: re.Match[str]) -> Mention | None:
    if _FOREIGN.match(sentence, match.end("amount")) or _SPARED.search(sentence[: match.start()]):
        return None
    tail = match["tail"] or ""
    amount = _without_half(match["amount"].replace("个", "")).lower().replace("w", "万")
    quantity = read_quantity(amount + tail) or read_quantity(amount)
    if quantity is None:
        return None
    words = match.group()
    before = sentence[max(0, match.start() - _NEAR) : match.start()]
    if _INDIRECT.search(before + words):
        return None
    return Mention(
        field="loss",
        value=round(quantity.value),
        bound=quantity.bound
        or ("about" if re.search("估计|估算|初步|预计|约|近", words[: match.end("amount")]) else ""),
        start=match.start(),
        end=match.end(),
        within="其中" in before or "其中" in sentence[: match.start()].rpartition("；")[2],
        total=_TOTAL.search(before + words) is not None,
        updated=UPDATE.search(words) is not None or _LATEST.search(before + words) is not None,
        corrected=CORRECTION.search(words) is not None,
        threshold=tail in ("以上", "以下") or words.find("以上") > 0,
    )

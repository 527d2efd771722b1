"""How good a grouping is, measured against groups that people agreed on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping


def b_cubed(found: Mapping[str, Hashable], truth: Mapping[str, Hashable]) -> dict[str, float]:
    """B³ precision, recall and F1 over the posts of `truth` (post → group), 0–1.

    For each post: the share of its found group that is truly with it, and the share of its true group that was found
    with it; both averaged (Bagga and Baldwin, 1998). Posts that `truth` does not name are left out.
    """
    posts = [post for post in truth if post in found]
    both = Counter((found[post], truth[post]) for post in posts)
    mine = Counter(found[post] for post in posts)
    right = Counter(truth[post] for post in posts)
    precision = recall = 0.0
    for post in posts:
        common = both[found[post], truth[post]]
        precision += common / mine[found[post]]
        recall += common / right[truth[post]]
    count = len(posts) or 1
    precision, recall = precision / count, recall / count
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"precision": precision, "recall": recall, "f1": f1}


def evaluate_grouping(found: Mapping[str, Hashable], truth: Mapping[str, Hashable]) -> dict[str, float]:
    """B³ and the counts behind it, for `huiying evaluate`. `found` and `truth` map post ids to groups.

    `strangers` is the largest number of posts outside a true group's truth that share a found group with it.
    """
    measured = b_cubed(found, truth)
    sizes = Counter(found.values())
    inside = Counter(found[post] for post in truth if post in found)
    strangers = max((sizes[group] - count for group, count in inside.items()), default=0)
    return {
        **measured,
        "posts": float(len(found)),
        "judged": float(sum(inside.values())),
        "groups": float(len(sizes)),
        "largest": float(max(sizes.values(), default=0)),
        "strangers": float(strangers),
    }

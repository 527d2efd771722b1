"""职责: the responsibility table as it is configured in `config/departments.toml`, and how its words are weighed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Department:
    """A body of the responsibility table. `topics` and `words` say how strongly each speaks for its competence.

    `scenes` do so only where an event is graded: what befell the people (撞倒, 垮塌).
    `vertical` bodies are managed by `superior` (a name), whose office coordinates (四(二)).
    `division` is the six-digit code for a district or county, empty for a department of the city.
    """

    code: str
    name: str
    topics: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, float] = field(default_factory=dict)
    scenes: Mapping[str, float] = field(default_factory=dict)
    bodies: tuple[str, ...] = ()
    vertical: bool = False
    superior: str = ""
    division: str = ""


@dataclass(frozen=True, slots=True)
class Offices:
    """The codes of the bodies with a part of their own in 四(二), and `basis`, the document and clause to cite.

    `general` and `propaganda` coordinate. `fallback` gets what no word or topic speaks for; `rescue`, where there is
    one, leads an emergency that no clear word gives to another body.
    """

    general: str
    propaganda: str
    fallback: str
    rescue: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Weighing:
    """What the words of the table are worth beside each other (内部规定).

    A word in the title counts `title` times, a body that is named `named`, each next word of a body `fading` of its
    weight. Bodies answer for their part from `several_share` of the best score on, at least `several_least`. In an
    emergency a word lighter than `clear` only says where (医院, 学生), and what befell the people counts `scene` times:
    it decides before whose trade the vehicle or place is.
    Where the words of a body are worth less than `told`, its topic names it only from the probability `sure_topic` on.
    """

    title: float
    named: float
    fading: float
    several_share: float
    several_least: float
    clear: float
    scene: float
    told: float
    sure_topic: float

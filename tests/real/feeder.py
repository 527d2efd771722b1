"""A program that goes on pushing posts while servers come and go, and asks the console how things are."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event, Thread

import httpx2

BATCH = 5
_STREETS = ("经纬街", "果戈里大街", "长江路", "红旗大街", "和兴路", "学府路", "珠江路", "公滨路")
# What /readyz begins with when this server does not answer.
_SAID = {"kafka": ("kafka: ", "log: no answer"), "postgres": ("database: ",)}


@dataclass
class Feeder:
    """A program that pushes batch after batch, each until it is told that it was accepted, and asks how things are."""

    base: str
    token: str = ""
    accepted: int = 0
    enough: Event = field(default_factory=Event)
    client: httpx2.Client = field(default_factory=lambda: httpx2.Client(timeout=10, trust_env=False))
    feeding: Thread = field(init=False)

    def __post_init__(self) -> None:
        self.feeding = Thread(target=self.run)

    def stop(self) -> None:
        """Returns when nothing is being pushed any more."""
        self.enough.set()
        self.feeding.join()

    def run(self) -> None:
        while not self.enough.wait(0.2):
            self.accepted += self._accepts()

    def _accepts(self) -> bool:
        posts = [_post(self.accepted * BATCH + n) for n in range(BATCH)]
        headers = {"authorization": f"Bearer {self.token}"}
        try:
            return self.client.post(self.base + "/api/v1/posts", json=posts, headers=headers).status_code == 202
        except httpx2.TransportError:
            return False

    def trouble(self) -> str | None:
        """What /readyz says is the matter: "" for nothing; None when it does not answer within ten seconds."""
        try:
            answer = self.client.get(self.base + "/readyz")
        except httpx2.TransportError:
            return None
        said: str = answer.json().get("why", "")
        assert answer.status_code == (503 if said else 200)
        return said

    def blames(self, server: str) -> bool:
        """/readyz names this server and no other."""
        said = self.trouble() or ""
        return said.startswith(_SAID[server]) and ";" not in said


def _post(number: int) -> dict[str, str]:
    street = _STREETS[number % len(_STREETS)]
    told = f"哈尔滨市南岗区{street}{number}号居民反映暖气不热，室温只有14度，希望供热部门尽快解决。"
    return {"id": f"p{number}", "source": "市民热线", "text": told}

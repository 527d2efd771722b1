"""Brokers that encrypt and ask who is there: the settings lead in, and a wrong one is told in one line."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from config.settings import Settings
from services.adapters.kafka import KafkaLog, Layout
from services.topics import POSTS_COLLECTED
from services.usecases.ports import Message, NotNow
from services.wiring.kafka_security import kafka_security
from tests.conftest import unavailable
from tests.real.broker import Cluster, wait_until_ready
from tests.real.locked_broker import MECHANISMS, PASSWORD, USER, LockedDoor
from tests.real.servers import Missing

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LockedDoor]:
    try:
        found = LockedDoor(tmp_path_factory.mktemp("keys"))
        cluster = Cluster(door=found)
    except Missing as missing:
        unavailable(missing)
    (found.folder / "password").write_text(f"{PASSWORD}\n")
    (found.folder / "wrong").write_text("guessed")
    cluster.start()
    try:
        asyncio.run(wait_until_ready(cluster.bootstrap))
        yield found
    finally:
        cluster.close()


def encrypted(door: LockedDoor, **other: Any) -> Settings:
    """Settings of an installation at the encrypted door."""
    files = {
        "kafka_ca_file": door.folder / "broker.crt",
        "kafka_certificate_file": door.folder / "client.crt",
        "kafka_key_file": door.folder / "client.key",
        "kafka_password_file": door.folder / "password",
    }
    where = f"127.0.0.1:{door.encrypted}"
    return Settings(**{"kafka_bootstrap": where, "kafka_security": "sasl_ssl", "kafka_user": USER} | files | other)


async def there_and_back(settings: Settings, prefix: str) -> bytes:
    """Make the topics, publish one message and read it."""
    where, security = settings.kafka_bootstrap, kafka_security(settings)
    log = KafkaLog(where, prefix=prefix, patience=20.0, security=security)
    try:
        await log.ensure_topics([POSTS_COLLECTED], Layout(allow_unsafe=True))
        await log.publish(POSTS_COLLECTED, [Message("1", "k", b"in")])
        async with log.subscribe(POSTS_COLLECTED, "g") as subscription:
            [found] = await subscription.batch(10, 20.0)
        return found.body
    finally:
        await log.close()


@pytest.mark.parametrize("mechanism", MECHANISMS)
async def test_messages_go_there_and_back_encrypted(door: LockedDoor, mechanism: str) -> None:
    assert await there_and_back(encrypted(door, kafka_sasl_mechanism=mechanism), f"{mechanism}.") == b"in"


async def test_key_and_certificate_may_stand_in_one_file(door: LockedDoor) -> None:
    both = encrypted(door, kafka_certificate_file=door.folder / "client.pem", kafka_key_file=None)
    assert await there_and_back(both, "both.") == b"in"


async def test_a_password_without_encryption(door: LockedDoor) -> None:
    files = {"kafka_ca_file": None, "kafka_certificate_file": None, "kafka_key_file": None}
    plain = encrypted(door, kafka_bootstrap=f"127.0.0.1:{door.open}", kafka_security="sasl_plaintext", **files)
    assert await there_and_back(plain, "open.") == b"in"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"kafka_password_file": "wrong"}, "Authentication failed"),
        ({"kafka_ca_file": "client.crt"}, "CERTIFICATE_VERIFY_FAILED"),
        ({"kafka_certificate_file": "broker.crt", "kafka_key_file": "broker.key"}, "Unable connect"),
    ],
)
async def test_without_trust_nothing_is_done_and_the_log_says_why(
    door: LockedDoor, wrong: dict[str, str], told: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings = encrypted(door, **{name: door.folder / file for name, file in wrong.items()})
    with caplog.at_level(logging.ERROR, "aiokafka"), pytest.raises(NotNow, match="Unable to bootstrap"):
        await there_and_back(settings, "never.")
    assert told in caplog.text

"""Settings for Kafka's encryption and passwords: what contradicts itself or cannot be used is refused by name."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest

from config.reading import BadConfig
from config.settings import Settings
from services.wiring.kafka_security import kafka_security


def chosen(**given: Any) -> dict[str, Any]:
    return kafka_security(Settings(log="kafka", **given))


@pytest.fixture
def password(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text("Brokers-know-me-1\n")
    return file


def test_without_them_brokers_are_spoken_to_as_before() -> None:
    assert chosen() == {}


def test_encrypted_without_a_password_the_certificate_and_the_name_are_checked() -> None:
    found = chosen(kafka_security="ssl")
    assert found["security_protocol"] == "SSL"
    assert (found["ssl_context"].verify_mode, found["ssl_context"].check_hostname) == (ssl.CERT_REQUIRED, True)


def test_a_password_comes_from_its_file(password: Path) -> None:
    assert chosen(kafka_security="sasl_plaintext", kafka_user="huiying", kafka_password_file=password) == {
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "huiying",
        "sasl_plain_password": "Brokers-know-me-1",
    }


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"kafka_user": "huiying"}, "HUIYING_KAFKA_USER"),
        ({"kafka_security": "ssl", "kafka_user": "huiying"}, "HUIYING_KAFKA_USER"),
        ({"kafka_ca_file": "ca.pem"}, "HUIYING_KAFKA_CA_FILE"),
        ({"kafka_security": "sasl_ssl"}, "HUIYING_KAFKA_USER"),
        ({"kafka_security": "sasl_ssl", "kafka_user": "huiying"}, "HUIYING_KAFKA_PASSWORD_FILE"),
        ({"kafka_security": "ssl", "kafka_key_file": "key.pem"}, "HUIYING_KAFKA_CERTIFICATE_FILE"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(given: dict[str, Any], key: str) -> None:
    with pytest.raises(BadConfig, match=key):
        chosen(**given)


def test_a_password_is_never_sent_unencrypted(password: Path) -> None:
    with pytest.raises(BadConfig, match="SASL_MECHANISM"):
        chosen(
            kafka_security="sasl_plaintext",
            kafka_user="huiying",
            kafka_password_file=password,
            kafka_sasl_mechanism="PLAIN",
        )


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, password: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_text("\n")
    for given in (
        {"kafka_ca_file": tmp_path / "none.pem"},
        {"kafka_ca_file": password},
        {"kafka_certificate_file": password},
        {"kafka_security": "sasl_ssl", "kafka_user": "huiying", "kafka_password_file": empty},
    ):
        with pytest.raises(BadConfig, match=r"none\.pem|password|empty"):
            chosen(**({"kafka_security": "ssl"} | given))

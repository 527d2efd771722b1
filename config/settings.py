"""Settings from the environment (prefix HUIYING_). Unknown ones are refused, so that a misspelt one is noticed."""

from __future__ import annotations

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from config.place import PREFIX
from config.reading import CONFIG_DIR, BadConfig

OUTSIDE = {"HUIYING_TEST_KAFKA", "HUIYING_FULL"}


class Settings(BaseSettings):
    """What an installation decides. Secrets come from files, never from the environment itself."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data_dir: Path = Path.home() / ".local/share/huiying"
    config_dir: Path = CONFIG_DIR
    log: Literal["local", "kafka"] = "local"
    database_url: str = Field("", description="empty: SQLite in data_dir; else postgresql+asyncpg://user@host/name")
    database_password_file: Path | None = None
    kafka_bootstrap: str = "127.0.0.1:9092"
    kafka_prefix: str = Field("", description="before every topic and group, where a cluster is shared")
    kafka_replication: int = Field(3, ge=1)
    kafka_min_isr: int = Field(2, ge=1)
    kafka_partitions: int = Field(6, ge=1)
    allow_unsafe_kafka: bool = False
    kafka_security: Literal["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"] = "plaintext"
    kafka_ca_file: Path | None = Field(None, description="who is trusted to have signed the brokers' certificates")
    kafka_certificate_file: Path | None = None
    kafka_key_file: Path | None = None
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    kafka_user: str = ""
    kafka_password_file: Path | None = None
    host: str = "127.0.0.1"
    port: int = Field(8600, ge=0, le=65535)
    trusted_proxies: tuple[str, ...] = Field(("127.0.0.1",), description="who may say for whom and by what it asks")
    metrics_port: int = Field(0, ge=0, le=65535, description="where `huiying run` tells its process's figures")
    public_url: str = ""
    city: str = Field("", description="division code of the annual tables' city; empty: home of gazetteer.toml")
    city_name: str = Field("", description="its name in the annual tables; empty: as above")
    smtp_host: str = ""
    smtp_port: int = Field(25, ge=1, le=65535)
    smtp_sender: str = "huiying@localhost"
    smtp_user: str = ""
    smtp_password_file: Path | None = None
    smtp_starttls: bool = False
    sweep_seconds: float = Field(1.0, gt=0)
    relay_seconds: float = Field(0.2, gt=0)
    collect_seconds: float = Field(0.5, gt=0)
    allowed_networks: tuple[str, ...] = ()
    proxy: str = Field("", description="http(s) proxy for collecting; the environment's own names are never read")
    secure_cookies: bool = Field(False, description="people come by https although the requests do not tell")
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for one in given:
            ip_network(one)  # a name or "*" would trust whoever asks
        return given


def load_settings(**given: object) -> Settings:
    """Environment, with what the command line gives on top.

    Raises:
        BadConfig: an unknown HUIYING_ variable or an impossible value.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields} | OUTSIDE
    for name in os.environ:
        if name.startswith(PREFIX) and name not in known:
            raise BadConfig(Path("environment"), name, "unknown setting")
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks the values
    except SettingsError as error:  # what should be a JSON list is none
        key = PREFIX + str(error).split('"')[1].upper()
        raise BadConfig(Path("environment"), key, 'must be a JSON list, as in ["10.1.0.0/16"]') from error
    except ValidationError as error:
        first = error.errors()[0]
        key = PREFIX + str(first["loc"][0]).upper() if first["loc"] else "-"
        raise BadConfig(Path("environment"), key, first["msg"]) from error

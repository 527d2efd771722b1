"""How to speak to a cluster that encrypts or asks who is there: settings in, what the client wants out."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from config.place import PREFIX
from config.reading import BadConfig
from config.settings import Settings

ENVIRONMENT = Path("environment")
TLS = ("kafka_ca_file", "kafka_certificate_file", "kafka_key_file")
SASL = ("kafka_user", "kafka_password_file")


def kafka_security(settings: Settings) -> dict[str, Any]:
    """The client's security settings; none for a cluster that neither encrypts nor asks.

    Raises:
        BadConfig: settings that contradict each other, or a file that cannot be used.
    """
    for key, reason in _contradictions(settings):
        raise BadConfig(ENVIRONMENT, PREFIX + key.upper(), reason)
    protocol = settings.kafka_security
    chosen: dict[str, Any] = {} if protocol == "plaintext" else {"security_protocol": protocol.upper()}
    if protocol.endswith("ssl"):
        chosen["ssl_context"] = _tls(settings)
    if protocol.startswith("sasl"):
        chosen["sasl_mechanism"] = settings.kafka_sasl_mechanism
        chosen["sasl_plain_username"] = settings.kafka_user
        chosen["sasl_plain_password"] = _password(settings)
    return chosen


def _contradictions(settings: Settings) -> Iterator[tuple[str, str]]:
    """A setting that would not be used is refused: whoever set it believes that it protects something."""
    protocol = settings.kafka_security
    for names, used in ((TLS, protocol.endswith("ssl")), (SASL, protocol.startswith("sasl"))):
        for name in names:
            if getattr(settings, name) and not used:
                yield name, f"is set, but HUIYING_KAFKA_SECURITY is {protocol}"
    for name in SASL:
        if protocol.startswith("sasl") and not getattr(settings, name):
            yield name, f"is missing: HUIYING_KAFKA_SECURITY is {protocol}"
    if protocol == "sasl_plaintext" and settings.kafka_sasl_mechanism == "PLAIN":
        yield "kafka_sasl_mechanism", "PLAIN would send the password unencrypted: take sasl_ssl, or SCRAM"
    if settings.kafka_key_file and not settings.kafka_certificate_file:
        yield "kafka_certificate_file", "is missing: HUIYING_KAFKA_KEY_FILE belongs to a certificate"


def _tls(settings: Settings) -> ssl.SSLContext:
    """Certificates are always checked, names too; without a CA of the office's own the system's are trusted."""
    ca, certificate, key = (getattr(settings, name) for name in TLS)
    context = ssl.create_default_context()
    if ca:
        context = _using(ca, lambda: ssl.create_default_context(cafile=ca))
    if certificate:
        # An encrypted key would ask at the terminal, and nobody is there.
        _using(certificate, lambda: context.load_cert_chain(certificate, key, password=""))
    return context


def _using(path: Path, load: Any) -> Any:
    try:
        return load()
    except (OSError, ValueError) as error:  # SSLError is an OSError
        raise BadConfig(path, "-", f"cannot be used: {error}") from error


def _password(settings: Settings) -> str:
    path = settings.kafka_password_file
    assert path is not None, "checked above"
    password: str = _using(path, lambda: path.read_text(encoding="utf-8").strip())
    if not password:
        raise BadConfig(path, "-", "is empty")
    return password

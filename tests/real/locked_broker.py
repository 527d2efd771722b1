"""A door into a real broker that encrypts, asks for a certificate and for a password."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tests.real.certificates import certify
from tests.real.servers import free_port

USER, PASSWORD = "huiying", "Brokers-know-me-1"
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")


@dataclass
class LockedDoor:
    """SASL_SSL with certificates on both sides, and SASL_PLAINTEXT. Files lie in `folder`."""

    folder: Path
    encrypted: int = field(default_factory=free_port)
    open: int = field(default_factory=free_port)
    format_options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("broker", "client"):
            self._certify(name)
        scram = [f"{mechanism}=[name={USER},password={PASSWORD}]" for mechanism in MECHANISMS[1:]]
        self.format_options = tuple(word for one in scram for word in ("--add-scram", one))

    def _certify(self, name: str) -> None:
        """A certificate that is its own authority, and a file with key and certificate as Kafka wants it."""
        certificate, key = certify(self.folder, name, "encryption to Kafka")
        (self.folder / f"{name}.pem").write_text(key.read_text() + certificate.read_text())

    def settings(self, plain: str, controller: str) -> str:
        """See `broker.Door`. What is said twice in the file counts as said last."""
        doors = f"LOCKED://127.0.0.1:{self.encrypted},OPEN://127.0.0.1:{self.open}"
        login = "org.apache.kafka.common.security"
        scram = "".join(
            f"listener.name.{door}.{mechanism.lower()}.sasl.jaas.config={login}.scram.ScramLoginModule required;\n"
            for door in ("locked", "open")
            for mechanism in MECHANISMS[1:]
        )
        return f"""\
listeners=PLAINTEXT://{plain},CONTROLLER://{controller},{doors}
advertised.listeners=PLAINTEXT://{plain},{doors}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,LOCKED:SASL_SSL,OPEN:SASL_PLAINTEXT
sasl.enabled.mechanisms={",".join(MECHANISMS)}
listener.name.locked.plain.sasl.jaas.config={login}.plain.PlainLoginModule required user_{USER}="{PASSWORD}";
listener.name.open.plain.sasl.jaas.config={login}.plain.PlainLoginModule required user_{USER}="{PASSWORD}";
{scram}\
listener.name.locked.ssl.keystore.type=PEM
listener.name.locked.ssl.keystore.location={self.folder}/broker.pem
listener.name.locked.ssl.truststore.type=PEM
listener.name.locked.ssl.truststore.location={self.folder}/client.crt
listener.name.locked.ssl.client.auth=required
"""

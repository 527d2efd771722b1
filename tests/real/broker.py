"""A real Apache Kafka in KRaft mode from its own jars: one node for most tests, three for the fault tests.

The jars come by Maven coordinate (pom.xml beside this file) into `.cache/kafka`, which git ignores.
`python -m tests.real.broker` fetches them ahead of the tests.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Protocol

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from tests.real.servers import Missing, free_port, keep, stop

ROOT = Path(__file__).parents[2]
POM = Path(__file__).with_name("pom.xml")
JARS = ROOT / ".cache" / "kafka"
STAMP = ".fetched"
CLUSTER_ID = "aHVpeWluZy10ZXN0cy0wMA"

# Small heaps and the quick compiler: a test broker lives for seconds. A bench passes its own.
QUICK_JVM = ("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
BENCH_JVM = ("-Xms512m", "-Xmx1g")


def fetch_jars() -> Path:
    """The folder of jars, filled by Maven when it is missing or made by another pom. What is there stays until then.

    Raises:
        Missing: Java or Maven is not installed, or Maven could not fetch the jars.
    """
    if not shutil.which("java"):
        raise Missing("Java (Debian package default-jre-headless): the suites on real Kafka were NOT run")
    if _fetched():
        return JARS
    if not shutil.which("mvn"):
        raise Missing("Maven (Debian package maven): the suites on real Kafka were NOT run")
    JARS.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="kafka-", dir=JARS.parent))
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={fresh}"]
    done = subprocess.run(["mvn", "-B", "-q", "-f", str(POM), *goal], check=False, capture_output=True, text=True)
    if done.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise Missing(f"the jars of Kafka ({done.stdout.strip()[-300:]}): the suites on real Kafka were NOT run")
    (fresh / STAMP).write_bytes(POM.read_bytes())
    shutil.rmtree(JARS, ignore_errors=True)
    fresh.rename(JARS)
    return JARS


def _fetched() -> bool:
    """A fresh checkout of the same pom is no reason to fetch again; where the stamp does not tell, its age does."""
    stamp = JARS / STAMP
    if not stamp.exists():
        return False
    return stamp.read_bytes() == POM.read_bytes() or stamp.stat().st_mtime >= POM.stat().st_mtime


class Door(Protocol):
    """A further way into a broker, for tests of encryption and of who may come in."""

    format_options: tuple[str, ...]

    def settings(self, plain: str, controller: str) -> str:
        """Lines of server.properties; `plain` and `controller` are the addresses there are already."""


class Node:
    """One broker, which is also a controller. It can be killed and started again on the same folder."""

    def __init__(self, number: int, folder: Path, jvm: tuple[str, ...], door: Door | None = None) -> None:
        self.number, self.folder, self.jvm, self.door = number, folder, jvm, door
        self.port, self.controller_port = free_port(), free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def format(self, nodes: list[Node]) -> None:
        """Write the settings and the storage folder of a node that has never run."""
        self.folder.mkdir(parents=True)
        controller = f"127.0.0.1:{self.controller_port}"
        further = self.door.settings(self.address, controller) if self.door else ""
        (self.folder / "server.properties").write_text(_settings(self, nodes) + further)
        (self.folder / "log4j2.yaml").write_text(_LOG4J)
        options = self.door.format_options if self.door else ()
        self._java("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", "server.properties", *options).wait(60)

    def start(self) -> None:
        self.process = self._java("kafka.Kafka", "server.properties")

    def freeze(self) -> None:
        """SIGSTOP: connections stay open and nobody answers."""
        assert self.process is not None, "the node was not started"
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None, "the node was not started"
        os.kill(self.process.pid, signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL: no flush, no good-bye."""
        self.stop(signal.SIGKILL)

    def stop(self, sign: int = signal.SIGTERM) -> None:
        assert self.process is not None, "the node was not started"
        stop(self.process.pid, sign)
        self.process.wait()

    def _java(self, *arguments: str) -> subprocess.Popen[bytes]:
        # "lib/*" is expanded by java, and must not be by a shell.
        command = ["java", *self.jvm, "-Dlog4j2.configurationFile=log4j2.yaml", "-cp", f"{fetch_jars()}/*", *arguments]
        with (self.folder / "server.log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, start_new_session=True)


class Cluster:
    """One or three nodes on free ports of 127.0.0.1."""

    def __init__(self, size: int = 1, jvm: tuple[str, ...] = QUICK_JVM, door: Door | None = None) -> None:
        fetch_jars()
        self.folder = Path(tempfile.mkdtemp(prefix="huiying-kafka-"))
        self.nodes = [Node(number, self.folder / f"node{number}", jvm, door) for number in range(1, size + 1)]
        for node in self.nodes:
            node.format(self.nodes)

    @property
    def bootstrap(self) -> str:
        return ",".join(node.address for node in self.nodes)

    def start(self) -> None:
        for node in self.nodes:
            node.start()

    def close(self) -> None:
        """Stop every node by its own pid and remove the folders."""
        for node in self.nodes:
            if node.process is not None:
                node.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


async def wait_until_ready(bootstrap: str, brokers: int = 1, patience_seconds: float = 90) -> None:
    """Return when `brokers` nodes are known to the cluster and it answers requests, not when a port is open."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it reports every refused connection as an error
    deadline = time.monotonic() + patience_seconds
    while not await _answers(bootstrap, brokers):
        if time.monotonic() > deadline:
            raise RuntimeError(f"Kafka at {bootstrap} did not become ready in {patience_seconds:.0f} s")
        await asyncio.sleep(0.1)


async def _answers(bootstrap: str, brokers: int) -> bool:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=2000)
    try:
        await admin.start()
        cluster = await admin.describe_cluster()
        return len(cluster["brokers"]) >= brokers and cluster["controller_id"] >= 0
    except (KafkaError, OSError, TimeoutError):
        return False
    finally:
        await admin.close()


def start_shared() -> dict[str, Any]:
    """For `servers.once`: a broker of our own, or the one that HUIYING_TEST_KAFKA names."""
    named = os.environ.get("HUIYING_TEST_KAFKA")
    if named:
        return {"pids": [], "folders": [], "bootstrap": named}
    cluster = Cluster()
    cluster.start()
    asyncio.run(wait_until_ready(cluster.bootstrap))
    process = cluster.nodes[0].process
    assert process is not None
    return {"pids": [keep(process)], "folders": [str(cluster.folder)], "bootstrap": cluster.bootstrap}


def _settings(node: Node, nodes: list[Node]) -> str:
    replicas = min(3, len(nodes))
    voters = ",".join(f"{one.number}@127.0.0.1:{one.controller_port}" for one in nodes)
    return f"""\
process.roles=broker,controller
node.id={node.number}
controller.quorum.voters={voters}
listeners=PLAINTEXT://127.0.0.1:{node.port},CONTROLLER://127.0.0.1:{node.controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{node.port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={node.folder}/data
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
default.replication.factor={replicas}
min.insync.replicas={max(1, replicas - 1)}
offsets.topic.num.partitions=4
offsets.topic.replication.factor={replicas}
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor={replicas}
transaction.state.log.min.isr={max(1, replicas - 1)}
share.coordinator.state.topic.num.partitions=4
share.coordinator.state.topic.replication.factor={replicas}
share.coordinator.state.topic.min.isr={max(1, replicas - 1)}
log.cleaner.dedupe.buffer.size=4194304
log.index.size.max.bytes=1048576
num.network.threads=2
num.io.threads=4
"""


_LOG4J = """\
Configuration:
  Appenders:
    Console: {name: out, PatternLayout: {pattern: "%d %p %c{1} %m%n"}}
  Loggers:
    Root: {level: warn, AppenderRef: [{ref: out}]}
"""


def main() -> int:
    """Fetch the jars before the tests, saying so; their absence is only an error with CI=true."""
    if os.environ.get("HUIYING_TEST_KAFKA"):
        return 0
    try:
        print("==> Kafka's jars", flush=True)
        fetch_jars()
    except Missing as missing:
        print(f"!!! missing: {missing}")
        return int(os.environ.get("CI") == "true")
    return 0


if __name__ == "__main__":
    sys.exit(main())

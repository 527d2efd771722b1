"""What a role's own process tells Prometheus: its use of the machine, and the figures of what runs in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from config.reading import BadConfig
from config.settings import Settings

if TYPE_CHECKING:
    from prometheus_client import Metric

LOOP = "huiying_role"
_BEAT_SECONDS = 1.0
_figures: dict[str, tuple[str, Callable[[], Mapping[str, float]]]] = {}


def tell(name: str, meaning: str, figures: Callable[[], Mapping[str, float]]) -> None:
    """From now on this process tells these figures, as labels `what` of the gauge `name`."""
    _figures[name] = (meaning, figures)


@asynccontextmanager
async def beating() -> AsyncIterator[None]:
    """Tell how long ago the event loop had its turn: figures are served by a thread, whatever the role does."""
    turns = [monotonic()]
    tell(LOOP, "how the role does its work", lambda: {"loop_seconds": monotonic() - turns[-1]})

    async def beat() -> None:
        while True:
            turns[:] = [monotonic()]
            await asyncio.sleep(_BEAT_SECONDS)

    beats = asyncio.create_task(beat())
    try:
        yield
    finally:
        beats.cancel()


class _Told:
    """What prometheus_client asks at every scrape, in a thread of its own."""

    def collect(self) -> Iterable[Metric]:
        from prometheus_client.core import GaugeMetricFamily

        for name, (meaning, figures) in _figures.items():
            family = GaugeMetricFamily(name, meaning, labels=["what"])
            for what, value in figures().items():
                family.add_metric([what], value)
            yield family


@contextmanager
def served(settings: Settings) -> Iterator[None]:
    """Serve the figures on `metrics_port` until the block ends; on port 0 nothing is loaded or served.

    Raises:
        BadConfig: the port cannot be had.
    """
    if not settings.metrics_port:
        yield
        return
    from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server

    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(_Told())
    try:
        server, thread = start_http_server(settings.metrics_port, settings.host, registry)
    except OSError as error:
        raise BadConfig(Path("environment"), "HUIYING_METRICS_PORT", f"{settings.metrics_port}: {error}") from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""The web role: one uvicorn server that also stops when streams are open."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from services.usecases.ports import NotNow
from services.web.app import create_app
from services.web.live import Live
from services.wiring import House

GRACE_SECONDS = 2  # without it an open event stream keeps uvicorn from ever stopping


class _Server(uvicorn.Server):
    """Signals belong to the role that runs us; `announce` is called once requests are answered."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()


def _silent(_address: str) -> None:
    return


async def run(house: House, stop: asyncio.Event, ready: Callable[[str], None] = _silent) -> None:
    """Serve until `stop` is set. `ready` is told the address once requests are answered.

    Raises:
        NotNow: the address is taken.
    """
    settings = house.settings
    listening = _listen(settings.host, settings.port)
    live = Live(house.reader)
    config = uvicorn.Config(
        create_app(house, live),
        log_config=None,  # its lines go where all others go
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        server_header=False,
        forwarded_allow_ips=list(settings.trusted_proxies),  # nobody else's X-Forwarded-For and -Proto are read
    )
    server = _Server(config, lambda: ready("http://{}:{}".format(*listening.getsockname()[:2])))
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[listening]))
        group.create_task(live.run(stop))
        await stop.wait()
        live.close()
        server.should_exit = True


def _listen(host: str, port: int) -> socket.socket:
    # asyncio sends small answers at once only where the protocol is named: else every answer waits 40 ms for an ACK.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise NotNow(f"cannot listen on {host}:{port}: {error.strerror}; choose another with --port") from error
    return listening

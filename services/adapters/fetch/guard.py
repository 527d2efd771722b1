"""No request to a place the public internet cannot reach (SSRF, HARDENING F7).

The name is resolved once, every address of the answer is checked, and the connection goes to an address that was
checked, so that a second answer (rebinding) has nothing to decide. Every redirect passes here again.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import httpcore2

from services.adapters.fetch.stream import connect

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

CONNECT_SECONDS = 8.0
RESOLVER_THREADS = 32

# `ipaddress.is_global` of Python 3.11 lets NAT64, SIIT and 6to4 through, which carry any IPv4 address inside them.
REFUSED_NETWORKS: tuple[Network, ...] = tuple(
    ip_network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)


class Refused(Exception):
    """This address must not be asked. The argument is the reason in plain Chinese."""


class Guard:
    """Which addresses may be connected to. `allow` are the intranet ranges an administrator opened by hand."""

    def __init__(self, allow: Iterable[str] = (), resolve: Resolver | None = None) -> None:
        self._allow = tuple(ip_network(net) for net in allow)
        self._pool = None if resolve else ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="resolve")
        self._resolve = resolve or self._system

    async def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of `host`, every one of them checked.

        Raises:
            Refused: one of the addresses is not public and not allowed, or the name is unknown.
        """
        found = await self._answers(host, port)
        if not found:
            raise Refused(f"域名 {host} 无法解析，请核对地址")
        for address in found:
            self.check(address)
        return found

    async def _answers(self, host: str, port: int) -> list[str]:
        literal = _literal(host)
        if literal is not None:
            return [str(literal)]
        try:
            return list(dict.fromkeys(await self._resolve(host, port)))
        except (OSError, UnicodeError):
            return []

    def check(self, address: str) -> None:
        """Raises Refused unless `address` is public or explicitly allowed."""
        # A zone (fe80::1%eth0) never changes whether the address may be asked.
        parsed = _unwrapped(ip_address(address.partition("%")[0]))
        if any(parsed in net for net in self._allow if net.version == parsed.version):
            return
        refused = any(parsed in net for net in REFUSED_NETWORKS if net.version == parsed.version)
        if refused or not parsed.is_global or parsed.is_multicast:
            open_it = '确需访问时请把它的网段写入环境变量 HUIYING_ALLOWED_NETWORKS，例如 ["10.20.0.0/16"]'
            raise Refused(f"地址 {address} 不是公网地址；{open_it}")

    async def _system(self, host: str, port: int) -> Sequence[str]:
        """In threads of its own: a name server that hangs must not hold up the rest of the program."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, _getaddrinfo, host, port)

    def close(self) -> None:
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Connects to the address that was checked, and to nothing else."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface of httpcore2
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """The first checked address that answers.

        Raises:
            Refused: see `Guard.addresses`.
            httpcore2.ConnectError: none of them answers.
        """
        failure: Exception = httpcore2.ConnectError(host)
        for address in await self._guard.addresses(host, port):
            try:
                return await connect(address, port, min(timeout or CONNECT_SECONDS, CONNECT_SECONDS))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface of httpcore2
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Never: a source is an http(s) address."""
        raise Refused("不允许连接本机套接字")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def _getaddrinfo(host: str, port: int) -> list[str]:
    return [str(answer[4][0]) for answer in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def _unwrapped(address: Address) -> Address:
    """::ffff:127.0.0.1 is 127.0.0.1 to the kernel, so it is that here too."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address

"""GET for addresses written by strangers: guard, deadline, size limit, turn per host, redirects one by one."""

from __future__ import annotations

import asyncio
import base64
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from urllib.parse import urljoin

import httpcore2
import httpx2

from services.adapters.fetch.body import Budget, read_body, too_large
from services.adapters.fetch.guard import CONNECT_SECONDS, Guard, GuardedBackend, Refused
from services.adapters.fetch.politeness import Politeness
from services.domain.source import Failure
from services.usecases.collecting import Fetched, FetchFailed

REDIRECTS = (301, 302, 303, 307, 308)
FOR_GOOD = (301, 308)
PORTS = {"http": 80, "https": 443}
USER_AGENT = "huiying/0.1 (government public opinion monitoring)"
ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, text/html;q=0.8, */*;q=0.5"
REASONS: Mapping[int, tuple[Failure, str]] = {
    401: (Failure.REFUSED, "对方要求登录（401）"),
    403: (Failure.REFUSED, "对方拒绝访问（403）"),
    404: (Failure.GONE, "地址不存在（404），请核对"),
    410: (Failure.GONE, "对方已停用该地址（410）"),
    429: (Failure.BUSY, "对方要求放慢（429）"),
    451: (Failure.REFUSED, "对方因法律原因不提供（451）"),
    503: (Failure.BUSY, "对方暂时不可用（503）"),
}


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Bytes are counted after decompression; `deadline_seconds` is for everything from connecting to the last byte."""

    body_bytes: int = 5 * 1024 * 1024
    deadline_seconds: float = 20.0
    redirects: int = 5
    in_flight_bytes: int = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Hop:
    """One answer: a redirect's target, or what the caller wanted."""

    target: str = ""
    for_good: bool = False
    fetched: Fetched | None = None


class HttpFetcher:
    """`Fetcher` over httpcore2. Nothing is taken from the environment; a proxy is used only when it is given here.

    With a proxy the guard still checks every address of every hop, but the connection itself is the proxy's, so the
    proxy must refuse what the guard would (see operations).
    """

    def __init__(
        self,
        guard: Guard,
        limits: FetchLimits | None = None,
        politeness: Politeness | None = None,
        *,
        proxy: str = "",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._guard, self._limits = guard, limits or FetchLimits()
        self._politeness = politeness or Politeness()
        self._budget = Budget(self._limits.in_flight_bytes)
        self._backend, self._tls = GuardedBackend(guard), tls or ssl.create_default_context()
        self._proxy = httpcore2.AsyncHTTPProxy(proxy_url=proxy, ssl_context=self._tls) if proxy else None

    async def fetch(self, url: str, headers: Mapping[str, str]) -> Fetched:
        """See `Fetcher.fetch`."""
        left, target, moved, for_good = self._limits.deadline_seconds, url, "", True
        for _ in range(self._limits.redirects + 1):
            parsed = _parsed(target)
            async with self._politeness.turn(parsed.host):
                started = time.monotonic()
                hop = await self._hop_in_time(parsed, headers, left)
                left -= time.monotonic() - started
            if hop.fetched is not None:
                return replace(hop.fetched, moved=moved)
            target = _joined(str(parsed), hop.target)
            for_good = for_good and hop.for_good
            moved = target if for_good else moved
        raise FetchFailed(Failure.REFUSED, f"重定向超过 {self._limits.redirects} 次")

    async def close(self) -> None:
        """Let go of the proxy and the name server."""
        if self._proxy:
            await self._proxy.aclose()
        self._guard.close()

    async def _hop_in_time(self, url: httpx2.URL, headers: Mapping[str, str], left: float) -> _Hop:
        slow = False
        try:
            # The library's own timeouts start anew with every byte; only this one ends a drip (HARDENING F6).
            async with asyncio.timeout(max(left, 0.001)):
                return await self._hop(url, headers)
        except TimeoutError:
            slow = True
            raise FetchFailed(
                Failure.TIMEOUT, f"{self._limits.deadline_seconds:.0f} 秒内没有收完，对方过慢或地址有误"
            ) from None
        except Refused as refused:
            raise FetchFailed(Failure.REFUSED, str(refused)) from refused
        except (httpcore2.NetworkError, httpcore2.TimeoutException) as error:
            raise FetchFailed(Failure.UNREACHABLE, f"连接失败：{_why(error)}") from error
        except (httpcore2.ProtocolError, httpcore2.UnsupportedProtocol, httpcore2.ProxyError) as error:
            raise FetchFailed(Failure.SERVER, f"对方的回答不合 HTTP 规范：{_short(error)}") from error
        finally:
            self._politeness.remember(url.host, slow)

    async def _hop(self, url: httpx2.URL, headers: Mapping[str, str]) -> _Hop:
        request = httpcore2.Request(b"GET", _target(url), headers=_headers(url, headers))
        async with self._connection(url, request) as connection:
            response = await connection.handle_async_request(request)
            try:
                return await self._answer(url, response)
            finally:
                await response.aclose()

    @asynccontextmanager
    async def _connection(
        self, url: httpx2.URL, request: httpcore2.Request
    ) -> AsyncIterator[httpcore2.AsyncConnectionInterface | httpcore2.AsyncConnectionPool]:
        """One connection for one request.

        A pool walks through all its connections at every request: hundreds of slow servers would cost every good one.
        """
        if self._proxy:
            await self._guard.addresses(url.host, url.port or PORTS[url.scheme])
            yield self._proxy
            return
        connection = httpcore2.AsyncHTTPConnection(request.url.origin, self._tls, network_backend=self._backend)
        try:
            yield connection
        finally:
            await connection.aclose()

    async def _answer(self, url: httpx2.URL, response: httpcore2.Response) -> _Hop:
        headers = _readable(response.headers)
        if response.status in REDIRECTS and headers.get("location"):
            return _Hop(headers["location"], response.status in FOR_GOOD)
        if response.status == 304:
            return _Hop(fetched=Fetched(304, str(url), headers, b""))
        if response.status != 200:
            kind, reason = REASONS.get(response.status) or _other(response.status)
            raise FetchFailed(kind, reason, headers)
        limit = self._limits.body_bytes
        if headers.get("content-length", "").isdecimal() and int(headers["content-length"][:12]) > limit:
            raise too_large(limit)
        body = await read_body(response.aiter_stream(), headers.get("content-encoding", ""), limit, self._budget)
        return _Hop(fetched=Fetched(200, str(url), headers, body))


def _parsed(url: str) -> httpx2.URL:
    try:
        parsed = httpx2.URL(url)
        usable = parsed.scheme in PORTS and bool(parsed.host) and 0 < (parsed.port or 80) < 65536
    except (httpx2.InvalidURL, ValueError, UnicodeError) as error:
        raise FetchFailed(Failure.REFUSED, f"地址不合规：{_short(error)}") from error
    if not usable:
        raise FetchFailed(Failure.REFUSED, "只允许 http 和 https 地址")
    return parsed


def _joined(base: str, location: str) -> str:
    """A Location read as servers in the field write it: in UTF-8, relative or absolute."""
    try:
        return urljoin(base, location.encode("latin-1").decode("utf-8", "replace").strip())
    except ValueError as error:
        raise FetchFailed(Failure.REFUSED, f"重定向地址不合规：{_short(error)}") from error


def _target(url: httpx2.URL) -> httpcore2.URL:
    return httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


def _headers(url: httpx2.URL, headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    own = {"host": url.netloc.decode("ascii"), "user-agent": USER_AGENT, "accept": ACCEPT, "connection": "close"}
    own |= {"accept-encoding": "gzip, deflate", **headers}
    if url.userinfo:
        own["authorization"] = "Basic " + base64.b64encode(url.userinfo).decode("ascii")
    return [(name.encode("ascii"), value.encode("latin-1", "ignore")) for name, value in own.items()]


def _readable(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Lower-case names; of a name that comes twice, the first. Values longer than any honest one are cut."""
    found: dict[str, str] = {}
    for name, value in headers:
        found.setdefault(name.decode("latin-1").lower(), value.decode("latin-1")[:2048])
    return found


def _other(status: int) -> tuple[Failure, str]:
    if status >= 500:
        return Failure.SERVER, f"对方服务器出错（{status}）"
    return Failure.REFUSED, f"对方没有给出内容（{status}）"


def _why(error: Exception) -> str:
    """Why there is no connection, as far as the system told, for people."""
    cause = error.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"对方的证书不可信（{cause.verify_message}）"
    if isinstance(cause, ssl.SSLError):
        return f"无法建立加密连接（{cause.reason}），请核对地址是 http 还是 https"
    if isinstance(error, httpcore2.ConnectTimeout):
        return f"{CONNECT_SECONDS:.0f} 秒内没有应答"
    known = {ConnectionRefusedError: "该端口没有服务", ConnectionResetError: "对方中断了连接"}
    return next((words for kind, words in known.items() if isinstance(cause, kind)), _short(error))


def _short(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:120]

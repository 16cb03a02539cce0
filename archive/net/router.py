"""Where a connection really goes: `--connect-to`, resolution, the guard, proxies."""

from __future__ import annotations

import socket

from msgspec import Struct

from archive.errors import UsageProblem
from archive.net import connect
from archive.net.address_guard import why_forbidden
from archive.net.exchange import Failure
from archive.net.limits import ExchangeLimits
from archive.net.proxy import Proxy, open_tunnel
from archive.net.resolver import NameNotResolved, Resolver, is_literal
from archive_manifests.plain_text import plain_reason


class RouteError(Exception):
    """No connection could be made; `failure` says why, `resolved` what the resolver had given."""

    def __init__(self, failure: Failure, resolved: tuple[str, ...] = ()) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.resolved = resolved


class ConnectTo(Struct, frozen=True):
    """`HOST:PORT:ADDR:PORT`, in curl's meaning: an empty HOST or PORT matches any, an empty ADDR or PORT keeps it."""

    host: str
    port: int | None
    to_host: str
    to_port: int | None

    @classmethod
    def parse(cls, text: str) -> ConnectTo:
        """Read one value of `--connect-to`. Raises `UsageProblem`."""
        parts, rest = [], text
        for _ in range(4):
            if rest.startswith("[") and "]" in rest:
                part, _, rest = rest[1:].partition("]")
                rest = rest.removeprefix(":")
            else:
                part, _, rest = rest.partition(":")
            parts.append(part)
        ports = [parts[1], parts[3]]
        if rest or text.count(":") < 3 or any(port and not (port.isdigit() and int(port) < 65536) for port in ports):
            example = "example.org:443:127.0.0.1:8443"
            raise UsageProblem(f"--connect-to {text}: expected HOST:PORT:ADDR:PORT, such as {example}")
        numbers = [int(port) if port else None for port in ports]
        return cls(parts[0].lower(), numbers[0], parts[2], numbers[1])

    def matches(self, host: str, port: int) -> bool:
        return self.host in ("", host.lower()) and self.port in (None, port)


class OpenSocket(Struct, frozen=True):
    """A connected socket and what was learned on the way."""

    socket: socket.socket
    resolved: tuple[str, ...]
    peer: str | None
    peer_port: int | None
    mapped: bool
    proxied: str | None


_PROXY_REASONS = {
    "dns": "has a name that does not resolve",
    "connect": "does not take connections",
    "timeout": "does not respond",
}


class Router:
    """Opens connections: to the judged address, to where `--connect-to` says, or through the proxy."""

    def __init__(
        self,
        limits: ExchangeLimits,
        *,
        connect_to: tuple[ConnectTo, ...] = (),
        proxy: Proxy | None = None,
        allow_private: bool = False,
    ) -> None:
        self._limits = limits
        self._connect_to = connect_to
        self._proxy = proxy
        self._allow_private = allow_private
        self._resolver = Resolver(limits.resolve)

    async def open(self, host: str, port: int) -> OpenSocket:
        """Connect for `host:port`, or raise `RouteError`."""
        rule = next((rule for rule in self._connect_to if rule.matches(host, port)), None)
        if rule is not None:
            host, port = rule.to_host or host, port if rule.to_port is None else rule.to_port
        if self._proxy is not None:
            return await self._through_proxy(self._proxy, host, port, mapped=rule is not None)
        resolved = await self._resolve(host)
        if rule is None and not self._allow_private:
            self._judge(host, resolved)
        sock, peer = await self._connect(resolved, port)
        return OpenSocket(sock, resolved, peer[0], peer[1], rule is not None, None)

    def _judge(self, host: str, resolved: tuple[str, ...]) -> None:
        for address in resolved:
            # One bad address is enough: a name that mixes them is how a guard is talked round.
            why = why_forbidden(address)
            if why is not None:
                message = f"{host} leads to {address}, which is {why}; --allow-private permits it"
                raise RouteError(Failure("policy", "private-address", message), resolved)

    async def _resolve(self, host: str) -> tuple[str, ...]:
        try:
            return await self._resolver.addresses(host)
        except NameNotResolved as error:
            raise RouteError(Failure("dns", "dns", str(error))) from error

    async def _connect(self, resolved: tuple[str, ...], port: int) -> tuple[socket.socket, tuple[str, int]]:
        try:
            return await connect.connect(resolved, port, self._limits.connect)
        except connect.NotConnected as error:
            message = "; ".join(f"{address} port {port}: {why.strerror or why}" for address, why in error.failures)
            timed_out = all(isinstance(why, TimeoutError) for _, why in error.failures)
            raise RouteError(Failure("connect", "timeout" if timed_out else "connect", message), resolved) from None

    async def _through_proxy(self, proxy: Proxy, host: str, port: int, *, mapped: bool) -> OpenSocket:
        if not self._allow_private and not mapped and is_literal(host):
            self._judge(host, (host,))
        try:
            sock, _ = await self._connect(await self._resolve(proxy.host), proxy.port)
        except RouteError as error:
            # Without its address: the record goes into the bag, and who the proxy is is nobody's business.
            why = _PROXY_REASONS.get(error.failure.reason, "cannot be reached")
            raise RouteError(Failure("proxy", error.failure.reason, f"the proxy {why}")) from error
        try:
            await open_tunnel(sock, proxy, host, port, self._limits)
        except (OSError, EOFError, ValueError) as error:
            sock.close()
            why = (error.strerror if isinstance(error, OSError) else None) or plain_reason(error) or "timed out"
            reason = "timeout" if isinstance(error, TimeoutError) else "connect"
            raise RouteError(Failure("proxy", reason, f"the proxy: {why}")) from error
        except BaseException:
            sock.close()
            raise
        return OpenSocket(sock, (), None, None, mapped, proxy.kind)

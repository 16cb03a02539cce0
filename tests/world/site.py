"""One site of the loopback internet: some host names, what they answer, and in which mode."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from tests.world.replies import Answer, Reply, Request

Page = Reply | Callable[[Request], Reply]
ROBOTS = b"User-agent: *\nDisallow:\n"


class Site:
    """A group of hosts that one module plays.

    `pages` maps a host to its request targets, exactly as they must come over the wire: a letter's
    case in an escape, a sorted query or a dropped `=` is another target, and gets the honest 404.
    """

    hosts: tuple[str, ...] = ()
    modes: tuple[str, ...] = ("ok",)
    """The first is how the site behaves unless a test says otherwise."""
    server: tuple[tuple[str, str], ...] = (("Server", "nginx"),)
    robots: bytes = ROBOTS
    evasive: frozenset[str] = frozenset()
    """Hosts that answer unknown paths with something else than a 404."""

    def __init__(self) -> None:
        self.mode = self.modes[0]
        self._pages: dict[str, Mapping[str, Page]] = {}

    def pages(self, host: str) -> Mapping[str, Page]:
        """Every target that `host` knows."""
        return {}

    def reply(self, request: Request) -> Reply | Answer:
        """What the site says; a mode is usually played by overriding this."""
        found = self._known(request.host).get(request.target)
        if found is not None:
            return found if isinstance(found, Reply) else found(request)
        if request.target == "/robots.txt":
            return Reply(200, self.robots, "text/plain; charset=utf-8")
        return self.not_found(request)

    def not_found(self, request: Request) -> Reply:
        return html(f"<!DOCTYPE html><title>404 Not Found</title><h1>Not Found</h1><p>{request.host}", status=404)

    def answer(self, request: Request) -> Answer:
        said = self.reply(request)
        if isinstance(said, Answer):
            return said
        return served_by(self.server, said).to_answer(request)

    def _known(self, host: str) -> Mapping[str, Page]:
        if host not in self._pages:
            self._pages[host] = self.pages(host)
        return self._pages[host]


def served_by(server: tuple[tuple[str, str], ...], said: Reply) -> Reply:
    """`said` with what its host says in every answer, unless it names a server of its own."""
    return said if any(name == "Server" for name, _ in said.headers) else replace(said, server=server)


def html(text: str, status: int = 200, headers: tuple[tuple[str, str], ...] = (), charset: str = "utf-8") -> Reply:
    """A page as most servers send it now: gzipped where that is taken, in chunks."""
    return Reply(status, text.encode(charset), f"text/html; charset={charset}", headers, "chunked", squeeze=True)


def css(text: str) -> Reply:
    return Reply(200, text.encode(), "text/css", squeeze=True)


def script(text: str) -> Reply:
    return Reply(200, text.encode(), "application/javascript; charset=utf-8", squeeze=True)


def file(body: bytes, type: str, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    """A thing of fixed length that is not squeezed: image, font, document."""
    return Reply(200, body, type, headers)


def json(text: str, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    return Reply(status, text.encode(), "application/json; charset=UTF-8", headers, squeeze=True)


def redirect(to: str, status: int = 301, headers: tuple[tuple[str, str], ...] = (), body: str = "") -> Reply:
    return Reply(status, body.encode(), "text/html; charset=UTF-8", (("Location", to), *headers))

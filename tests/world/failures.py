"""Ways in which any host of the loopback internet can be made to fail."""

from __future__ import annotations

from collections.abc import Callable

from tests.world.authority import FLAWS
from tests.world.replies import Answer, Close, Pause, Reply, Request, Reset
from tests.world.site import Site, file, html, redirect, served_by
from tests.world.walls import REDIRECTS, WALLS

FOREVER = Pause(3600)
"""Longer than any test; the world ends it."""


def _status(code: int, *headers: tuple[str, str]) -> Callable[[Request, Site], Reply]:
    page = f"<!DOCTYPE html><title>{code}</title><h1>{code}</h1><p>This request cannot be served.</p>"
    return lambda request, site: html(page, code, headers)


def _cut(request: Request, site: Site) -> Answer:
    """The site's own answer, ended in the middle of its body."""
    whole = b"".join(step for step in site.answer(request).steps if isinstance(step, bytes))
    return Answer((whole[: _middle(whole)], Close()), keeps=False)


def _stall(request: Request, site: Site) -> Answer:
    whole = b"".join(step for step in site.answer(request).steps if isinstance(step, bytes))
    return Answer((whole[: _middle(whole)], FOREVER), keeps=False)


def _middle(whole: bytes) -> int:
    head = whole.index(b"\r\n\r\n") + 4
    return head + (len(whole) - head) // 2


def _loop(request: Request, site: Site) -> Reply:
    turn = int(request.params.get("turn", "0"))
    return redirect(f"{request.scheme}://{request.host}{request.path}?turn={(turn + 1) % 3}", 302)


def _endless(request: Request, site: Site) -> Reply:
    return redirect(f"{request.scheme}://{request.host}/next/{len(request.path)}{request.path[:200]}", 302)


def _home(request: Request, site: Site) -> Reply:
    if request.target == "/":
        return html(
            f"<!DOCTYPE html><title>{request.host}</title><h1>Welcome to {request.host}</h1>" + "<p>News.</p>" * 20
        )
    return redirect(f"{request.scheme}://{request.host}/", 302)


def _to(target: str) -> Callable[[Request, Site], Reply]:
    return lambda request, site: redirect(target, 302)


def _everything(request: Request, site: Site) -> Reply:
    """The same page, status 200, whatever is requested."""
    text = "We could not find what you were looking for. Try the search, or start again from our home page. "
    return html(f"<!DOCTYPE html><title>{request.host}</title><h1>Nothing here</h1><p>{text * 8}</p>")


def _wrong_type(request: Request, site: Site) -> Reply:
    return file(b"PK\x05\x06" + bytes(18), "application/zip")


def _as(answer: Reply) -> Callable[[Request, Site], Reply]:
    return lambda request, site: answer


PLAYED: dict[str, Callable[[Request, Site], Reply | Answer]] = {
    **{name: (lambda request, site, wall=wall: wall.reply(request)) for name, wall in WALLS.items()},  # type: ignore[misc]
    **{name: (lambda request, site, play=play: play(request)) for name, play in REDIRECTS.items()},  # type: ignore[misc]
    **{str(code): _status(code) for code in (400, 403, 404, 405, 406, 410, 418, 451, 500, 502, 503, 504)},
    "429": _status(429, ("Retry-After", "1")),
    "429-date": _status(429, ("Retry-After", "Sun, 22 Nov 2026 10:00:02 GMT")),
    "503-retry-after": _status(503, ("Retry-After", "1")),
    "429-for-long": _status(429, ("Retry-After", "86400")),
    "reset": lambda request, site: Answer((Reset(),), keeps=False),
    "reset-in-body": lambda request, site: Answer((*_cut(request, site).steps, Reset()), keeps=False),
    "closed": lambda request, site: Answer((Close(),), keeps=False),
    "silent": lambda request, site: Answer((FOREVER,), keeps=False),
    "truncated": _cut,
    "stalled": _stall,
    "garbage": lambda request, site: Answer((b"\x16\x03\x01 this is no HTTP at all\n", Close()), keeps=False),
    "empty": _as(Reply(200, b"", "text/html; charset=utf-8")),
    "no-content": _as(Reply(204, framing="none")),
    "redirect-loop": _loop,
    "redirect-endless": _endless,
    "redirect-home": _home,
    "redirect-file": _to("file:///etc/hostname"),
    "redirect-private": _to("http://10.255.255.1/latest/meta-data/"),
    "redirect-metadata": _to("http://169.254.169.254/latest/meta-data/"),
    "redirect-loopback": _to("http://127.0.0.1:9/"),
    "redirect-nowhere": _as(Reply(302, b"", "text/html")),
    "catch-all": _everything,
    "wrong-type": _wrong_type,
}
CONNECTION = ("dns", "refused")
TLS = tuple(f"tls-{flaw}" for flaw in FLAWS)
MODES = (*PLAYED, *CONNECTION, *TLS)


def flaw(mode: str | None) -> str | None:
    """What is wrong with the certificate in this mode."""
    return mode.removeprefix("tls-") if mode in TLS else None


def play(mode: str, request: Request, site: Site) -> Answer:
    """What a host says in a mode that is not its site's own."""
    if mode not in PLAYED:
        return site.answer(request)
    said = PLAYED[mode](request, site)
    return said if isinstance(said, Answer) else served_by((("Server", "nginx"),), said).to_answer(request)

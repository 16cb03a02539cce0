"""A second internet: one ordinary site on many hosts, each failing in a way of its own, and what that is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.world import media_bytes
from tests.world.site import Page, Site, css, file, html
from tests.world.world import World

ARTICLE = "/news/2021/05/statement-on-the-detained.html"
PAPER = "/files/2021/statement.pdf"
_TEXT = (
    "The families of the detained have had no word of them since the spring of 2013, when the checkpoint was set up. "
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One way to fail, and every verdict that would be right."""

    mode: str
    verdicts: frozenset[tuple[str, str | None]]
    target: str = ARTICLE

    @property
    def host(self) -> str:
        return f"{self.mode}.example"

    @property
    def cited(self) -> str:
        return f"https://{self.host}{self.target}"


def _is(status: str, *reasons: str | None) -> frozenset[tuple[str, str | None]]:
    return frozenset((status, reason) for reason in reasons)


_CHALLENGE, _LOGIN, _SERVER = _is("blocked", "challenge"), _is("blocked", "login"), _is("unreachable", "server-error")
_CLIENT, _PRIVATE = _is("unreachable", "client-error"), _is("not-attempted", "private-address")

TROUBLES = (
    Trouble("none", _is("captured", None)),
    Trouble("challenge-cloudflare", _CHALLENGE),
    Trouble("challenge-cloudflare-503", _CHALLENGE),
    Trouble("challenge-cloudflare-200", _CHALLENGE),
    Trouble("blocked-cloudflare", _is("blocked", "challenge", "forbidden")),
    Trouble("challenge-ddos-guard", _CHALLENGE),
    Trouble("blocked-sucuri", _is("blocked", "challenge", "forbidden", "geo")),
    Trouble("challenge-imperva", _CHALLENGE),
    Trouble("blocked-akamai", _is("blocked", "challenge", "forbidden")),
    Trouble("challenge-aws-waf", _CHALLENGE),
    Trouble("challenge-anubis", _CHALLENGE),
    Trouble("login-200", _LOGIN),
    Trouble("login-401", _LOGIN),
    Trouble("login-redirect", _LOGIN),
    Trouble("consent-200", _is("blocked", "consent")),
    Trouble("parked", _is("gone", "parked")),
    Trouble("400", _CLIENT),
    Trouble("403", _is("blocked", "forbidden")),
    Trouble("404", _is("gone", "not-found")),
    Trouble("405", _CLIENT),
    Trouble("406", _CLIENT),
    Trouble("410", _is("gone", "not-found")),
    Trouble("418", _CLIENT),
    Trouble("429", _is("blocked", "rate")),
    Trouble("429-for-long", _is("blocked", "rate")),
    Trouble("451", _is("blocked", "legal")),
    Trouble("500", _SERVER),
    Trouble("502", _SERVER),
    Trouble("503", _SERVER),
    Trouble("503-retry-after", _SERVER | _is("blocked", "rate")),
    Trouble("504", _SERVER),
    Trouble("reset", _is("unreachable", "reset", "empty")),
    Trouble("closed", _is("unreachable", "reset", "empty")),
    Trouble("garbage", _is("unreachable", "not-http")),
    Trouble("empty", _is("unreachable", "empty")),
    Trouble("no-content", _is("unreachable", "empty")),
    Trouble("truncated", _is("partial", "truncated")),
    Trouble("reset-in-body", _is("partial", "truncated")),
    Trouble("redirect-loop", _is("unreachable", "redirect-loop")),
    Trouble("redirect-endless", _is("unreachable", "redirect-loop")),
    Trouble(
        "redirect-nowhere", _is("unreachable", "empty", "redirect-loop", "client-error", "server-error", "not-http")
    ),
    Trouble("redirect-home", _is("gone", "redirected-home")),
    Trouble("redirect-file", _is("not-attempted", "scheme")),
    Trouble("redirect-private", _PRIVATE),
    Trouble("redirect-metadata", _PRIVATE),
    Trouble("redirect-loopback", _PRIVATE),
    Trouble("catch-all", _is("gone", "soft-404")),
    Trouble("page-for-paper", _is("gone", "soft-404") | _is("partial", "media"), PAPER),
    Trouble("dns", _is("unreachable", "dns")),
    Trouble("refused", _is("unreachable", "connect")),
    Trouble("tls-expired", _is("unreachable", "tls-expired")),
    Trouble("tls-wrong-host", _is("unreachable", "tls-name")),
    Trouble("tls-self-signed", _is("unreachable", "tls-untrusted", "tls-intermediate")),
)
"""All that end within seconds: `silent` and `stalled` are for where the limits of patience are short."""


class Ordinary(Site):
    """A small newspaper: an article with a style sheet and a picture, and a paper to download."""

    def __init__(self, host: str) -> None:
        super().__init__()
        self.hosts = (host,)

    def pages(self, host: str) -> Mapping[str, Page]:
        page = f"""<!DOCTYPE html><html lang="en">
<head><meta charset="utf-8"><title>Statement on the detained</title>
<link rel="stylesheet" href="/style.css"></head><body><h1>Statement on the detained</h1><img src="/picture.jpg" alt="">
<p>{_TEXT * 6}</p><p><a href="{PAPER}">The statement as a file</a></p></body></html>"""
        paper = html(
            f"<!DOCTYPE html><title>Our archive</title><h1>Our archive has moved</h1><p>{'Search our new site. ' * 20}"
        )
        return {
            "/": html(f"<!DOCTYPE html><title>{host}</title><h1>News</h1><p>{'Other news of today. ' * 30}"),
            ARTICLE: html(page),
            "/style.css": css("h1{color:#333}"),
            "/picture.jpg": file(media_bytes.jpeg("ordinary"), "image/jpeg"),
            PAPER: paper if host == "page-for-paper.example" else file(media_bytes.pdf("Statement"), "application/pdf"),
        }


def troubled_world(troubles: tuple[Trouble, ...] = TROUBLES) -> World:
    own = ("none", "page-for-paper")
    modes = {trouble.host: trouble.mode for trouble in troubles if trouble.mode not in own}
    return World([Ordinary(trouble.host) for trouble in troubles], modes)


def manifest(troubles: tuple[Trouble, ...] = TROUBLES) -> str:
    """A source manifest that cites one page of each host."""
    head = '[report]\nid = "TROUBLES"\ntitle = "Ways to fail"\ndate = "2021-05-21"\npublished = false\n'
    return head + "".join(f'\n[[source]]\ncited = "{trouble.cited}"\n' for trouble in troubles)

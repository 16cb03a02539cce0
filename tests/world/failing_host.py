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
class FailingHost:
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

FAILING_HOSTS = (
    FailingHost("none", _is("captured", None)),
    FailingHost("challenge-cloudflare", _CHALLENGE),
    FailingHost("challenge-cloudflare-503", _CHALLENGE),
    FailingHost("challenge-cloudflare-200", _CHALLENGE),
    FailingHost("blocked-cloudflare", _is("blocked", "challenge", "forbidden")),
    FailingHost("challenge-ddos-guard", _CHALLENGE),
    FailingHost("blocked-sucuri", _is("blocked", "challenge", "forbidden", "geo")),
    FailingHost("challenge-imperva", _CHALLENGE),
    FailingHost("blocked-akamai", _is("blocked", "challenge", "forbidden")),
    FailingHost("challenge-aws-waf", _CHALLENGE),
    FailingHost("challenge-anubis", _CHALLENGE),
    FailingHost("login-200", _LOGIN),
    FailingHost("login-401", _LOGIN),
    FailingHost("login-redirect", _LOGIN),
    FailingHost("consent-200", _is("blocked", "consent")),
    FailingHost("parked", _is("gone", "parked")),
    FailingHost("400", _CLIENT),
    FailingHost("403", _is("blocked", "forbidden")),
    FailingHost("404", _is("gone", "not-found")),
    FailingHost("405", _CLIENT),
    FailingHost("406", _CLIENT),
    FailingHost("410", _is("gone", "not-found")),
    FailingHost("418", _CLIENT),
    FailingHost("429", _is("blocked", "rate")),
    FailingHost("429-for-long", _is("blocked", "rate")),
    FailingHost("451", _is("blocked", "legal")),
    FailingHost("500", _SERVER),
    FailingHost("502", _SERVER),
    FailingHost("503", _SERVER),
    FailingHost("503-retry-after", _SERVER | _is("blocked", "rate")),
    FailingHost("504", _SERVER),
    FailingHost("reset", _is("unreachable", "reset", "empty")),
    FailingHost("closed", _is("unreachable", "reset", "empty")),
    FailingHost("garbage", _is("unreachable", "not-http")),
    FailingHost("empty", _is("unreachable", "empty")),
    FailingHost("no-content", _is("unreachable", "empty")),
    FailingHost("truncated", _is("partial", "truncated")),
    FailingHost("reset-in-body", _is("partial", "truncated")),
    FailingHost("redirect-loop", _is("unreachable", "redirect-loop")),
    FailingHost("redirect-endless", _is("unreachable", "redirect-loop")),
    FailingHost("redirect-nowhere", _is("unreachable", "redirect-invalid")),
    FailingHost("redirect-home", _is("gone", "redirected-home")),
    FailingHost("redirect-file", _is("unreachable", "redirect-invalid")),
    FailingHost("redirect-private", _PRIVATE),
    FailingHost("redirect-metadata", _PRIVATE),
    FailingHost("redirect-loopback", _PRIVATE),
    FailingHost("catch-all", _is("gone", "soft-404")),
    FailingHost("page-for-paper", _is("gone", "soft-404") | _is("partial", "media"), PAPER),
    FailingHost("dns", _is("unreachable", "dns")),
    FailingHost("refused", _is("unreachable", "connect")),
    FailingHost("tls-expired", _is("unreachable", "tls-expired")),
    FailingHost("tls-wrong-host", _is("unreachable", "tls-name")),
    FailingHost("tls-self-signed", _is("unreachable", "tls-untrusted", "tls-intermediate")),
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


def failing_world(failing_hosts: tuple[FailingHost, ...] = FAILING_HOSTS) -> World:
    own = ("none", "page-for-paper")
    modes = {failing_host.host: failing_host.mode for failing_host in failing_hosts if failing_host.mode not in own}
    return World([Ordinary(failing_host.host) for failing_host in failing_hosts], modes)


def manifest(failing_hosts: tuple[FailingHost, ...] = FAILING_HOSTS) -> str:
    """A source manifest that cites one page of each host."""
    head = '[report]\nid = "TROUBLES"\ntitle = "Ways to fail"\ndate = "2021-05-21"\npublished = false\n'
    return head + "".join(f'\n[[source]]\ncited = "{failing_host.cited}"\n' for failing_host in failing_hosts)

"""Following redirects: every hop an exchange of its own, to an answer that is none, or to a loop."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from archive.capture.classify.response import REDIRECTS
from archive.capture.cookies import VisitCookies
from archive.http.head import utf8_text
from archive.urls import Url, UrlError, parse_stated
from archive.workfolder.recorded import Recorded
from archive_manifests.ledger import Status, Verdict
from archive_manifests.notes import note


class Trail(Struct, frozen=True):
    """The hops from a URL to its final answer."""

    hops: tuple[Recorded, ...]
    """The last one is the final answer, or the place where the trail broke off."""
    broke: Verdict | None = None
    """Why the trail does not end in an answer."""

    @property
    def final(self) -> Recorded:
        return self.hops[-1]

    @property
    def ended(self) -> str:
        """When its last exchange ended: a redirect may lead to a page that another source requested before."""
        return max(hop.ended for hop in self.hops)

    @property
    def records(self) -> tuple[str, ...]:
        """Ids of every answer on the way, earlier tries included; what robots.txt led to too is listed as the hop."""
        answers = {hop.answer for hop in self.hops}
        earlier = ([record for record in hop.earlier if record not in answers] for hop in self.hops)
        return tuple(record for hop, before in zip(self.hops, earlier, strict=True) for record in (*before, hop.answer))


def location(recorded: Recorded) -> Url | None:
    """Where a redirect leads, or None where it is none or leads nowhere. (RFC 9110, section 10.2.2)"""
    stated = recorded.header("Location") if recorded.status in REDIRECTS else None
    if not stated:
        return None
    try:
        return parse_stated(utf8_text(stated), recorded.url)
    except UrlError:
        return None


def follow(
    url: Url,
    fetch: Callable[[Url], Recorded],
    *,
    limit: int,
    onward: Callable[[Recorded], Url | None] = location,
    fetch_with_cookies: Callable[[Url, str], Recorded] | None = None,
) -> Trail:
    """Request `url` and follow where the responses lead. `onward` may know further ways, such as a meta refresh.

    `fetch_with_cookies` sends the cookies that the responses on the way have set: a redirect to an address that was
    requested before is no loop where it sets one.
    """
    hops: list[Recorded] = []
    seen: set[tuple[str, str]] = set()
    jar, cookies = VisitCookies(), ""
    while True:
        seen.add((url.href, cookies))
        hops.append(fetch_with_cookies(url, cookies) if cookies and fetch_with_cookies else fetch(url))
        target = onward(hops[-1])
        if target is None:
            return Trail(tuple(hops), _captive(hops) or _not_web(hops) or verdict_of_failure(hops[-1]))
        if fetch_with_cookies is not None:
            jar.store(hops[-1])
            cookies = jar.header(target)
        if (target.href, cookies) in seen:
            circle = note("redirect-circle", url=target.href)
            return Trail(tuple(hops), Verdict(Status.UNREACHABLE, "redirect-loop", circle))
        if len(hops) > limit:
            return Trail(tuple(hops), Verdict(Status.UNREACHABLE, "redirect-loop", note("redirect-limit", n=limit)))
        url = target


def _captive(hops: list[Recorded]) -> Verdict | None:
    """The verdict on a plain http request that somebody on the way sent into a private network."""
    failure = hops[-1].failure
    if len(hops) < 2 or failure is None or failure.reason != "private-address" or hops[-2].url.scheme != "http":
        return None
    return Verdict(Status.BLOCKED, "captive", note("network-private", host=hops[-1].url.host))


def _not_web(hops: list[Recorded]) -> Verdict | None:
    """The verdict on a redirect to `javascript:`, `file:` or the like, which no browser follows: the server's doing."""
    failure = hops[-1].failure
    if len(hops) < 2 or failure is None or failure.reason != "scheme" or hops[-2].status not in REDIRECTS:
        return None
    led = note("location-not-web", status=hops[-2].status or 0, scheme=hops[-1].url.scheme)
    return Verdict(Status.UNREACHABLE, "redirect-invalid", led)


def verdict_of_failure(recorded: Recorded) -> Verdict | None:
    """The verdict on an exchange without a usable answer; None where there is one."""
    failure = recorded.failure
    if failure is None:
        return None
    if failure.stage == "policy":
        return Verdict(Status.NOT_ATTEMPTED, failure.reason, note("not-requested", detail=failure.message))
    return Verdict(Status.UNREACHABLE, failure.reason, note("no-response", detail=failure.message))

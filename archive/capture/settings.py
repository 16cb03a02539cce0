"""How a report's sources are captured: everything a user may choose, in one value."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct, field

from archive.errors import UsageProblem
from archive.net.client import USER_AGENT
from archive.net.limits import ExchangeLimits
from archive.net.proxy import Proxy
from archive.net.router import ConnectTo
from archive.urls import host_name
from archive_manifests.sources import round_problem


class FetchSettings(Struct, frozen=True):
    """The switches of `archive fetch`. Defaults are for a laptop on a bad line, and for a polite visitor."""

    connect_to: tuple[str, ...] = ()
    cacerts: tuple[Path, ...] = ()
    accept_certificate: tuple[str, ...] = ()
    """Hosts whose certificates are accepted whatever they say."""
    proxy: str | None = None
    allow_private: bool = False
    jobs: int = 8
    """Hosts at once."""
    per_host: int = 1
    delay: float = 1.0
    """Seconds between pages of a host; a tenth of it between requisites."""
    max_size: int = 5 << 30
    """Bytes of one body on the wire."""
    max_total: int | None = None
    """Bytes of the whole run."""
    limit_rate: float | None = None
    """Bytes a second."""
    media: bool = True
    memento: bool = True
    timemaps: tuple[str, ...] = ()
    """Where further archives list their copies: templates with `{url}` or `{+url}`. (RFC 7089, RFC 6570)"""
    every_archive: bool = False
    """Look every source up in each archive, also where the live web serves it: earlier observers."""
    third_parties: bool = True
    submit: bool = False
    """Submit sources to the Wayback Machine: it learns what the report cites, and publishes it."""
    identify: str | None = None
    """Appended to the User-Agent."""
    cookies: Path | None = None
    obey_robots: bool = False
    demonstration: bool = False
    round: str | None = None
    """What the observers of one report agreed on: the records log begins with its digest."""
    browser: bool = False
    """Have a browser draw what was captured, where there is one."""
    authorities: tuple[str, ...] = ()
    """Timestamp authorities that bracket the run. (RFC 3161)"""
    tries: int = 3
    """For failures that may pass."""
    redirects: int = 20
    requisites: int = 3000
    """Most that one page may have."""
    source_size: int | None = None
    """Bytes that one source may bring."""
    source_seconds: float = 6 * 3600.0
    """How long one source may take."""
    run_seconds: float | None = None
    retry_after: float = 120.0
    """Most seconds that a server's Retry-After is waited for."""
    limits: ExchangeLimits = field(default_factory=ExchangeLimits)

    @property
    def user_agent(self) -> str:
        return f"{USER_AGENT} {self.identify}" if self.identify else USER_AGENT

    def routes(self) -> tuple[ConnectTo, ...]:
        return tuple(ConnectTo.parse(text) for text in self.connect_to)

    def accepted_hosts(self) -> frozenset[str]:
        """The hosts of `--accept-certificate` as names on the wire. Raises `UsageProblem`."""
        return frozenset(host_name(text) for text in self.accept_certificate)

    def way_out(self) -> Proxy | None:
        return Proxy.parse(self.proxy) if self.proxy else None

    def check(self) -> None:
        """Raise `UsageProblem` for what cannot be used, before anything is begun: a folder begun with it would stay."""
        from archive.capture.cookies import UserCookies
        from archive.capture.memento.timemap import check_template
        from archive.net.tls import require_roots

        wrong = round_problem(self.round) if self.round is not None else None
        if wrong is not None:
            raise UsageProblem(f"--round: {wrong}")
        if self.submit and not self.third_parties:
            raise UsageProblem("--submit-wayback informs a third party, which --no-third-parties forbids; drop one")
        if self.every_archive and not (self.memento and self.third_parties):
            raise UsageProblem("--every-archive looks sources up in archives, which another option forbids; drop one")
        for template in self.timemaps:
            check_template(template)
        self.routes()
        self.way_out()
        self.accepted_hosts()
        require_roots(self.cacerts)
        UserCookies(self.cookies)

    def as_options(self) -> dict[str, str | int | float | bool | list[str] | None]:
        """What changes what is captured: a work folder made with other values is not resumed."""
        from archive.net.tls import certificate_digests  # late, as above

        return {
            "connect_to": list(self.connect_to),
            "added_cas": [digest for path in self.cacerts for digest in certificate_digests(path)],
            "accept_certificate": sorted(self.accepted_hosts()),
            "proxy": self.way_out().kind if self.proxy else None,  # type: ignore[union-attr]
            "allow_private": self.allow_private,
            "max_size": self.max_size,
            "max_total": self.max_total,
            "media": self.media,
            "memento": self.memento,
            "timemaps": list(self.timemaps),
            "third_parties": self.third_parties,
            "submit": self.submit,
            "identify": self.identify,
            "cookies": self.cookies is not None,
            "obey_robots": self.obey_robots,
            "demonstration": self.demonstration,
            "round": self.round,
            "browser": self.browser,
        } | ({"every_archive": True} if self.every_archive else {})


NO_REQUESTS = FetchSettings(third_parties=False, memento=False, media=False)
"""Of a bag that is made of recordings."""

"""What a person chooses for a run, laid over the options that the desk was started with."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from archive.capture.settings import FetchSettings
from archive.net.proxy import Proxy

TOR = "socks5h://127.0.0.1:9050"
"""Where the Tor service listens; Tor Browser's own is port 9150."""
TOR_BROWSER = "socks5h://127.0.0.1:9150"
ROUTES = ("direct", "tor", "tor-browser", "other")


class Choices(msgspec.Struct, frozen=True):
    """The choices for one report."""

    route: str = "direct"
    """One of `ROUTES`; `direct` is the way that the desk was started with."""
    proxy: str = ""
    """For the route `other`."""
    browser: bool = True
    media: bool = True
    memento: bool = True
    third_parties: bool = True
    accept_certificate: tuple[str, ...] = ()
    """Hosts whose certificates are accepted whatever they say; the bag states it."""

    def proxy_url(self, base: FetchSettings) -> str | None:
        """The proxy that is used, as `--proxy` takes it. Raises `UsageProblem`."""
        if self.route == "other":
            Proxy.parse(self.proxy)
            return self.proxy
        return {"tor": TOR, "tor-browser": TOR_BROWSER}.get(self.route, base.proxy)

    def settings(self, base: FetchSettings) -> FetchSettings:
        """The settings of the run. Raises `UsageProblem`."""
        return replace(
            base,
            proxy=self.proxy_url(base),
            browser=self.browser and base.browser,
            media=self.media and base.media,
            memento=self.memento and base.memento,
            third_parties=self.third_parties and base.third_parties,
            accept_certificate=(*base.accept_certificate, *self.accept_certificate),
        )

    def words(self) -> list[str]:
        """The options of `archive fetch` that choose the same."""
        found = ["--proxy", self.proxy_shown] if self.route != "direct" else []
        switches = {"--no-browser": self.browser, "--no-media": self.media, "--no-memento": self.memento}
        switches["--no-third-parties"] = self.third_parties
        found += [switch for switch, is_on in switches.items() if not is_on]
        return found + [word for host in self.accept_certificate for word in ("--accept-certificate", host)]

    @property
    def proxy_shown(self) -> str:
        """The proxy without name and password."""
        if self.route != "other":
            return {"tor": TOR, "tor-browser": TOR_BROWSER}.get(self.route, "")
        parsed = Proxy.parse(self.proxy)
        return f"{'socks5h' if parsed.kind == 'socks5' else 'http'}://{parsed.host}:{parsed.port}"

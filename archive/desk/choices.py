"""What a person chooses for a run, laid over the options that the desk was started with."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec.structs import replace

from archive.capture.settings import FetchSettings
from archive.net.proxy import Proxy
from archive.workfolder.resuming import LIMITS, SWITCHES

TOR = "socks5h://127.0.0.1:9050"
"""Where the Tor service listens; Tor Browser's own is port 9150."""
TOR_BROWSER = "socks5h://127.0.0.1:9150"
ROUTES = ("direct", "tor", "tor-browser", "other")


class Choices(msgspec.Struct, frozen=True):
    """The choices for one report."""

    route: str = "direct"
    """One of `ROUTES`; `direct` is the way that the desk was started with: its proxy, where it has one."""
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

    def words(self, base: FetchSettings) -> list[str]:
        """The options of `archive fetch` that do the same: those chosen here, and those that the desk began with."""
        return options_of(self.settings(base))


def proxy_shown(url: str) -> str:
    """A proxy without name and password."""
    parsed = Proxy.parse(url)
    host = f"[{parsed.host}]" if ":" in parsed.host else parsed.host
    return f"{'socks5h' if parsed.kind == 'socks5' else 'http'}://{host}:{parsed.port}"


def options_of(settings: FetchSettings) -> list[str]:
    """The options of `archive fetch` that give these settings."""
    found: list[str] = []
    for name, (default, switch) in {**SWITCHES, **LIMITS}.items():
        value = getattr(settings, name)
        if name == "proxy" and value:
            value = proxy_shown(value)
        if value and isinstance(value, tuple):
            found += [word for one in value for word in (switch, str(one))]
        elif value not in (default, None, ()):
            found += [switch.split()[0], *_value(value)]
    return found + [word for path in settings.cacerts for word in ("--cacert", str(path.absolute()))]


def _value(value: object) -> list[str]:
    """What follows a switch; nothing after one that only switches."""
    if isinstance(value, bool):
        return []
    if isinstance(value, Path):
        return [str(value.absolute())]
    if isinstance(value, float):
        return [f"{value:g}"]
    return [str(value)]

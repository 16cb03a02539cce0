"""The options of every command that uses the network."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from archive_cli.parameters import FILE, ProxyAddress

if TYPE_CHECKING:
    from archive.capture.settings import FetchSettings
    from archive.net import ExchangeLimits, HttpClient

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40}


def size(text: str) -> int:
    """Bytes, with an optional unit: `500M`, `2GiB`."""
    read = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?i?)b?", text.strip().lower())
    if read is None or read[2] not in _UNITS:
        raise click.BadParameter(f"{text!r} is not a size; write 500M or 2GiB")
    return int(float(read[1]) * _UNITS[read[2]])


_SWITCHES = (
    click.option("--connect-to", multiple=True, metavar="HOST:PORT:ADDR:PORT", help="Connect elsewhere, as curl does."),
    click.option("--cacert", "cacerts", multiple=True, type=FILE, help="Trust these roots beside the usual ones."),
    click.option("--accept-certificate", multiple=True, metavar="HOST", help="Accept any certificate of this host."),
    click.option(
        "--proxy",
        type=ProxyAddress(),
        metavar="URL",
        help="Go through http://HOST:PORT or socks5h://HOST:PORT (Tor).",
    ),
    click.option("--allow-private", is_flag=True, help="Permit private and loopback addresses."),
    click.option("--jobs", type=click.IntRange(1, 64), default=8, show_default=True, help="Hosts at once."),
    click.option("--per-host", type=click.IntRange(1, 64), default=1, show_default=True, help="Connections per host."),
    click.option(
        "--delay", type=click.FloatRange(0), default=1.0, show_default=True, help="Seconds between pages of a host."
    ),
    click.option("--max-size", type=size, default="5GiB", metavar="SIZE", help="Largest response (5GiB)."),
    click.option("--max-total", type=size, metavar="SIZE", help="Largest capture in all."),
    click.option("--limit-rate", type=size, metavar="SIZE", help="Highest speed in bytes a second."),
    click.option("--no-media", is_flag=True, help="Leave video and sound out."),
    click.option("--no-memento", is_flag=True, help="Request no copies from other archives."),
    click.option("--no-third-parties", is_flag=True, help="Contact only cited hosts and hosts that pages name."),
    click.option("--identify", metavar="TEXT", help="Append this to the User-Agent."),
    click.option("--cookies", type=FILE, help="Send cookies of this file (Netscape format); the ledger says so."),
    click.option("--obey-robots", is_flag=True, help="Obey robots.txt."),
)


def network_switches(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the network options, in the order of the help text."""
    for switch in reversed(_SWITCHES):
        command = switch(command)
    return command


def settings_of(switches: dict[str, Any]) -> FetchSettings:
    """The library's settings for these options."""
    from archive.capture.settings import FetchSettings

    given = dict(switches)
    settings = FetchSettings(
        connect_to=tuple(given.pop("connect_to")),
        cacerts=tuple(given.pop("cacerts")),
        accept_certificate=tuple(given.pop("accept_certificate")),
        media=not given.pop("no_media"),
        memento=not given.pop("no_memento"),
        third_parties=not given.pop("no_third_parties"),
        **given,
    )
    settings.check()
    return settings


def authority_client(switches: dict[str, Any]) -> HttpClient:
    """A client for timestamp authorities, from `connect_to`, `cacerts`, `proxy`, `allow_private`."""
    from archive.timestamp.authority import patient_limits

    return small_client(switches, patient_limits())


def small_client(switches: dict[str, Any], limits: ExchangeLimits) -> HttpClient:
    """A client for single requests, from the same switches."""
    from archive.net import ClientSettings, HttpClient
    from archive.net.proxy import Proxy
    from archive.net.router import ConnectTo

    return HttpClient(
        ClientSettings(
            limits=limits,
            connect_to=tuple(ConnectTo.parse(text) for text in switches["connect_to"]),
            cacerts=switches["cacerts"],
            proxy=Proxy.parse(switches["proxy"]) if switches["proxy"] else None,
            allow_private=switches["allow_private"],
        )
    )

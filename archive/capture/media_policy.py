"""What is not fetched from particular hosts, whatever the switches say, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.urls import Url
from archive_manifests.notes import note

if TYPE_CHECKING:
    from archive.capture.visit import Visit

NO_MEDIA = note("film-host")
_FILM_SITES = (
    "faselhd",
    "faselhds",
    "faselhdx",
    "egybest",
    "akwam",
    "cima4u",
    "mycima",
    "wecima",
    "shahid4u",
    "arabseed",
)
"""Such sites change their top-level domain every few months, and keep the name before it."""


def never_media(url: Url) -> bool:
    """True for hosts of which no film is fetched."""
    return any(label.startswith(_FILM_SITES) for label in url.hostname.split(".")[:-1])


def wants_media(visit: Visit, *led_to: Url) -> bool:
    """True where films and sounds that the page serves are fetched: no host forbids it, the cited one or one it led to.

    A short link to a film site brings no film, and a film site that sends on elsewhere shows somebody's film there too.
    """
    is_wanted = visit.settings.media and visit.source.media is not False
    return is_wanted and not any(map(never_media, (visit.url, *led_to)))

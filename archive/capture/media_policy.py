"""Hosts from which no media is fetched, whatever the options say, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.urls import Url
from archive_manifests.notes import note

if TYPE_CHECKING:
    from archive.capture.visit import Visit

NO_MEDIA = note("video-host")
_UNLICENSED_VIDEO_SITES = (
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
    """True for hosts that show videos without licence: none is fetched."""
    return any(label.startswith(_UNLICENSED_VIDEO_SITES) for label in url.hostname.split(".")[:-1])


def wants_media(visit: Visit, *led_to: Url) -> bool:
    """True where the page's videos and sounds are fetched: neither the cited host nor a redirect target forbids it.

    A short link to such a site fetches no video, and neither does such a site's redirect to another host.
    """
    is_wanted = visit.settings.media and visit.source.media is not False
    return is_wanted and not any(map(never_media, (visit.url, *led_to)))

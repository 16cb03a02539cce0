"""Reading an answer as a page, where it is one, and finding where it sends its reader."""

from __future__ import annotations

from archive.capture.recorded import Recorded
from archive.capture.requisites.html import read_html
from archive.capture.requisites.reading import PageReading, Refresh
from archive.capture.requisites.refresh import split
from archive.capture.trail import location
from archive.urls import Url, UrlError, parse

HTML_TYPES = ("text/html", "application/xhtml+xml")
REFRESH_WITHIN = 5.0
"""Seconds: a page that sends its reader on so soon is a hop. (HTML Standard, 4.2.5.3)"""


def read(recorded: Recorded) -> PageReading | None:
    """Read an answer as a page, where it is one."""
    if recorded.head is None or not is_html(recorded):
        return None
    return read_html(recorded.content(), url=recorded.url, charset=recorded.charset)


def is_html(recorded: Recorded) -> bool:
    if recorded.media_type:
        return recorded.media_type in HTML_TYPES
    return recorded.content(512).lstrip()[:15].lower().startswith((b"<!doctype html", b"<html"))


def onward(recorded: Recorded) -> Url | None:
    """Where an answer sends its reader: by its status, or by a refresh within five seconds."""
    target = location(recorded)
    if target is not None or recorded.status != 200:
        return target
    refresh = _stated_refresh(recorded)
    if refresh is None and recorded.media_type in HTML_TYPES:
        reading = read(recorded)
        refresh = reading.refresh if reading is not None else None
    if refresh is None or refresh.delay > REFRESH_WITHIN or refresh.url.href == recorded.url.href:
        return None
    return refresh.url


def _stated_refresh(recorded: Recorded) -> Refresh | None:
    """The `Refresh` field, which no RFC knows and every browser obeys. (HTML Standard, 7.4.6)"""
    stated = split(recorded.header("Refresh") or "")
    if stated is None or not stated[1]:
        return None
    try:
        return Refresh(stated[0], parse(stated[1], recorded.url))
    except UrlError:
        return None

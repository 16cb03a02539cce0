"""Which fields a request has, and in which order, by who sent it: this program, or a guest that it sends them for.

The recorder writes no other heads than those of its own client, whose list is closed. What a video extractor or the
scripts of a page send is their own; the metadata of the exchange says whose request it is, and the warcinfo of the file
whether such a guest was there at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archive.capture.politeness import ROBOTS_TXT
from archive.warc.sent_fields import BODY
from archive_manifests.exchanges import Purpose

EXTRACTOR, BROWSER = "yt-dlp", "playwright"
_GUESTS: dict[str | None, str] = {Purpose.VIDEO_EXTRACTOR: EXTRACTOR, Purpose.PAGE_SCRIPT: BROWSER}
"""Purpose -> the library without which nobody sends such a request."""

_BARE = ("uagk", "uagck")
"""Without fields of their own. The letters are those of `archive.warc.sent_fields`; `c`, Cookie, is compared apart."""
_PLAIN = ("ugpk", "ugpck", "ugak", "ugack")
"""For a page, or for what a page needs."""
_DISPLAYED = ("ugAk", "ugAck")
"""What a browser displays: it says itself which types it takes."""
_REST = {form.replace(form[2], f"{form[2]}ri"): form for form in (*_PLAIN, *_DISPLAYED)}
_FORMS: dict[str | None, frozenset[str]] = {
    Purpose.SOFT_404_PROBE: frozenset(_BARE),
    Purpose.READING_PROBE: frozenset(_BARE),
    Purpose.MISSING_ISSUER: frozenset(_BARE[:1]),
    Purpose.CONSENT_REJECTED: frozenset({"ugpck"}),
    Purpose.WAYBACK_SUBMISSION: frozenset({*_BARE, f"ugAtlk{BODY}", f"ugAtclk{BODY}"}),
    Purpose.REST_OF_RESPONSE: frozenset(_REST),
}
_OF_VISIT = frozenset({"", Purpose.COOKIES_OF_VISIT})
_SCRIPTS = ("ug", "uag")
"""How requests of scripts begin: what a script sets itself follows."""


def is_form(
    form: str, purpose: str, uri: str | None, libraries: Mapping[str, Any] | None, *, is_guests: bool = False
) -> bool:
    """True where requests with this purpose have such a form.

    `libraries` are those that the warcinfo of the file states, None where a later run may have had others. With
    `is_guests` the address was requested by the video extractor before.
    """
    if purpose in _OF_VISIT and form in _PLAIN:
        return True
    if not form.removesuffix(BODY).endswith("k"):  # Connection, which the client sets itself, is the last of any
        return False
    guest = _GUESTS.get(purpose)
    if guest is not None:
        is_there = libraries is None or guest in libraries
        return is_there and (purpose == Purpose.VIDEO_EXTRACTOR or form.startswith(_SCRIPTS))
    if form in _DISPLAYED or _REST.get(form) in _DISPLAYED:
        is_there = libraries is None or BROWSER in libraries
        return is_there and (purpose in _OF_VISIT or purpose == Purpose.REST_OF_RESPONSE)
    if purpose in _OF_VISIT:
        return form in _BARE and (uri or "").endswith(ROBOTS_TXT)
    return form in _FORMS.get(purpose, ()) or (is_guests and purpose == Purpose.REST_OF_RESPONSE)

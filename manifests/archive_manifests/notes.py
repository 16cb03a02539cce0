"""Notes: what capture observed, as a closed code and its facts. The sentence is rendered when it is shown.

A note in the ledger and the journal is `{code, facts, text}`: code and facts are the statement; `text` is the English
sentence that the catalogue gives for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from archive_manifests.note_facts import NOTE_FACTS


@dataclass(frozen=True, slots=True)
class Note:
    """One observation of the capture."""

    code: str
    """A key of `NOTE_FACTS`."""
    facts: dict[str, Fact] = field(default_factory=dict)
    text: str = field(default="", compare=False)
    """The English sentence, where the note is stored; empty until then."""

    def __hash__(self) -> int:
        return hash((self.code, *sorted(self.facts)))


Fact = str | int | float | bool | Note | tuple[Note, ...]
"""What a sentence is filled in with; of a number or a name, another note, several notes."""


def note(code: str, **facts: Fact) -> Note:
    """A note with exactly the facts that its code has. Raises `ValueError` for any other."""
    fault = fault_of(Note(code, facts))
    if fault is not None:
        raise ValueError(fault)
    return Note(code, facts)


def fault_of(given: Note) -> str | None:
    """Why a note does not follow the catalogue, the notes among its facts included; None where it does."""
    stated = NOTE_FACTS.get(given.code)
    if stated is None:
        return f"note {given.code}: not in the catalogue of notes"
    if set(stated) != set(given.facts):
        return (
            f"note {given.code}: facts {', '.join(stated) or 'none'} expected, {', '.join(given.facts) or 'none'} found"
        )
    return next((fault for inner in inner_notes(given) if (fault := fault_of(inner)) is not None), None)


def read_note(value: object) -> Note | None:
    """A note out of decoded JSON; None for anything else."""
    try:
        return msgspec.convert(value, Note)
    except msgspec.ValidationError:
        return None


def inner_notes(given: Note) -> Iterable[Note]:
    """The notes among the facts of a note."""
    for fact in given.facts.values():
        if isinstance(fact, Note):
            yield fact
        elif isinstance(fact, tuple):
            yield from fact


MOMENTS = frozenset({"when", "until", "date"})
"""Names of facts that are a day or an instant in UTC."""
ADDRESSES = frozenset({"url", "other", "host"})
"""Names of facts that are a URL or a host."""
VERDICTS = frozenset({"verdict"})
"""Names of facts that are a status of the ledger."""

MEMENTO_POLICIES = frozenset(
    f"memento-policy-{name}" for name in ("none", "off", "unpublished", "wayback", "others")
)
"""Codes of the condition `memento_policy`."""
REQUESTING_POLICIES = frozenset({"memento-policy-wayback", "memento-policy-others"})
"""Those under which other archives get requests."""
CLOCK_OFFSETS = frozenset({"clock-unknown", "clock-behind", "clock-ahead"})
"""Codes of the condition `clock`: the collector's clock against the servers' clocks."""

NOTE_FACTS: Mapping[str, tuple[str, ...]] = {
    # Conditions of the run
    "memento-policy-none": (),
    "memento-policy-off": (),
    "memento-policy-unpublished": (),
    "memento-policy-wayback": (),
    "memento-policy-others": ("hosts",),
    "clock-unknown": (),
    "clock-behind": ("seconds", "hosts"),
    "clock-ahead": ("seconds", "hosts"),
    # What stands in the place of the source
    "wall": ("name", "status", "sign"),
    "wall-rate": ("name", "sign"),
    "wall-geo": ("name", "sign"),
    "everywhere-refused": ("detail",),
    "everywhere-challenge": ("detail",),
    "everywhere-network": ("detail",),
    "everywhere-password": (),
    "filter-frame": (),
    "network-login-host": ("host",),
    "network-private": ("host",),
    "refusal-page": ("name", "detail"),
    "refusal-filter": ("detail",),
    "refusal-network": ("detail",),
    "refusal-order": ("detail",),
    "refusal-product": ("detail",),
    "header-sign": ("header",),
    "markup-sign": ("detail",),
    "title-sign": ("detail",),
    "text-sign": ("detail",),
    "riddle": ("detail",),
    "down": ("detail",),
    "geo-refused": ("detail",),
    "paywall": ("detail",),
    "age-gate": ("detail",),
    "consent-host": ("host",),
    "consent-page": ("detail",),
    "password": ("status",),
    "login-redirect": ("url",),
    "login-page": ("detail",),
    # What the response is
    "broke-off": (),
    "no-content": ("status",),
    "page-for-file": ("due",),
    "page-for-file-sign": ("due", "sign"),
    "page-about-file": ("due",),
    "soft-404": ("status", "sign"),
    "soft-404-signs": ("status", "first", "second"),
    "page-names-nothing": (),
    "page-title": ("detail",),
    "error-page": (),
    "redirected": ("url",),
    "empty-shell": ("detail", "n"),
    "needs-scripts": ("n",),
    "same-shell": (),
    "without-text": ("n",),
    "without-text-drawn": (),
    "home-page": ("url",),
    "other-post": ("url",),
    "other-post-number": ("cited", "came", "url"),
    "parked-host": ("host",),
    "parked": ("detail",),
    "parked-everywhere": (),
    "for-sale": ("detail",),
    "host-closed": ("detail",),
    "placeholder": ("detail",),
    "not-found": ("status",),
    "gone-for-good": ("status",),
    "rate-limited": ("status",),
    "rate-limited-until": ("status", "wait"),
    "nobody-now": ("wait",),
    "legal": ("status",),
    "taken-for-program": ("status",),
    "network-login": ("status",),
    "server-timeout": ("status",),
    "server-failed": ("status",),
    "server-refused": ("status",),
    "server-forbids": ("status",),
    "server-geo": ("status", "detail"),
    "no-location": ("status",),
    # Requests
    "not-requested": ("detail",),
    "no-response": ("detail",),
    "redirect-circle": ("url",),
    "redirect-limit": ("n",),
    "skipped": (),
    "not-a-url": (),
    "not-web": ("scheme",),
    "fault": ("detail",),
    "fault-elsewhere": ("detail",),
    "read-as": ("url", "other"),
    "other-reading": ("url",),
    "credentials": (),
    "tracking": ("name", "who"),
    "tracking-text": ("url",),
    "tracking-bytes": ("url",),
    "tracking-page": ("url",),
    "tracking-other": ("url",),
    "tracking-nothing": ("url",),
    "tracking-status": ("url", "status", "cited"),
    # What was unusual about a response or its connection
    "head-empty-lines": (),
    "head-line-ends": (),
    "head-folded": (),
    "head-no-colon": (),
    "head-space-before-colon": ("name",),
    "head-no-name": (),
    "head-controls": (),
    "length-beside-coding": (),
    "coding-in-old-http": ("detail",),
    "coding-repeated": (),
    "coding-not-chunked": (),
    "locations-differ": (),
    "status-below-100": ("status",),
    "length-not-a-number": (),
    "length-too-large": (),
    "lengths-differ": (),
    "chunk-line-too-long": (),
    "chunk-too-long": (),
    "chunk-size-unreadable": (),
    "trailers-too-long": (),
    "cut-by-size": (),
    "surplus": ("n",),
    "ended-early": ("detail",),
    "too-slow": ("detail",),
    "killed-early": (),
    "unrequested-input": ("n",),
    "certificate-accepted": ("detail",),
    "certificate-added": (),
    "sent-again": (),
    # Requisites and facets
    "requisites-missing": ("n", "all"),
    "requisites-withheld": ("n", "all"),
    "decoration-missing": ("n", "all"),
    "source-is": ("verdict",),
    "no-media-named": (),
    "no-media-requested": (),
    "media-missing": (),
    "no-browser": (),
    "browser-missing": ("detail",),
    "browser-no-driver": (),
    "browser-no-chromium": (),
    "browser-broke": (),
    "browser-broke-because": ("detail",),
    "no-picture": (),
    "not-a-page": (),
    "picture-supplied": (),
    "scripts-drew": (),
    "scripts-requested": ("n",),
    "scripts-redirected": ("url",),
    "as-rendered": ("why",),
    # Copies from elsewhere
    "memento-here": ("live", "holder", "when", "age"),
    "memento-captured": ("when", "age"),
    "memento-far": ("age",),
    "memento-other-form": ("url", "form"),
    "memento-changed": ("when",),
    "memento-passed-over": ("when", "why"),
    "memento-joined": ("when", "until"),
    "memento-missing": ("n", "all"),
    "memento-rewritten": (),
    "memento-not-rendered": (),
    "memento-problem": ("why",),
    "days-before": ("n",),
    "days-after": ("n",),
    "same-day": (),
    "undated": (),
    "form-cited": (),
    "form-clean": (),
    "form-reading": (),
    "form-redirect": (),
    "form-shortlink": (),
    "form-folder-list": (),
    "form-file": (),
    "form-same-post": ("host",),
    "form-widget": (),
    "form-channel": (),
    "form-without-query": (),
    "form-without-fault": ("detail",),
    "form-without-both": ("detail",),
    "archive-gave-up": ("host",),
    "archive-unreached": ("host", "detail"),
    "archive-status": ("host", "status"),
    "archive-index-not-json": ("host", "detail"),
    "archive-index-other": ("host",),
    "archive-row-of-other": ("host", "other", "url"),
    "timemap-others": ("host", "detail"),
    "timemap-pages": ("host", "n"),
    "timemap-of-other": ("host", "url", "other"),
    "timemap-of-nothing": ("host", "url"),
    "timemap-elsewhere": ("host", "url"),
    "timemap-unreadable": ("host", "detail"),
    "memento-later": ("when",),
    "memento-moment": ("when",),
    "memento-moved": ("when",),
    "memento-circle": (),
    "memento-unreached": ("detail",),
    "memento-led-away": (),
    "memento-not-held": (),
    "memento-closed": ("status",),
    "memento-of-other": ("url",),
    "successor-named": (),
    "successor-moved": ("host", "other", "since", "claim"),
    "successor-ended": ("verdict",),
    "successor-ended-because": ("verdict", "reason"),
    "of-successor": ("url", "why"),
    "submission-saved": ("when", "url"),
    "submission-pending": ("when",),
    "submission-refused": ("when", "why"),
    "submission-error": ("when", "why"),
    "submission-unreached": ("detail",),
    "submission-rate": ("status",),
    "submission-account": ("status",),
    "submission-unexpected": ("status",),
    "submission-no-place": (),
    "submission-no-reason": (),
    "submission-no-job": (),
    "submission-words": ("detail",),
    # What persons give
    "supplied": ("detail", "name"),
    "attested": ("who", "when", "detail"),
    "reading-decided": ("url", "who", "when", "detail"),
    "attested-unnamed": ("when", "detail"),
    "recording-holds": ("n", "when"),
    "recording-holds-under": ("n", "when", "detail"),
    "recording-lacks": (),
    "recording-error": ("n", "when", "status"),
    "other-address-accepted": (),
    "recording-extracts": (),
    "recording-title": ("detail",),
    "recording-damaged": ("codes",),
    "recording-signed": ("detail",),
    "saved-from-other": ("url",),
    "saved-from-on": ("url", "detail"),
    "saved-from": ("url",),
    "recording-warcio": ("detail",),
    "recording-habits": ("codes",),
    "recording-needs": ("name",),
    "recording-timestamped": ("detail",),
    "may-supply": (),
    "may-supply-account": (),
    # Posts and files of particular sites
    "post-unknown": (),
    "post-unknown-status": ("status",),
    "post-other-record": ("number", "shown"),
    "post-before": ("when", "date"),
    "post-after": ("when", "date"),
    "post-changed": ("when",),
    "post-published": ("detail",),
    "post-embedded": ("name",),
    "page-unavailable": ("why",),
    "no-post-media": (),
    "x-says": ("detail",),
    "x-no-text": (),
    "x-quotation-only": (),
    "x-no-post": (),
    "telegram-private": (),
    "telegram-says": ("detail",),
    "telegram-app": (),
    "telegram-video": (),
    "embed-says": ("detail",),
    "embed-only": ("verdict", "reason", "why"),
    "tiktok-missing": (),
    "tiktok-private": ("number",),
    "tiktok-unknown": ("number",),
    "drive-scan-form": (),
    "drive-form-missing": ("n", "why"),
    "drive-file-missing": ("why",),
    "drive-viewer-only": ("why",),
    "drive-forms": (),
    "drive-quota": (),
    "drive-quota-says": ("detail",),
    "drive-other": (),
    "drive-other-says": ("detail",),
    "drive-folder": ("n",),
    "drive-folder-empty": (),
    "drive-folder-missing": ("why",),
    "drive-folder-partly": ("n", "all", "why"),
    "drive-folder-more": ("n", "all"),
    "drive-folder-no-list": ("name", "why"),
    "drive-no-list": ("status",),
    "folder-leads-out": ("name", "host"),
    "folder-item": ("name", "why"),
    "file-name": ("detail",),
    "file-changed": ("detail",),
    "file-cut": (),
    "file-only-in-record": ("detail",),
    "url-only-in-records": ("url",),
    # Videos
    "video-host": (),
    "consent-rejected": (),
    "no-extractor": (),
    "no-deno": (),
    "video-left-out": (),
    "video-of-others": (),
    "videos-more": ("n", "all"),
    "video-missing": ("why",),
    "videos-missing": ("n", "all", "why"),
    "video-at": ("url", "why"),
    "video-at-player": ("url", "why"),
    "video-beside": (),
    "video-not-requested": ("why",),
    "video-requested": ("why",),
    "video-behind-wall": ("why",),
    "video-none": (),
    "video-refused": ("detail",),
    "video-did-not-come": ("detail",),
    "video-streams": ("detail",),
    "video-not-yet": ("detail",),
    "video-protected": ("detail",),
    "video-bound": ("detail",),
    "video-room": (),
    "video-fault": ("detail",),
    "video-incomplete": ("detail",),
    "video-smaller": (),
    "video-two-files": (),
    "video-two-files-fault": (),
    "video-no-picture": (),
    "subtitles-refused": ("language", "status"),
    "meeting-page": (),
    "meeting-guess": ("detail", "verdict"),
    "meeting-guess-because": ("detail", "verdict", "reason"),
    "meeting-player-page": ("number",),
    "meeting-player-status": ("number", "status"),
    "meeting-player-silent": ("number", "detail"),
}
"""Code -> the names of its facts."""

"""Where each note may stand in the ledger, and what proves it there.

A code of the catalogue without a row here makes the tests fail: whoever adds a note decides what `verify` holds it
against.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct


class Place(StrEnum):
    """Where a note stands."""

    CONDITION = "condition"
    """Among the conditions of the run."""
    VERDICT = "verdict"
    """What was seen of a source or of a copy: the detail of its verdict."""
    FACET = "facet"
    """Why source code, appearance or media are absent."""
    SOURCE = "source"
    """Among the notes of a source."""
    COPY = "copy"
    """On a copy that the program made: what it is."""
    SUPPLIED = "supplied"
    """On a file that a person supplied."""
    SUBMISSION = "submission"
    """On a submission to an archive."""
    WITHIN = "within"
    """Among the facts of another note, which decides about it."""


class ProvenBy(StrEnum):
    """What proves a note."""

    VISIT = "visit"
    """The visit made again gives it."""
    EXCHANGE = "exchange"
    """The metadata of an exchange, or the record of a fault, has it."""
    EXTRACTOR = "extractor"
    """The extractor stated it of a video when it ended (`archive.videos/1`), or the visit made again gives it."""
    BROWSER = "browser"
    """The records of a rendering, of a browser that broke (`archive.browser-broke/1`), of the requests of scripts."""
    LOOKUP = "lookup"
    """The records of a look-up in another archive."""
    SUCCESSOR = "successor"
    """The visit of a new address made again."""
    SUBMISSION = "submission"
    """What the entry states of its last submission."""
    CITATION = "citation"
    """What is cited, and the readings of it."""
    MANIFEST = "manifest"
    """The source manifest."""
    RECORDING = "recording"
    """The supplied file read again."""
    CONDITIONS = "conditions"
    """What each WARC states of its run, and the records."""
    PERSON = "person"
    """A person's word, of which only a seal shows that nobody changed it since."""
    RUN = "run"
    """The run alone could know it: no record proves it. It stands only where the rest of the entry leaves room."""
    OTHER = "other"
    """Whatever proves the note in whose facts it stands."""


class NoteProof(Struct, frozen=True):
    """What a note of one code needs."""

    by: ProvenBy
    places: frozenset[Place]


_OF_VERDICT = (Place.VERDICT, Place.FACET, Place.WITHIN)
_ROWS: tuple[tuple[ProvenBy, tuple[Place, ...], str], ...] = (
    (
        ProvenBy.CONDITIONS,
        (Place.CONDITION,),
        "memento-policy-none memento-policy-off memento-policy-unpublished memento-policy-wayback memento-policy-others"
        " memento-policy-every clock-unknown clock-behind clock-ahead",
    ),
    # The verdict on the page: what stands in its place, what the response is, why there is none
    (
        ProvenBy.VISIT,
        _OF_VERDICT,
        "wall wall-rate wall-geo everywhere-refused everywhere-challenge everywhere-network everywhere-password"
        " filter-frame network-login-host network-private refusal-page refusal-filter refusal-network refusal-order"
        " refusal-product riddle down geo-refused paywall age-gate consent-host consent-page password login-redirect"
        " login-page broke-off no-content coding-false coding-broken coding-unread page-for-file kind-unknown"
        " kind-differs page-for-file-sign page-about-file soft-404 soft-404-signs redirected empty-shell needs-scripts"
        " same-shell without-text home-page other-post other-post-number parked-host parked parked-everywhere for-sale"
        " host-closed placeholder not-found gone-for-good rate-limited rate-limited-until nobody-now legal"
        " taken-for-program network-login server-timeout server-failed server-refused server-forbids server-geo"
        " no-location location-invalid location-not-web status-unfollowed not-requested no-response redirect-circle"
        " redirect-limit requisites-missing requisites-withheld decoration-missing",
    ),
    (
        ProvenBy.VISIT,
        (Place.WITHIN,),
        "header-sign markup-sign title-sign text-sign page-names-nothing page-title error-page folder-item"
        " folder-leads-out drive-folder-no-list drive-no-list",
    ),
    (
        ProvenBy.VISIT,
        _OF_VERDICT,
        "x-says x-no-text x-quotation-only x-no-post x-unreadable telegram-private telegram-says"
        " telegram-app telegram-video embed-only tiktok-missing tiktok-private tiktok-unknown drive-form-missing"
        " drive-file-missing drive-viewer-only drive-forms drive-quota drive-quota-says drive-other drive-other-says"
        " drive-folder drive-folder-empty drive-folder-missing drive-folder-partly drive-folder-more file-cut"
        " meeting-page no-post-media",
    ),
    (ProvenBy.VISIT, (Place.VERDICT, Place.FACET, Place.SOURCE, Place.WITHIN), "video-host"),
    (ProvenBy.VISIT, (Place.COPY, Place.SOURCE), "meeting-guess meeting-guess-because"),
    (ProvenBy.VISIT, (Place.COPY,), "post-embedded"),
    (
        ProvenBy.VISIT,
        (Place.SOURCE, Place.WITHIN),
        "redirect-shown tracking tracking-text tracking-bytes tracking-page tracking-other tracking-nothing"
        " tracking-status"
        " post-unknown post-unknown-status post-other-record post-before post-after post-changed post-published"
        " page-unavailable embed-says may-supply may-supply-account drive-scan-form file-name file-changed"
        " file-only-in-record meeting-player-page meeting-player-status meeting-player-silent",
    ),
    (ProvenBy.VISIT, (Place.FACET,), "no-media-named no-media-requested media-missing"),
    (ProvenBy.VISIT, (Place.FACET, Place.WITHIN), "source-is"),
    # What was unusual about a response or its connection
    (
        ProvenBy.EXCHANGE,
        (Place.SOURCE,),
        "head-empty-lines head-line-ends head-folded head-no-colon head-space-before-colon head-no-name head-controls"
        " length-beside-coding coding-in-old-http coding-repeated coding-not-chunked locations-differ status-below-100"
        " length-not-a-number length-too-large lengths-differ chunk-line-too-long chunk-too-long chunk-size-unreadable"
        " trailers-too-long cut-by-size surplus ended-early too-slow killed-early unrequested-input"
        " certificate-accepted certificate-added sent-again consent-rejected fault-elsewhere",
    ),
    (ProvenBy.EXCHANGE, _OF_VERDICT, "fault"),
    # What is cited, and how it is read
    (ProvenBy.MANIFEST, _OF_VERDICT, "skipped from-recordings"),
    (ProvenBy.CITATION, _OF_VERDICT, "not-a-url defanged zone-address not-web"),
    (ProvenBy.CITATION, (Place.SOURCE,), "read-as credentials"),
    (ProvenBy.CITATION, (Place.COPY,), "other-reading"),
    # Videos
    (ProvenBy.EXTRACTOR, _OF_VERDICT, "video-refused video-behind-wall"),
    (
        ProvenBy.EXTRACTOR,
        (*_OF_VERDICT, Place.SOURCE),
        "video-left-out video-of-others videos-more video-missing videos-missing video-none video-did-not-come"
        " video-streams video-not-yet video-protected video-bound video-room video-fault video-incomplete",
    ),
    (
        ProvenBy.EXTRACTOR,
        (Place.SOURCE, Place.WITHIN),
        "no-deno video-at-player video-not-requested video-requested video-smaller video-two-files"
        " video-two-files-fault video-no-picture subtitles-refused",
    ),
    (ProvenBy.EXTRACTOR, (Place.COPY,), "video-beside"),
    (ProvenBy.EXTRACTOR, (Place.WITHIN,), "no-extractor video-at"),
    (ProvenBy.RUN, (Place.SOURCE,), "url-only-in-records"),
    # What a browser rendered
    (ProvenBy.BROWSER, (Place.SOURCE,), "scripts-drew scripts-requested scripts-redirected browser-broke-because"),
    (ProvenBy.BROWSER, (Place.FACET,), "no-picture"),
    (ProvenBy.BROWSER, _OF_VERDICT, "as-rendered"),
    (ProvenBy.BROWSER, (Place.WITHIN,), "without-text-drawn"),
    (ProvenBy.RUN, (Place.FACET,), "no-browser browser-missing browser-broke"),
    (ProvenBy.RUN, (Place.WITHIN,), "browser-no-driver browser-no-chromium"),
    (ProvenBy.VISIT, (Place.FACET,), "not-a-page"),
    (ProvenBy.RECORDING, (Place.FACET,), "picture-supplied"),
    # Copies from elsewhere
    (ProvenBy.LOOKUP, (Place.VERDICT,), "memento-here"),
    (ProvenBy.LOOKUP, (Place.COPY,), "memento-captured"),
    (
        ProvenBy.LOOKUP,
        (Place.SOURCE,),
        "memento-far memento-other-form memento-changed memento-passed-over memento-joined memento-missing"
        " memento-rewritten memento-problem",
    ),
    (ProvenBy.LOOKUP, (Place.FACET,), "memento-not-rendered"),
    (
        ProvenBy.OTHER,
        (Place.WITHIN,),
        "days-before days-after same-day undated form-cited form-clean form-reading form-redirect form-shortlink"
        " form-folder-list form-file form-same-post form-widget form-channel form-without-query form-without-fault"
        " form-without-both",
    ),
    (
        ProvenBy.LOOKUP,
        (Place.WITHIN, Place.VERDICT),
        "archive-gave-up archive-unreached archive-status archive-index-not-json archive-index-other"
        " archive-row-of-other archive-rows-unread timemap-others timemap-pages timemap-of-other timemap-of-nothing"
        " timemap-elsewhere timemap-unreadable memento-later memento-moment memento-moved memento-to-come"
        " memento-circle memento-unreached memento-led-away memento-not-held memento-closed memento-of-other",
    ),
    (ProvenBy.SUCCESSOR, (Place.COPY,), "successor-moved successor-listed successor-ended successor-ended-because"),
    (ProvenBy.MANIFEST, (Place.COPY,), "successor-named"),
    (ProvenBy.SUCCESSOR, (Place.SOURCE,), "of-successor"),
    (
        ProvenBy.SUBMISSION,
        (Place.SOURCE,),
        "submission-saved submission-pending submission-refused submission-error",
    ),
    (
        ProvenBy.RUN,
        (Place.SUBMISSION, Place.WITHIN),
        "submission-unreached submission-rate submission-account submission-unexpected submission-no-place"
        " submission-no-reason submission-no-job submission-words",
    ),
    # What persons give
    (ProvenBy.PERSON, (Place.SUPPLIED,), "supplied supplied-added"),
    (ProvenBy.PERSON, (Place.SOURCE,), "attested attested-unnamed reading-decided"),
    (
        ProvenBy.RECORDING,
        (Place.SUPPLIED,),
        "recording-holds recording-holds-under recording-lacks recording-no-content recording-error"
        " other-address-accepted recording-extracts recording-title recording-damaged recording-signed"
        " saved-from-other saved-from-on saved-from recording-warcio recording-habits recording-needs"
        " recording-conditions recording-judged recording-redirect recording-timestamped",
    ),
)


def _proofs() -> dict[str, NoteProof]:
    found: dict[str, NoteProof] = {}
    for by, places, codes in _ROWS:
        for code in codes.split():
            if code in found:
                raise ValueError(f"note {code}: two rows")
            found[code] = NoteProof(by, frozenset(places))
    return found


NOTE_PROOFS: Mapping[str, NoteProof] = _proofs()
"""Code -> where a note of it may stand, and what proves it there."""

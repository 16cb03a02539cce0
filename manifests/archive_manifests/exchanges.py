"""Why an exchange took place that is not simply a request for an address: a code in its `archive.exchange/1` note."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """The closed set of purposes; the value stands in the metadata record of the exchange."""

    SOFT_404_PROBE = "soft-404-probe"
    """An address that cannot be there: whether the host answers it like the source's own."""
    READING_PROBE = "reading-probe"
    """An address that cannot be there: whether the host says no, so that a response proves a reading."""
    COOKIES_OF_VISIT = "cookies-of-visit"
    """Sent with the cookies that earlier responses of the same visit set."""
    REST_OF_RESPONSE = "rest-of-response"
    """The rest of a response that was cut off."""
    MISSING_ISSUER = "missing-issuer"
    """The certificate that a server left out of its chain."""
    PAGE_SCRIPT = "page-script"
    """Requested by a script of the page."""
    VIDEO_EXTRACTOR = "video-extractor"
    """Requested by the video extractor."""
    CONSENT_REJECTED = "consent-rejected"
    """Requested again with the answer that rejects all cookies."""
    WAYBACK_SUBMISSION = "wayback-submission"
    """Submitted to the Wayback Machine, as the user wants (`--submit-wayback`)."""

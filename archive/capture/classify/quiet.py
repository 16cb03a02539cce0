"""Pages that stand in the source's place with the status of success, and no mark of a known service.

A mark and a sentence have to come together, in a page that has hardly anything else to say: an article may hold either.
"""

from __future__ import annotations

import re

from archive.capture.classify.answer import Case
from archive.capture.classify.phrases import (
    CLOSED_TEXTS,
    CLOSED_TITLES,
    GEO_TEXTS,
    HUMAN_TEXTS,
    PAYWALL_TEXTS,
    SHORT,
    WITHHELD_TITLES,
    text_says,
    title_says,
)
from archive.capture.classify.probe import alike
from archive_manifests.ledger import Status, Verdict

_FEW = 500
"""Characters up to which a page has nothing else to say."""
_CAPTCHA = re.compile(
    r"class=[\"'][^\"'>]{0,100}\b(?:cf-turnstile|g-recaptcha|h-captcha|frc-captcha|smart-captcha)\b"
    r"|(?:www\.google\.com|www\.recaptcha\.net)/recaptcha/|challenges\.cloudflare\.com/turnstile/|hcaptcha\.com/1/api\.js"
)
_DECLARED = re.compile(
    # schema.org, isAccessibleForFree; the Open Graph of publishers, content_tier
    r"\"isaccessibleforfree\"\s*:\s*\"?(?:false|no)\b|article:content_tier[\"'][^>]{0,40}content=[\"']locked"
)


def captcha(case: Case) -> Verdict | None:
    """The verdict on a site's own page that wants a riddle solved before it shows anything."""
    if not _says_little(case) or not _CAPTCHA.search(case.markup):
        return None
    said = text_says(f"{case.answer.title} {case.answer.text}", HUMAN_TEXTS)
    if not said:
        return None
    return Verdict(Status.BLOCKED, "challenge", f"a riddle instead of the page: it says “{said}”")


def closed(case: Case) -> Verdict | None:
    """The verdict on a site that says that it is down, with the status of one that is up."""
    if not _says_little(case) or not title_says(case.answer.title, CLOSED_TITLES):
        return None
    said = text_says(case.answer.text, CLOSED_TEXTS)
    if not said:
        return None
    return Verdict(Status.UNREACHABLE, "server-error", f"the site says that it is down: “{case.answer.title[:80]}”")


def withheld(case: Case) -> Verdict | None:
    """The verdict on a refusal of the reader's country that calls itself a success."""
    said = text_says(case.answer.text, GEO_TEXTS) if _says_little(case) else None
    is_alike = case.probe is not None and alike(case.answer, case.probe, titles=False)
    if not said or not (is_alike or title_says(case.answer.title, WITHHELD_TITLES)):
        return None
    return Verdict(Status.BLOCKED, "geo", f"the site refuses this country: it says “{said}”")


def paywalled(case: Case) -> Verdict | None:
    """The verdict on a page of which only the beginning is shown to whoever does not pay."""
    answer = case.answer
    if answer.reading is None or len(answer.text) > SHORT or not _DECLARED.search(case.markup):
        return None
    said = text_says(answer.text, PAYWALL_TEXTS)
    if not said:
        return None
    return Verdict(Status.PARTIAL, "hollow", f"only its beginning is shown to whoever does not pay: it says “{said}”")


def _says_little(case: Case) -> bool:
    return case.answer.is_success and case.answer.reading is not None and len(case.answer.text) <= _FEW

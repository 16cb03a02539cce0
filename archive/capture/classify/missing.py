"""Soft 404s: a page that says "not found" with the status of a page that was."""

from __future__ import annotations

import re

from archive.capture.classify.answer import Case
from archive.capture.classify.phrases import NOT_FOUND_TEXTS, SHORT, text_says, title_says_not_found
from archive.capture.classify.quotes import fold

_ERROR_PATH = re.compile(
    r"/(?:\w{2}/)?(?:error|errors?[/_-]?404|404|not-?found|page-?not-?found|notfound|pagenotfound|oops|error-?page)(?:\.\w{2,5})?/?\Z",
    re.IGNORECASE,
)
_FEW = 400
"""Characters up to which a page is an excuse and nothing else."""
_ERROR_CLASS = re.compile(r"(?:^|\s)(?:error-?404|page-?404|not-?found|is-404|page-not-found)(?:\s|\Z)", re.IGNORECASE)


def page_says(case: Case) -> str | None:
    """The first sign in the page itself that it stands for nothing."""
    return next(iter(signs(case)), None)


def signs(case: Case) -> list[str]:
    """Every sign in the page itself, in plain words. Words in a long text are none: an article may quote them."""
    answer, reading = case.answer, case.answer.reading
    if reading is None:
        return []
    found = []
    if title_says_not_found(reading.title):
        found.append(f"its title is “{reading.title[:80]}”")
    if _ERROR_CLASS.search(reading.body_class):
        found.append("it is marked as an error page")
    if case.was_redirected and _ERROR_PATH.search(answer.url.path) and not _ERROR_PATH.search(case.cited.path):
        found.append(f"the server sent on to {answer.url.path}")
    phrase = text_says(reading.text, NOT_FOUND_TEXTS) if len(reading.text) < SHORT else None
    if phrase:
        found.append(f"it says “{phrase}”")
    return found


def excuses_itself(case: Case) -> bool:
    """True for a few words that say more of an excuse than their title does: a work may be named after the error."""
    reading = case.answer.reading
    if reading is None or len(reading.text) > _FEW or not title_says_not_found(reading.title):
        return False
    title = fold(reading.title)
    others = tuple(phrase for phrase in NOT_FOUND_TEXTS if phrase not in title and "404" not in phrase)
    return text_says(reading.text, others) is not None

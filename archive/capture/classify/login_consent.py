"""Pages served instead of the source: login, consent to cookies, age check, captcha, paywall, maintenance."""

from __future__ import annotations

import re

from archive.capture.classify.phrases import (
    AGE_TEXTS,
    AGE_TITLES,
    AGREE_TEXTS,
    CLOSED_TEXTS,
    CLOSED_TITLES,
    CONSENT_TEXTS,
    CONSENT_TITLES,
    CONSENT_WHOLE_TITLES,
    GEO_TEXTS,
    HUMAN_TEXTS,
    LOGIN_TEXTS,
    LOGIN_TITLES,
    PAYWALL_TEXTS,
    SHORT,
    WITHHELD_TITLES,
    names_its_address,
    phrase_in_text,
    phrase_in_title,
)
from archive.capture.classify.probe import alike
from archive.capture.classify.quotes import fold
from archive.capture.classify.response import Case
from archive.urls import Url
from archive_manifests.ledger import Status, Verdict
from archive_manifests.notes import note

_QUIET_FEW = 500
"""Characters up to which a page has no other content."""
_A_FEW_WORDS = 60
"""Characters beside a refusal with which a page says nothing else."""
_CAPTCHA = re.compile(
    r"class=[\"'][^\"'>]{0,100}\b(?:cf-turnstile|g-recaptcha|h-captcha|frc-captcha|smart-captcha)\b"
    r"|(?:www\.google\.com|www\.recaptcha\.net)/recaptcha/|challenges\.cloudflare\.com/turnstile/|hcaptcha\.com/1/api\.js"
)
_PROGRAM_ERROR = re.compile(
    r"(?:PHP )?(?:Fatal|Parse) error\s*:.{1,400}\bon line \d+|Traceback \(most recent call last\)", re.DOTALL
)
"""What PHP and Python write in the place of the page."""
_DECLARED = re.compile(
    # schema.org, isAccessibleForFree; the Open Graph of publishers, content_tier
    r"\"isaccessibleforfree\"\s*:\s*\"?(?:false|no)\b|article:content_tier[\"'][^>]{0,40}content=[\"']locked"
    # The class that publishers' and Piano's markup gives the offer in the text's place
    r"|class=[\"'][^\"'>]{0,100}\b(?:paywall|piano-offer|article-locked|subscriber-only)\b"
)


def captcha(case: Case) -> Verdict | None:
    """The verdict on a site's own captcha page."""
    if not _is_short(case) or not _CAPTCHA.search(case.markup):
        return None
    said = phrase_in_text(f"{case.response.title} {case.response.text}", HUMAN_TEXTS)
    if not said:
        return None
    return Verdict(Status.BLOCKED, "challenge", note("riddle", detail=said))


def closed(case: Case) -> Verdict | None:
    """The verdict on a maintenance page, or on the error of a server's program, with a status of success."""
    if _is_short(case) and _PROGRAM_ERROR.match(case.response.text.strip()):
        return Verdict(Status.UNREACHABLE, "server-error", note("server-failed", status=case.response.status))
    if not _is_short(case) or not phrase_in_title(case.response.title, CLOSED_TITLES):
        return None
    said = phrase_in_text(case.response.text, CLOSED_TEXTS)
    if not said:
        return None
    return Verdict(Status.UNREACHABLE, "server-error", note("down", detail=case.response.title[:80]))


def withheld(case: Case) -> Verdict | None:
    """The verdict on a refusal of the reader's country with a status of success."""
    said = phrase_in_text(case.response.text, GEO_TEXTS) if _is_short(case) else None
    if not said:
        return None
    is_alike = case.probe is not None and alike(case.response, case.probe, titles=False)
    says_nothing_else = len(case.response.text) <= len(said) + _A_FEW_WORDS
    if not is_alike and not says_nothing_else and not phrase_in_title(case.response.title, WITHHELD_TITLES):
        return None
    return Verdict(Status.BLOCKED, "geo", note("geo-refused", detail=said))


def paywalled(case: Case) -> Verdict | None:
    """The verdict on a page that shows only its beginning without payment."""
    response = case.response
    if response.reading is None or len(response.text) > SHORT or not _DECLARED.search(case.markup):
        return None
    said = phrase_in_text(response.text, PAYWALL_TEXTS)
    if not said:
        return None
    return Verdict(Status.PARTIAL, "hollow", note("paywall", detail=said))


def _is_short(case: Case) -> bool:
    return case.response.is_success and case.response.reading is not None and len(case.response.text) <= _QUIET_FEW


_LOGIN_HOSTS = re.compile(
    r"accounts\.google\.com\Z|accounts\.youtube\.com\Z|login\.microsoftonline\.com\Z|login\.live\.com\Z|appleid\.apple\.com\Z"
    r"|login\.yahoo\.com\Z|(?:login|signin|sso|idp|auth|accounts?)\.[^.]+\.[^.]+"
)
_LOGIN_PATH = re.compile(
    r"/(?:(?:user|users|account|accounts|member|members|auth|i/flow|uas|c|oauth2?|web|portal)/)*"
    r"(?:log-?in|sign-?in|login_form|wp-login|checkpoint|authwall|sign_in|logon|sso|servicelogin)(?:\.\w+|/|\Z|\?)",
    re.IGNORECASE,
)
_RETURN = re.compile(r"(?:^|&)(?:next|continue|return\w*|redirect\w*|back|url|goto|ref|dest\w*|from)=[^&]")
_LONGEST_PATH = 2000
_FEW = 400
"""Characters up to which a login or consent page has no other content."""
_LEADS_TO_LOGIN = re.compile(
    r"<a\s[^>]{0,300}href=[\"']?[^\"'\s>]{0,200}(?:wp-login|log-?in|sign-?in|connexion|anmelden)\b"
)
_CONSENT_HOSTS = re.compile(
    r"(?:consents?|guce|myprivacy|cmp\d?|privacy-mgmt|cookie-?consent|cookies?|gdpr|zustimmung)\."
)
_CONSENT_PATH = re.compile(
    r"/(?:privacy/consent|cookie-?(?:consent|wall|gate)|consent(?:-?(?:wall|gate|page|manager))?|privacy-?(?:gate|wall)"
    r"|gdpr(?:-?consent)?|collectconsent|zustimmung|einwilligung)(?:\.\w{2,5})?(?:/|\?|\Z)",
    re.IGNORECASE,
)


def gated(case: Case) -> Verdict | None:
    """The verdict on a login or consent page served instead of the source."""
    return _consent(case) or _login(case)


def _consent(case: Case) -> Verdict | None:
    response = case.response
    if case.was_redirected and not _is_consent(case.cited) and _is_consent(response.url):
        return Verdict(Status.BLOCKED, "consent", note("consent-host", host=response.url.host))
    if case.was_redirected and _has_return_address(response.url) and _text_requests_consent(case):
        return Verdict(Status.BLOCKED, "consent", note("consent-host", host=response.url.host))
    title = fold(response.title)
    size, starts = len(response.text), any(title.startswith(start) for start in CONSENT_TITLES)
    is_asking = response.is_success and title.count(" ") < 7 and starts
    is_whole = response.is_success and size < SHORT // 2 and phrase_in_title(response.title, CONSENT_WHOLE_TITLES)
    if (is_whole or (is_asking and size < 2 * SHORT)) and phrase_in_text(response.text, CONSENT_TEXTS):
        return Verdict(Status.BLOCKED, "consent", note("consent-page", detail=response.title[:80]))
    return _age(case)


def _text_requests_consent(case: Case) -> bool:
    """True for the target of a redirect that has little content but a request for consent."""
    response = case.response
    is_short = response.is_success and len(response.text) < SHORT
    asks = phrase_in_text(f"{response.title} {response.text}", CONSENT_TEXTS) and phrase_in_text(
        response.text, AGREE_TEXTS
    )
    return is_short and asks is not None and not _is_consent(case.cited)


def _age(case: Case) -> Verdict | None:
    response = case.response
    if not response.is_success or len(response.text) > SHORT // 2 or not phrase_in_title(response.title, AGE_TITLES):
        return None
    if not phrase_in_text(response.text, AGE_TEXTS):
        return None
    return Verdict(Status.BLOCKED, "consent", note("age-gate", detail=response.title[:80]))


def _login(case: Case) -> Verdict | None:
    response = case.response
    if response.status in (401, 407):
        return Verdict(Status.BLOCKED, "login", note("password", status=response.status))
    says = phrase_in_title(response.title, LOGIN_TITLES)
    asks = response.reading is not None and response.reading.passwords > 0
    if is_login(case.cited):
        return _cited_login(case) if asks and len(response.text) <= SHORT else None
    if is_login(response.url) and (says or asks or _has_return_address(response.url) or not response.text):
        return Verdict(Status.BLOCKED, "login", note("login-redirect", url=f"{response.url.host}{response.url.path}"))
    if response.reading is None or len(response.text) > SHORT:
        return None
    excuse = phrase_in_text(response.text, LOGIN_TEXTS)
    leads = len(response.text) < _FEW and _LEADS_TO_LOGIN.search(case.markup) is not None
    if (says and (asks or excuse)) or (asks and excuse) or (excuse and leads and not names_its_address(case)):
        return Verdict(Status.BLOCKED, "login", note("login-page", detail=response.title[:80]))
    return None


def _cited_login(case: Case) -> Verdict | None:
    """The verdict on a password form at an address that is itself one for logging in.

    It is a wall where it requires a login to go on, or where the address names the page that it stands before. A form
    that only offers the login is what was cited.
    """
    title, text = case.response.title, case.response.text
    leads_on = re.search(r"[=/]|%2f", _returned(case.cited) or "", re.IGNORECASE) is not None
    if leads_on or phrase_in_text(f"{title} {text}", LOGIN_TEXTS):
        return Verdict(Status.BLOCKED, "login", note("login-page", detail=title[:80]))
    return None


def is_login(url: Url) -> bool:
    """True for an address at which sites let their members log in."""
    return _LOGIN_HOSTS.match(url.host) is not None or _LOGIN_PATH.search(url.path[:_LONGEST_PATH]) is not None


def _is_consent(url: Url) -> bool:
    return _CONSENT_HOSTS.match(url.host) is not None or _CONSENT_PATH.search(url.path[:_LONGEST_PATH]) is not None


def _has_return_address(url: Url) -> bool:
    """True where the query holds an address to return to."""
    return _returned(url) is not None


def _returned(url: Url) -> str | None:
    """The address to return to, as the query has it."""
    query = url.target.partition("?")[2]
    match = _RETURN.search(query.lower())
    return None if match is None else query[match.end() - 1 :].partition("&")[0]

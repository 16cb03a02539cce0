"""Parked domains: advertisements of another party, or a host's placeholder, in place of a site."""

from __future__ import annotations

import re

from archive.capture.classify.phrases import SHORT
from archive.capture.classify.quotes import fold
from archive.capture.classify.response import Case
from archive_manifests.ledger import Status, Verdict
from archive_manifests.notes import Note, note

_HOSTS = re.compile(
    r"(?:.*\.)?(?:sedoparking\.com|sedo\.com|bodis\.com|parkingcrew\.net|dan\.com|afternic\.com|hugedomains\.com|above\.com"
    r"|undeveloped\.com|parklogic\.com|skenzo\.com|domainmarket\.com|buydomains\.com|uniregistry\.com|dynadot\.com"
    r"|domainnamesales\.com|namedrive\.com|voodoo\.com|searchvity\.com|atom\.com|squadhelp\.com|porkbun\.com)\Z"
    r"|forsale\.godaddy\.com\Z|(?:www\.)?godaddy\.com\Z"
)
_STRONG = re.compile(
    r"data-adblockkey=|window\.park\s*=\s*[\"']|//(?:\w+\.)?(?:sedoparking|parkingcrew|bodis|parklogic|skenzo)\.(?:com|net)/"
    r"|img1\.wsimg\.com/parking-lander|d38psrni17bvxu\.cloudfront\.net|parking-crew|hugedomains\.com/domain_profile"
    r"|//(?:www\.)?afternic\.com/forsale/|//(?:www\.)?dan\.com/buy-domain|window\.location\.href\s*=\s*[\"']/lander"
)
_SAYS = re.compile(
    r"\bdomain(?: name)?(?: [\w .-]{1,80})? (?:is|may be|might be|could be) (?:for sale|parked|available for purchase)"
    r"|\bbuy this domain|\bdomain (?:name )?(?:has )?expired|\bparked (?:free|domain)|pending renewal or deletion"
    r"|\bdomain (?:name )?(?:is|was) (?:recently )?registered (?:at|with|by|through)\b"
    r"|هذا النطاق (?:معروض )?للبيع|الدومين (?:معروض )?للبيع|النطاق منتهي|انتهت صلاحية (?:هذا )?(?:النطاق|الدومين)"
)
_SUSPENDED = re.compile(
    r"\baccount (?:has been )?suspended|\bthis account has been suspended|\b(?:web)?site (?:is |has been )?suspended"
    r"|تم (?:إيقاف|تعليق) (?:هذا )?(?:الحساب|الموقع)|(?:الموقع|الحساب) (?:موقوف|معلق)"
)
_HOST_SPEAKS = re.compile(r"\bhosting\b|\bwebmaster\b|\bbilling\b|service provider|استضافة|المستضيف")
_SUSPENDED_PATH = re.compile(r"/cgi-sys/suspended|/suspended(?:page)?(?:\.\w+)?/?\Z")
_DEFAULT = re.compile(
    r"welcome to nginx|apache2 (?:ubuntu|debian) default page|iis windows server|\bit works\b$|default web site page"
    r"|\bwebsite coming soon|this is the default (?:index|welcome) page|test page for the (?:\w+ )?http server"
    r"|\b(?:domain|server|plesk|web server s) default page|future home of something quite cool|directadmin default"
    r"|caddy works|openresty|welcome to (?:centos|tengine|litespeed)|lighttpd placeholder"
)


def parked(case: Case) -> Verdict | None:
    """The verdict on a page about the domain itself, not what was cited."""
    response = case.response
    if case.was_redirected and _HOSTS.match(response.url.host) and not _HOSTS.match(case.cited.host):
        return _verdict(note("parked-host", host=response.url.host))
    if not response.is_success or response.reading is None or len(response.text) > SHORT:
        return None
    mark = _STRONG.search(case.markup)
    if mark:
        return _verdict(note("parked", detail=mark[0][:60]))
    return _by_words(case)


def hints_parking(case: Case) -> bool:
    """True where a probe could tell whether the domain is parked."""
    return len(case.response.text) <= SHORT and _SAYS.search(_said(case)) is not None


def _by_words(case: Case) -> Verdict | None:
    """Words alone count only where they name the page's own domain: an article may be about the sale of another."""
    said = _said(case)
    title = case.response.title.casefold()
    domain = case.response.url.host.removeprefix("www.")
    sale = _SAYS.search(said)
    if sale and len(case.response.text) < SHORT // 2 and domain in said[max(0, sale.start() - 60) : sale.end() + 60]:
        return _verdict(note("for-sale", detail=sale[0][:80]))
    closed = _SUSPENDED.search(title) or _SUSPENDED.search(said[:200]) if len(said) < SHORT // 2 else None
    if closed and (_HOST_SPEAKS.search(said) or _SUSPENDED_PATH.search(case.response.url.path)):
        return _verdict(note("host-closed", detail=closed[0]))
    if found := _DEFAULT.search(fold(case.response.title)):
        return _verdict(note("placeholder", detail=found[0]))
    return None


def _said(case: Case) -> str:
    return f"{case.response.title}\n{case.response.text[:SHORT]}".casefold()


def _verdict(detail: Note) -> Verdict:
    return Verdict(Status.GONE, "parked", detail)

"""Login walls of sites that show their posts to members, served with status 200 at the post's own address.

Such a wall is often an empty page that a script fills, under the site's bare name, so it has no sentence that says what
it is. Two signs are required: a login form, or the data of one, and nothing that belongs to a post. The data of a login
form alone say nothing: Facebook sends them with every page that a guest sees.
"""

from __future__ import annotations

import re

from msgspec import Struct

from archive.capture.classify.login_consent import is_login
from archive.capture.classify.phrases import LOGIN_TITLES, NOT_FOUND_TEXTS, SHORT, phrase_in_text, phrase_in_title
from archive.capture.classify.quotes import fold
from archive.capture.classify.response import Case
from archive.urls import Url
from archive_manifests.ledger import Status, Verdict
from archive_manifests.notes import note


class MemberSite(Struct, frozen=True):
    """What a site's login walls have, and what its posts have; of markup in lower case."""

    hosts: tuple[str, ...]
    names: frozenset[str]
    """Titles that name the site and no post, as `fold` writes them."""
    form: re.Pattern[str]
    post: re.Pattern[str]


_META = MemberSite(
    hosts=("facebook.com", "fb.watch", "instagram.com", "threads.net", "threads.com"),
    names=frozenset(("", "facebook", "fb", "instagram", "threads", "error facebook")),
    form=re.compile(
        r"usecometloginformquery|\"login_data\"|id=[\"']?(?:login_form|login_popup_cta_form|loginform)\b|royal_login_form"
        r"|/login/device-based/|polaris(?:login|sign)|\"loginandsignuppage\"|/accounts/login/ajax"
    ),
    post=re.compile(
        r"i18n_reaction_count|\"creation_story\"|\"message\":\{\"|usercontent\b|marketplace_listing_title|role=[\"']?article"
        r"|xdt_api__v1__media|edge_media_to_caption|\"shortcode_media\":\{|\"playable_url|<article\b"
    ),
)
SITES = (
    _META,
    MemberSite(
        hosts=("x.com", "twitter.com"),
        names=frozenset(("", "x", "twitter", "log in to x", "log in to twitter", "sign up for x", "login on twitter")),
        form=re.compile(r"/i/flow/(?:login|signup)|href=[\"']/login|loginform|session\[password\]"),
        post=re.compile(r"data-testid=[\"']?tweet|tweet_results|js-tweet-text|\"full_text\":\"|<article\b"),
    ),
    MemberSite(
        hosts=("linkedin.com",),
        names=frozenset(("", "linkedin", "sign up", "join linkedin", "linkedin login sign in")),
        form=re.compile(r"authwall[\w-]{0,40}form|\bauth[_-]?wall\b|name=[\"']?session_(?:key|password)\b|/uas/login-submit"),
        post=re.compile(r"feed-shared-update|main-feed-activity-card|attributed-text-segment|\"articlebody\"|<article\b"),
    ),
    MemberSite(
        hosts=("tiktok.com",),
        names=frozenset(("", "tiktok", "make your day", "log in to tiktok", "sign up")),
        form=re.compile(r"id=[\"']?loginmodal|data-e2e=[\"']?(?:login|channel-item|bottom-sign-up)|/login/(?:phone|qrcode)"),
        post=re.compile(r"\"itemstruct\":\{|\"itemmodule\":\{\"|\"userinfo\":\{|data-e2e=[\"']?(?:browse|user-post|video)-"),
    ),
)  # fmt: skip


def members_only(case: Case) -> Verdict | None:
    """The verdict on a login wall in the place of a post, with a status of success."""
    site, response = _site(case), case.response
    if site is None or not response.is_success or response.reading is None or is_login(case.cited):
        return None
    if len(response.text) > SHORT or site.post.search(case.markup):
        return None
    if phrase_in_text(f"{response.title} {response.text}", NOT_FOUND_TEXTS):
        return None  # whether it was removed or is hidden from guests, the site itself does not say
    canonical = response.reading.canonical
    is_led_to_login = canonical is not None and is_login(canonical)
    says = phrase_in_title(response.title, LOGIN_TITLES)
    has_form = response.reading.passwords > 0 or site.form.search(case.markup) is not None
    if is_led_to_login or says or (has_form and _names_only_site(response.title, site)):
        return Verdict(Status.BLOCKED, "login", note("login-page", detail=(response.title or response.url.host)[:80]))
    return None


def _site(case: Case) -> MemberSite | None:
    """The site of the response, else that of the cited address; none where the front page itself is cited."""
    if case.cited.path in ("", "/"):
        return None
    for url in (case.response.url, case.cited):
        found = next((site for site in SITES if any(_is_of(url, host) for host in site.hosts)), None)
        if found is not None:
            return found
    return None


def _is_of(url: Url, host: str) -> bool:
    return url.host == host or url.host.endswith(f".{host}")


def _names_only_site(title: str, site: MemberSite) -> bool:
    """True where every part of the title is the site's name or its word for logging in."""
    parts = [fold(part) for part in re.split(r"\s+[-–—/]\s+|\s*[|•·]\s*", title)]
    return all(part in site.names or phrase_in_title(part, LOGIN_TITLES) for part in parts)

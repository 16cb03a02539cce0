"""Parameters of a URL that follow a reader and change nothing of what is shown. What is cited is requested as it is.

The clean URL serves for recognising one thing under two addresses, and for asking once more without them.
"""

from __future__ import annotations

from archive.urls import Url, parse
from archive_manifests import surt
from archive_manifests.notes import Note, note

_CLICKS = {
    "fbclid": "Facebook", "gclid": "Google", "dclid": "Google", "gbraid": "Google", "wbraid": "Google",
    "gclsrc": "Google", "msclkid": "Microsoft", "yclid": "Yandex", "twclid": "X", "ttclid": "TikTok",
    "igshid": "Instagram", "igsh": "Instagram", "mc_eid": "Mailchimp", "mkt_tok": "Marketo", "_hsenc": "HubSpot",
}  # fmt: skip
"""Tokens of one click or one reader, and whose they are."""
_CAMPAIGNS = frozenset({"mc_cid", "_hsmi", "ref_src", "ref_url", "__twitter_impression", "_ga", "_gl"})
_ON_ONE_SITE = {"si": ("youtu.be", "youtube.com"), "feature": ("youtu.be", "youtube.com"), "pp": ("youtube.com",)}
"""Names that follow a reader on these sites and mean something else on others."""


def clean(url: Url) -> Url:
    """The URL without what only follows a reader; all else of it stands, in order and letter by letter."""
    path, mark, query = url.target.partition("?")
    parameters = [part for part in query.split("&") if not _follows(part, url.host)]
    if not mark or len(parameters) == query.count("&") + 1:
        return url
    return parse(f"{url.origin}{path}{'?' + '&'.join(parameters) if parameters else ''}")


def dedup_key(url: Url) -> str:
    """One key for all the addresses of one thing that differ in scheme, `www.` or tracking."""
    return surt.key(clean(url).href)


def notes_on(url: Url) -> list[Note]:
    """What a person should know of the tokens in a cited URL."""
    parts = url.target.partition("?")[2].split("&")
    names = dict.fromkeys(part.partition("=")[0] for part in parts if part.partition("=")[0] in _CLICKS)
    return [note("tracking", name=name, who=_CLICKS[name]) for name in names]


def _follows(part: str, host: str) -> bool:
    name = part.partition("=")[0]
    if name in _CLICKS or name in _CAMPAIGNS or name.startswith("utm_"):
        return True
    return any(host == site or host.endswith(f".{site}") for site in _ON_ONE_SITE.get(name, ()))

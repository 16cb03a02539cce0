"""What is read off a page: its requisites, its documents, and what the classifier needs to judge it."""

from __future__ import annotations

from dataclasses import dataclass

from archive.urls import Url

KINDS = ("image", "style", "script", "font", "frame", "media", "icon", "document", "data", "other")
"""The kinds of `Reference`, as the ledger's requisites name them. Subtitles (`<track>`) and manifests are `data`."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One thing that a page or a style sheet names."""

    url: Url
    """Absolute, http or https, without fragment."""
    kind: str
    """One of `KINDS`."""
    how: str
    """Where it is named: `img srcset`, `style url()`, `css @import`, `meta og:image`, `a href`…"""


@dataclass(frozen=True, slots=True)
class Refresh:
    """Where a page says that the reader is to be sent, and when."""

    delay: float
    """Seconds."""
    url: Url


@dataclass(frozen=True, slots=True)
class ApiLink:
    """Another address of the same thing, as the page or a `Link` header states it."""

    rel: str
    """`https://api.w.org/`, `shortlink`, `json` (WordPress's post), `oembed`."""
    url: Url


@dataclass(frozen=True, slots=True)
class PageReading:
    """What a static reader sees in one HTML page."""

    url: Url
    base: Url
    """What relative URLs are resolved against: the first `<base href>`, or the page's own URL."""
    charset: str
    """The Python codec that the page was read with."""
    requisites: tuple[Reference, ...] = ()
    """What the page needs to be seen, frames included, each URL once, in document order."""
    documents: tuple[Reference, ...] = ()
    """Documents of the same site that the page links, and pictures behind its pictures."""
    frames: tuple[Reference, ...] = ()
    """Those of `requisites` that are pages themselves, to be read in turn."""
    refresh: Refresh | None = None
    title: str = ""
    text: str = ""
    """What a reader can see: no scripts, styles, templates, or what stands in for scripts."""
    language: str | None = None
    canonical: Url | None = None
    api_links: tuple[ApiLink, ...] = ()
    scripts: int = 0
    passwords: int = 0
    """Fields for a password."""
    images: int = 0
    """Pictures, videos, objects and frames in the body, whether or not they can be fetched."""
    shell: str | None = None
    """The empty element that a script was to fill (`#root`, `<app-root>`), where there is one."""
    noscript: str = ""
    """What the page says to readers without scripts."""
    body_class: str = ""
    robots: str = ""
    """The content of `<meta name=robots>`."""
    unreadable: tuple[str, ...] = ()
    """What stood where a URL should stand and is none, the first of them as written."""
    unreadable_count: int = 0
    broken: tuple[str, ...] = ()
    """Why the page could not be read whole, in plain words; what was read before stands."""

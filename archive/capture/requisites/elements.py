"""What each HTML element needs: which attributes hold URLs, and of what kind. (HTML Standard, section 4)"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archive.capture.requisites import refresh_and_json_ld, srcset
from archive.capture.requisites.css import gather_css
from archive.capture.requisites.places import is_document, is_image, kind_of_suffix, same_site
from archive.capture.requisites.reading import ApiLink, Gatherer, Refresh
from archive.urls import Url

Attributes = Mapping[str, str]

_PRELOADED = {
    "style": "style", "script": "script", "worker": "script", "font": "font", "image": "image",
    "video": "media", "audio": "media", "track": "data", "fetch": "data", "json": "data",
}  # fmt: skip
_ICONS = frozenset(("icon", "apple-touch-icon", "apple-touch-icon-precomposed", "mask-icon", "fluid-icon"))
_OEMBED = frozenset(("application/json+oembed", "text/xml+oembed", "application/xml+oembed"))
_META_IMAGES = frozenset(
    ("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src", "image", "thumbnailurl")
)


class Elements:
    """Takes the elements of one page in order and gathers what they name."""

    def __init__(self, gatherer: Gatherer) -> None:
        self.gatherer = gatherer
        self.refresh: Refresh | None = None
        self.canonical: Url | None = None
        self.api_links: list[ApiLink] = []
        self.robots = ""
        self.scripts = 0
        self.passwords = 0
        self.images = 0
        self._based = False
        self._pictures = 0
        self._noscript = 0
        self._anchor: str | None = None

    def start(self, tag: str, attributes: Attributes) -> None:
        handler = _STARTS.get(tag)
        if handler:
            handler(self, attributes)
        if attributes:
            for name, value in attributes.items():
                if name == "style":
                    gather_css(value, self.gatherer, "style attribute")
                elif name == "background":
                    self._add(value, "image", tag, name)
                elif name.startswith("data-") and value and srcset.is_lazy(name):
                    self._lazy(tag, name, value)

    def end(self, tag: str) -> None:
        if tag == "picture":
            self._pictures = max(0, self._pictures - 1)
        elif tag == "noscript":
            self._noscript = max(0, self._noscript - 1)
        elif tag == "a":
            self._anchor = None

    def never_base(self) -> None:
        """Keep to the base that is set: this markup stands inside a page."""
        self._based = True

    def linked_data(self, text: str) -> None:
        for kind, target in refresh_and_json_ld.references(text):
            self.gatherer.add(target, kind, "json-ld")

    def _add(self, value: str | None, kind: str, tag: str, name: str) -> None:
        self.gatherer.add(value, kind, f"{tag} {name}")

    def _add_set(self, value: str | None, tag: str, name: str) -> None:
        for candidate in srcset.candidates(value) if value else ():
            self.gatherer.add(candidate, "image", f"{tag} {name}")

    def _lazy(self, tag: str, name: str, value: str) -> None:
        if "url(" in value:
            gather_css(value, self.gatherer, f"{tag} {name}")
            return
        for kind, target in srcset.targets(tag, name, value):
            self._add(target, kind, tag, name)

    def _img(self, attributes: Attributes) -> None:
        self.images += 1
        for name in ("src", "lowsrc", "dynsrc"):
            self._add(attributes.get(name), "image", "img", name)
        self._add_set(attributes.get("srcset"), "img", "srcset")
        if self._anchor is not None and is_image(self._anchor):
            self._document(self._anchor, "a href round an img")

    def _source(self, attributes: Attributes) -> None:
        kind = "image" if self._pictures or attributes.get("type", "").startswith("image/") else "media"
        self._add(attributes.get("src"), kind, "source", "src")
        self._add_set(attributes.get("srcset"), "source", "srcset")

    def _picture(self, attributes: Attributes) -> None:
        self._pictures += 1

    def _enter_noscript(self, attributes: Attributes) -> None:
        self._noscript += 1

    def _input(self, attributes: Attributes) -> None:
        kind = attributes.get("type", "").strip().lower()
        if kind == "image":
            self._add(attributes.get("src"), "image", "input", "src")
        elif kind == "password":
            self.passwords += 1

    def _script(self, attributes: Attributes) -> None:
        kind = attributes.get("type", "").strip().lower()
        if not kind or "javascript" in kind or "ecmascript" in kind or kind == "module":
            self.scripts += 1
        for name in ("src", "href", "xlink:href"):
            self._add(attributes.get(name), "script", "script", name)

    def _video(self, attributes: Attributes) -> None:
        self.images += 1
        self._add(attributes.get("src"), "media", "video", "src")
        self._add(attributes.get("poster"), "image", "video", "poster")

    def _audio(self, attributes: Attributes) -> None:
        self._add(attributes.get("src"), "media", "audio", "src")

    def _track(self, attributes: Attributes) -> None:
        self._add(attributes.get("src"), "data", "track", "src")

    def _bgsound(self, attributes: Attributes) -> None:
        self._add(attributes.get("src"), "media", "bgsound", "src")

    def _embed(self, attributes: Attributes) -> None:
        self.images += 1
        self._embedded(attributes.get("src"), attributes.get("type", ""), "embed src")

    def _object(self, attributes: Attributes) -> None:
        self.images += 1
        self._embedded(attributes.get("data"), attributes.get("type", ""), "object data")

    def _embedded(self, value: str | None, media_type: str, how: str) -> None:
        family = media_type.strip().lower().partition("/")[0]
        if value and (is_document(value) or media_type.strip().lower() == "application/pdf"):
            kind = "document"
        elif family in ("image", "video", "audio"):
            kind = "image" if family == "image" else "media"
        elif media_type.strip().lower() in ("text/html", "application/xhtml+xml"):
            kind = "frame"
        else:
            kind = (kind_of_suffix(value) if value else None) or "other"
        self.gatherer.add(value, kind, how)

    def _frame(self, attributes: Attributes, tag: str = "frame") -> None:
        self.images += 1
        if "srcdoc" not in attributes:  # srcdoc wins over src (HTML Standard, 4.8.5)
            self._add(attributes.get("src"), "frame", tag, "src")

    def _iframe(self, attributes: Attributes) -> None:
        self._frame(attributes, "iframe")

    def _svg(self, tag: str, attributes: Attributes) -> None:
        for name in ("href", "xlink:href", "src") if tag == "image" else ("href", "xlink:href"):
            self._add(attributes.get(name), "image", tag, name)

    def _svg_image(self, attributes: Attributes) -> None:
        self.images += 1
        self._svg("image", attributes)
        self._add_set(attributes.get("srcset"), "image", "srcset")  # <image> outside SVG is <img>

    def _svg_use(self, attributes: Attributes) -> None:
        self._svg("use", attributes)

    def _svg_filter_image(self, attributes: Attributes) -> None:
        self._svg("feImage", attributes)

    def _a(self, attributes: Attributes) -> None:
        href = attributes.get("href")
        self._anchor = href
        if not href or href.startswith("#"):
            return
        download = attributes.get("download")
        named = (download and is_document(download)) or attributes.get("type") == "application/pdf"
        if named or is_document(href):
            self._document(href, "a href")

    def _document(self, href: str, how: str) -> None:
        url = self.gatherer.resolve(href)
        if url and same_site(self.gatherer.page, url):
            self.gatherer.add_document(url, how)

    def _base(self, attributes: Attributes) -> None:
        href = attributes.get("href")
        if href is not None and not self._based:  # the first one with a href counts (HTML Standard, 4.2.3)
            self._based = True
            self.gatherer.set_base(href)

    def _link(self, attributes: Attributes) -> None:
        href = attributes.get("href")
        rels = frozenset(attributes.get("rel", "").lower().split())
        if "stylesheet" in rels:
            self._add(href, "style", "link", "stylesheet")
        elif rels & _ICONS:
            self._add(href, "icon", "link", "icon")
        elif "modulepreload" in rels:
            self._add(href, "script", "link", "modulepreload")
        elif "preload" in rels:
            self._preload(attributes, href)
        elif "manifest" in rels:
            self._add(href, "data", "link", "manifest")
        elif "image_src" in rels or attributes.get("itemprop") in ("image", "thumbnailUrl"):
            self._add(href, "image", "link", "image")
        elif href:
            self._say_elsewhere(rels, attributes.get("type", "").strip().lower(), href)

    def _preload(self, attributes: Attributes, href: str | None) -> None:
        kind = _PRELOADED.get(attributes.get("as", "").strip().lower())
        if kind == "image":
            self._add_set(attributes.get("imagesrcset"), "link", "imagesrcset")
        self._add(href, kind or (kind_of_suffix(href) if href else None) or "other", "link", "preload")

    def _say_elsewhere(self, rels: frozenset[str], media_type: str, href: str) -> None:
        """Other addresses of this page: none is a requisite."""
        if "canonical" in rels and self.canonical is None:
            self.canonical = self.gatherer.resolve(href)
        elif "shortlink" in rels:
            self._api("shortlink", href)
        elif "https://api.w.org/" in rels:
            self._api("https://api.w.org/", href)
        elif "alternate" in rels and media_type in _OEMBED:
            self._api("oembed", href)
        elif "alternate" in rels and media_type == "application/json":
            self._api("json", href)
        elif "alternate" in rels and (media_type == "application/pdf" or is_document(href)):
            self._document(href, "link alternate")

    def _api(self, rel: str, href: str) -> None:
        url = self.gatherer.resolve(href)
        if url and len(self.api_links) < 20:
            self.api_links.append(ApiLink(rel, url))

    def _meta(self, attributes: Attributes) -> None:
        content = attributes.get("content")
        if not content:
            return
        names = [attributes[key].strip().lower() for key in ("property", "name", "itemprop") if key in attributes]
        if "robots" in names:
            self.robots = self.robots or content
        image = next((name for name in names if name in _META_IMAGES), None)
        if image:
            self._add(content, "image", "meta", image)
        elif attributes.get("http-equiv", "").strip().lower() == "refresh":
            self._refresh(content)

    def _refresh(self, content: str) -> None:
        """The first refresh counts; one inside `<noscript>` is for readers without scripts, as an archive's are not."""
        read = refresh_and_json_ld.split(content)
        if read is None or self.refresh is not None or self._noscript:
            return
        delay, target = read
        url = self.gatherer.resolve(target) if target else None
        if url:
            self.refresh = Refresh(delay, url)


_STARTS: dict[str, Callable[[Elements, Attributes], None]] = {
    "img": Elements._img,
    "amp-img": Elements._img,
    "amp-anim": Elements._img,
    "source": Elements._source,
    "picture": Elements._picture,
    "noscript": Elements._enter_noscript,
    "input": Elements._input,
    "script": Elements._script,
    "video": Elements._video,
    "amp-video": Elements._video,
    "audio": Elements._audio,
    "track": Elements._track,
    "bgsound": Elements._bgsound,
    "embed": Elements._embed,
    "object": Elements._object,
    "iframe": Elements._iframe,
    "amp-iframe": Elements._iframe,
    "frame": Elements._frame,
    "image": Elements._svg_image,
    "use": Elements._svg_use,
    "feimage": Elements._svg_filter_image,
    "a": Elements._a,
    "base": Elements._base,
    "link": Elements._link,
    "meta": Elements._meta,
}

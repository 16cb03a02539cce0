"""The page inside the bag, `data/index.html`: for people with a browser, without a network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from msgspec import Struct

from archive.page import front, markup, report_text
from archive.page.addresses import readable
from archive.page.cards import Bounds, Card, card
from archive.page.inventory import Inventory
from archive.page.markup import Renderer
from archive.page.page_content import PageContent
from archive.page.readme import CHECKS
from archive.words import FALLBACK, languages, load
from archive_manifests import layout
from archive_manifests import ledger as ledgers
from archive_manifests.ledger import Ledger

_ALL_LANGUAGES = 60
"""Sources up to which a page is in every language."""


class SourceLine(Struct, frozen=True):
    """One source in the list of very many, in one language."""

    id: str
    status: str
    label: Markup
    address: Markup
    places: Markup
    link: str
    """The source's own page, relative to this one."""


class LanguageVersion(Struct, frozen=True):
    """The page in one language."""

    code: str
    direction: str
    html: Renderer
    ledger: Ledger
    inventory: Inventory

    def cards(self) -> Iterator[Card]:
        """The cards one by one: those of thousands of sources would fill the memory."""
        bounds = Bounds.for_sources(len(self.ledger.sources))
        for entry in self.ledger.sources:
            yield card(entry, self.html, self.inventory, bounds)

    def rows(self) -> Iterator[SourceLine]:
        """One line for each source, where each has a page of its own."""
        for entry in self.ledger.sources:
            yield SourceLine(
                entry.id,
                entry.status,
                self.html.sentence(f"status.{entry.status}.label"),
                self.html.readable_address(markup.shortened(readable(entry.cited) or entry.cited, 300)),
                self.html.number(len(entry.citations)),
                layout.source_page(entry.id).removeprefix(layout.PAYLOAD),
            )


def has_source_pages(ledger: Ledger) -> bool:
    """True where the report cites so many sources that each has a page of its own."""
    return len(ledger.sources) > layout.MOST_ON_ONE_PAGE


def render_page(content: PageContent) -> str:
    """The page as HTML, in the languages of `page_languages`."""
    ledger = content.ledger
    cited = report_text.places(ledger.sources, content.text or "")
    inventory = Inventory.of(content.files, content.records, ((place.source, place.number) for place in cited))
    versions = [language_version(code, ledger, inventory) for code in page_languages(content.first_language, ledger)]
    style = style_sheet([version.code for version in versions], ledger, versions[0].html, content.is_published)
    template = environment().get_template("page.html")
    return template.render(
        versions=versions,
        ledger=ledger,
        name=content.name or ledger.report.stated.id,
        title=page_title(ledger, versions[0].html),
        is_split=has_source_pages(ledger),
        is_published=content.is_published,
        withheld=content.withheld,
        index_page="",
        style=Markup(style),  # noqa: S704 -- our own file
        style_digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        events=content.events,
        text_direction="rtl" if load(ledger.report.stated.language or "en").direction == "rtl" else "ltr",
        pieces=_pieces(content.text, cited),
        unplaced=sum(len(source.citations) for source in ledger.sources) - len(cited),
        report_link=_report_link(ledger, content.files, content.is_published),
        checks=CHECKS,
        front=front,
        markup=markup,
    )


def load_all() -> None:
    """Load every template and language: what the first page would wait for."""
    for name in environment().list_templates(extensions=["html"]):
        environment().get_template(name)
    for language in languages():
        load(language)


def language_version(code: str, ledger: Ledger, inventory: Inventory) -> LanguageVersion:
    words = load(code)
    return LanguageVersion(words.code, words.direction, Renderer(words), ledger, inventory)


def page_title(ledger: Ledger, html: Renderer) -> str:
    stated = ledger.report.stated
    title = html.catalogue.sentence("page.title", report=stated.title or stated.id)
    mark = html.catalogue.sentence("demonstration.mark")
    return markup.harmless(f"{mark}: {title}" if ledger.conditions.demonstration else title)


def _pieces(text: str | None, cited: Sequence[report_text.CitationPlace]) -> list[report_text.TextPiece] | None:
    if text is None:
        return None
    return list(report_text.abridge(report_text.pieces(text, cited), whole=len(text) <= report_text.WHOLE))


def _report_link(ledger: Ledger, files: Mapping[str, int], is_published: bool) -> str | None:
    """A report that is published was looked through for programs; one of a bag is linked where a browser is safe."""
    path = ledger.report.path
    if path is None or path not in files:
        return None
    return quote(path.removeprefix(layout.PAYLOAD)) if is_published else markup.relative_link(path)


def page_languages(first: str, ledger: Ledger) -> list[str]:
    """The languages of a page: all of the catalogue; of a large report, `first`, the report's own and English.

    A page in all languages would be too large for a browser.
    """
    others = languages()
    if len(ledger.sources) > _ALL_LANGUAGES:
        others = (load(ledger.report.stated.language or FALLBACK).code, FALLBACK)
    return list(dict.fromkeys((load(first).code, *others)))


def style_sheet(codes: Sequence[str], ledger: Ledger, html: Renderer, is_published: bool = False) -> str:
    """The style sheet, the rules by which a link into another language shows that one, and the heads of printed pages.

    A browser that does not know `:has` shows all languages, one after the other.
    """
    sheet = (resources.files("archive.page") / "templates" / "page.css").read_text(encoding="utf-8")
    first, *others = codes
    hidden = "{ display: none; }"
    for other in others:
        sheet += f'body:not(:has([id|="{other}"]:target)) [data-language="{other}"] {hidden}\n'
        sheet += f'body:has([id|="{other}"]:target) [data-language="{first}"] {hidden}\n'
    return sheet + _printed_margins(ledger, html, is_published)


def _printed_margins(ledger: Ledger, html: Renderer, is_published: bool) -> str:
    """Every printed sheet states which ledger it shows; one of a demonstration says so."""
    digest = hashlib.sha256(ledgers.to_json(ledger).encode()).hexdigest()
    footer = html.catalogue.sentence("page.footer", id=ledger.report.stated.id, digest=digest)
    if is_published:
        footer = ledger.report.stated.id
    rules = f"@bottom-left {{ content: {_css_string(footer)}; font: 6.5pt monospace; }}"
    if ledger.conditions.demonstration:
        mark = html.catalogue.sentence("demonstration.mark")
        rules += f" @top-center {{ content: {_css_string(mark)}; font: bold 9pt sans-serif; }}"
    return f"@page {{ {rules} }}\n"


def _css_string(text: str) -> str:
    """Text as a CSS string; everything but letters, digits and a few signs is escaped. (CSS Syntax 3, section 4.3.7)"""
    return '"' + "".join(c if c.isalnum() or c in " .:-·" else f"\\{ord(c):x} " for c in text) + '"'


@cache
def environment() -> Environment:
    return Environment(
        loader=PackageLoader("archive.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # no template changes while the program runs: looking costs a tenth of rendering a page
    )

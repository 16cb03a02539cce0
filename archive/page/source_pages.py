"""One page for each source, `data/sources/s0001.html`, where the report cites too many for one page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from archive.page import page, report_text
from archive.page.cards import Bounds, Card, card
from archive.page.inventory import Inventory
from archive.page.markup import Renderer, harmless
from archive.page.page_content import PageContent
from archive_manifests import layout
from archive_manifests.ledger import SourceEntry

_TO_DATA = "../"


class CardVersion(Struct, frozen=True):
    """The card of one source in one language."""

    code: str
    direction: str
    html: Renderer
    card: Card


def render_source_pages(content: PageContent) -> Iterator[tuple[str, str]]:
    """The path in the bag and the text of each page of a source and of their style sheet; none for a smaller report."""
    ledger = content.ledger
    if not page.has_source_pages(ledger):
        return
    cited = report_text.places(ledger.sources, content.text or "")
    inventory = Inventory.of(content.files, content.records, ((place.source, place.number) for place in cited))
    inventory = replace(inventory, to_data=_TO_DATA)
    languages = page.page_languages(content.first_language, ledger)
    versions = [page.language_version(code, ledger, inventory) for code in languages]
    # One style sheet for all: it would be half of each page.
    codes = [each.code for each in versions]
    yield layout.SOURCE_STYLE, page.style_sheet(codes, ledger, versions[0].html, content.is_published)
    for entry in ledger.sources:
        yield layout.source_page(entry.id), _source_page(entry, versions, content.is_published)


def _source_page(entry: SourceEntry, versions: Sequence[page.LanguageVersion], is_published: bool) -> str:
    first = versions[0]
    bounds = Bounds()
    cards = [
        CardVersion(each.code, each.direction, each.html, card(entry, each.html, each.inventory, bounds))
        for each in versions
    ]
    template = page.environment().get_template("source.html")
    return template.render(
        versions=cards,
        is_published=is_published,
        report=first.ledger.report.stated,
        title=harmless(f"{entry.id} · {page.page_title(first.ledger, first.html)}"),
        is_demonstration=first.ledger.conditions.demonstration,
        index_page=_TO_DATA + layout.PAGE.removeprefix(layout.PAYLOAD),
        style_sheet=layout.SOURCE_STYLE.removeprefix(layout.SOURCE_PAGES),
    )

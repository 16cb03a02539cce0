"""The card of a source: its verdict, its files, what is missing and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup
from msgspec import Struct

from archive.page import markup
from archive.page.addresses import other_reading, readable
from archive.page.inventory import (
    FacetRow,
    File,
    Inventory,
    MissingParts,
    absence,
    document_of,
    facet_rows,
    files_of,
    missing,
    picture_of,
)
from archive.page.markup import Renderer
from archive.page.notes import render_note, render_notes
from archive_manifests import custody
from archive_manifests.ledger import Copy, Memento, Reading, Rendering, SourceEntry, Status, Verdict
from archive_manifests.records import RecordLine

_CONTEXT = 400
_FROM_LIVE = (Status.CAPTURED, Status.PARTIAL)


class Bounds(Struct, frozen=True):
    """How many lines of each kind a card shows, so that a browser opens the page of any bag."""

    requisites: int = 40
    exchanges: int = 25
    citations: int = 25

    @classmethod
    def for_sources(cls, count: int) -> Bounds:
        """Those of a page that has the cards of so many sources."""
        return cls() if count <= 60 else cls(12, 8, 8)


class ExchangeRow(Struct, frozen=True):
    """One line of the table of exchanges."""

    time: Markup
    answer: Markup
    address: Markup
    place: Markup


class CitationRow(Struct, frozen=True):
    """One place where the report cites the source."""

    where: Markup
    context: Markup | None
    anchor: Markup | None
    target: str | None
    """Fragment of the place in the text, without the language; None where no place is known."""


class Card(Struct, frozen=True):
    """Everything that the page says about one source, in one language."""

    id: str
    status: str
    is_lost: bool
    """The bag has nothing of the source."""
    sentences: tuple[Markup, ...]
    """Verdict and reason in words, and what was seen."""
    rows: tuple[tuple[Markup, Markup], ...]
    cited: Markup
    readable: Markup | None
    """The cited address with its encoded letters decoded, where it has any."""
    picture: File | None
    picture_key: str
    """Key of the sentence for readers who cannot see the picture: it need not show the page."""
    no_picture: Markup
    document: File | None
    """The file that the source is, where it is not a page."""
    covered: bool
    """True where pictures and videos stay closed until the reader opens them."""
    graphic: bool
    files: tuple[File, ...]
    exchanges: tuple[ExchangeRow, ...]
    more_exchanges: int
    missing: tuple[MissingParts, ...]
    more_missing: int
    citations: tuple[CitationRow, ...]
    more_citations: int
    has_words: bool
    """True where the words around a citation are known."""
    facets: tuple[FacetRow, ...]
    notes: tuple[Markup, ...]


def card(entry: SourceEntry, html: Renderer, inventory: Inventory, bounds: Bounds) -> Card:
    """The card of one source."""
    exchanges = [inventory.records[record] for record in entry.exchanges if record in inventory.records]
    absent = [part for part in entry.requisites if part.outcome != "captured"]
    files = files_of(entry, inventory, html)
    picture = picture_of(entry, files)
    is_recorded = any(map(_has_response, entry.copies))
    return Card(
        id=entry.id,
        status=entry.status,
        is_lost=_is_lost(entry.status),
        sentences=tuple(_sentences(entry, html)),
        rows=tuple(_rows(entry, exchanges, html, inventory)),
        cited=html.address(entry.cited),
        readable=_readable(entry.cited, html),
        picture=picture,
        picture_key="card.thumbnail_alt" if entry.facets.appearance.present else "card.picture_alt",
        no_picture=absence(entry.facets.appearance, html),
        document=document_of(entry, files),
        covered=entry.graphic is not False,
        graphic=entry.graphic is True,
        files=files,
        exchanges=tuple(_exchange(record, html) for record in exchanges[: bounds.exchanges]),
        more_exchanges=max(0, len(exchanges) - bounds.exchanges),
        missing=tuple(missing(absent[: bounds.requisites], absent, html)),
        more_missing=max(0, len(absent) - bounds.requisites),
        citations=tuple(_citation(entry, number, html, inventory) for number in range(1, len(entry.citations) + 1))[
            : bounds.citations
        ],
        more_citations=max(0, len(entry.citations) - bounds.citations),
        has_words=any(place.context or place.anchor for place in entry.citations),
        facets=tuple(facet_rows(entry.facets, html, is_boxed=picture is None, is_recorded=is_recorded)),
        notes=tuple(render_note(note, html) for note in entry.notes),
    )


def _readable(url: str, html: Renderer) -> Markup | None:
    decoded = readable(url)
    return html.readable_address(decoded) if decoded is not None else None


def _address(url: str, html: Renderer) -> Markup:
    """An address; a readable form first where it has one."""
    decoded = _readable(url, html)
    return html.address(url) if decoded is None else Markup("{}<br>{}").format(decoded, html.address(url))


def status_sentence(entry: SourceEntry) -> str:
    """The key of what a source's verdict says: of a copy, also what the record shows of the live web."""
    if entry.status in (Status.MEMENTO, Status.SUPPLIED):
        if entry.live.status is Status.GONE:
            return f"status.{entry.status}.gone"
        if entry.live.status is Status.NOT_ATTEMPTED:
            return f"status.{entry.status}.unasked"
    return f"status.{entry.status}.sentence"


def verdict_in_words(verdict: Verdict, html: Renderer) -> Markup:
    """Label and reason of a verdict, in one line."""
    label = html.sentence(f"status.{verdict.status}.label")
    if verdict.reason is None:
        return label
    return Markup("{}: {}").format(label, reason_in_words(verdict.status, verdict.reason, html))


def _live_in_words(live: Verdict, html: Renderer) -> Markup:
    """The verdict on the live web; of a bag that was made from recordings, that instead of the list of sources."""
    if live.detail is None or live.detail.code != custody.FROM_RECORDINGS:
        return verdict_in_words(live, html)
    label = html.sentence(f"status.{live.status}.label")
    return Markup("{}: {}").format(label, render_note(live.detail, html))


def reason_in_words(status: Status, reason: str, html: Renderer) -> Markup:
    return html.sentence_or(f"reason.{status}.{reason}", reason)


def _sentences(entry: SourceEntry, html: Renderer) -> Iterable[Markup]:
    yield html.sentence(status_sentence(entry))
    if entry.reason is not None:
        yield reason_in_words(entry.status, entry.reason, html)
    if (other := other_reading(entry)) is not None:
        yield html.sentence("card.other_reading", url=html.address(other))
    if entry.memento is not None:
        yield _age(entry.memento, html)


def _age(memento: Memento, html: Renderer) -> Markup:
    when = html.instant(memento.datetime)
    if memento.delta_days is None:
        return html.sentence("card.memento_undated", when=when)
    side = "after" if memento.after_report else "before"
    return html.sentence(f"card.memento_{side}", n=abs(memento.delta_days), when=when)


def _reading_rows(entry: SourceEntry, html: Renderer) -> Iterable[tuple[Markup, Markup]]:
    """How the report was read, where the reading is in doubt or the capture has a gap: a misreading then shows."""
    if not entry.readings or not (entry.status.is_gap or len(entry.readings) > 1):
        return
    first, *others = entry.readings
    yield html.sentence("card.read_as"), _reading(first, html)
    if others:
        yield html.sentence("card.also_read"), Markup("<br>").join(_reading(other, html) for other in others)


def _reading(reading: Reading, html: Renderer) -> Markup:
    address = _address(reading.url, html)
    if not reading.requested:
        return address
    if reading.result is None:
        return html.sentence("card.reading_requested", url=address)
    status, _, reason = reading.result.partition(" (")
    label = html.sentence_or(f"status.{status}.label", status)
    result = Markup("{} ({})").format(label, html.text(reason.rstrip(")"))) if reason else label
    return html.sentence("card.reading_result", url=address, result=result)


def _rows(
    entry: SourceEntry, exchanges: Sequence[RecordLine], html: Renderer, inventory: Inventory
) -> Iterable[tuple[Markup, Markup]]:
    yield from _reading_rows(entry, html)
    # Of a memento, the detail is how the live web ended; a sentence above states its age.
    detail = entry.live.detail if entry.status is Status.MEMENTO else entry.detail
    if detail is not None:
        yield html.sentence("card.detail"), render_note(detail, html)
    if entry.started:
        label = "card.time" if entry.status in _FROM_LIVE else "card.time_tried"
        yield html.sentence(label), html.instant(entry.started)
    if entry.final_url and entry.final_url != entry.cited:
        yield html.sentence("card.final"), _address(entry.final_url, html)
    answered = "card.http_status" if entry.status in _FROM_LIVE else "card.http_live"
    yield html.sentence(answered), _answer(entry, exchanges, html)
    if entry.title:
        yield html.sentence("card.title"), html.text(markup.shortened(entry.title, _CONTEXT))
    if entry.live.status != entry.status:
        yield html.sentence("card.live"), _live_in_words(entry.live, html)
    if entry.requisites:
        got = sum(1 for part in entry.requisites if part.outcome == "captured")
        yield html.sentence("card.parts"), html.sentence("card.listed", n=len(entry.requisites), got=got)
    if entry.rendering is not None:
        yield from _rendering(entry.rendering, html)
    for copy in entry.copies:
        if copy.kind == "successor" and copy.status is not None and copy.status.is_gap:
            tried = html.sentence(
                "card.tried_successor", url=html.address(copy.url or ""), taken=html.instant(copy.taken)
            )
            yield html.sentence("card.tried"), _with_notes(tried, copy, html)
        elif copy.kind != "live":
            yield html.sentence("card.copy"), _copy(copy, html)
    if entry.memento is not None:
        yield html.sentence("card.memento"), html.address(entry.memento.url)
    elif _is_lost(entry.status) and entry.memento_lookup != "found":
        lookup = html.sentence_or(f"card.lookup_{entry.memento_lookup}", entry.memento_lookup)
        yield html.sentence("card.memento"), lookup
    if entry.quote_found in ("yes", "no"):
        yield html.sentence("card.quote"), html.sentence(f"card.quote_{entry.quote_found}")


def _rendering(rendering: Rendering, html: Renderer) -> Iterable[tuple[Markup, Markup]]:
    when = html.instant(rendering.rendered)
    yield html.sentence("card.rendered"), html.sentence("card.rendered_by", when=when, browser=rendering.browser)
    replay = rendering.replay
    if replay is not None:
        yield html.sentence("card.replay"), html.sentence("card.replay_said", n=replay.missing, score=replay.score)


def _is_lost(status: Status) -> bool:
    """True where the bag has nothing of the source."""
    return status.is_gap and status is not Status.PARTIAL


def _has_response(copy: Copy) -> bool:
    """True of a supplied recording with a response for the source that is neither an error nor a wall, nor cut."""
    codes = {one.code for one in copy.notes}
    return bool(codes & _HOLDS) and not codes & _HOLDS_NOT


_HOLDS = frozenset({"recording-holds", "recording-holds-under"})
_HOLDS_NOT = frozenset({"recording-judged", "recording-redirect", "recording-no-content"})


def _answer(entry: SourceEntry, exchanges: Sequence[RecordLine], html: Renderer) -> Markup:
    if entry.http_status is None:
        is_requested = entry.live.status is not Status.NOT_ATTEMPTED
        return html.sentence("card.http_none" if is_requested else "card.http_not_requested")
    hops = sum(1 for record in exchanges if record.http_status is not None and 300 <= record.http_status < 400)
    answer = html.code(f"http {entry.http_status}")
    return Markup("{} {}").format(answer, html.sentence("card.hops", n=hops)) if hops else answer


def _copy(copy: Copy, html: Renderer) -> Markup:
    holder = html.text(copy.holder) if copy.holder else html.sentence("card.holder_unknown")
    taken = html.instant(copy.taken)
    kind = copy.kind if html.catalogue.has(f"card.copy_{copy.kind}") else "other"
    if copy.kind == "supplied" and not custody.is_dated(copy):
        kind = "supplied_undated"
    origin = html.sentence(f"card.copy_{kind}", holder=holder, taken=taken)
    if not copy.notes or copy.kind == "memento":  # the note of a memento repeats its age
        return origin
    return _with_notes(origin, copy, html)


def _with_notes(origin: Markup, copy: Copy, html: Renderer) -> Markup:
    return Markup("{}. {}").format(origin, render_notes(copy.notes, html))


def _exchange(record: RecordLine, html: Renderer) -> ExchangeRow:
    # A joined video, a rendered page: a record of ours, not a response of a server.
    otherwise = "card.exchange_made" if record.type in ("resource", "conversion") else "card.exchange_failed"
    answer = html.sentence(otherwise) if record.http_status is None else html.code(str(record.http_status))
    place = html.code(f"{record.file.rpartition('/')[2]} @ {record.offset}")
    return ExchangeRow(html.stamp(record.date), answer, html.address(record.uri or ""), place)


def _citation(entry: SourceEntry, number: int, html: Renderer, inventory: Inventory) -> CitationRow:
    citation = entry.citations[number - 1]
    where = [html.sentence("card.page", n=citation.page)] if citation.page is not None else []
    where += [html.sentence("card.line", n=citation.line)] if citation.line is not None else []
    return CitationRow(
        Markup(" · ").join(where) if where else html.sentence("card.no_place"),
        html.text(markup.shortened(citation.context, _CONTEXT)) if citation.context else None,
        html.text(markup.shortened(citation.anchor, _CONTEXT)) if citation.anchor else None,
        f"{entry.id}-{number}" if (entry.id, number) in inventory.placed else None,
    )

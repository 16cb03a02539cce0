"""A card for each source: its verdict, what is here of it, what is missing and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive.page import markup
from archive.page.holdings import File, Held, Missing, absence, facets_in_words, files_of, missing, picture_of
from archive.page.markup import Voice
from archive.page.noted import say_noted
from archive_manifests.ledger import Copy, Memento, Rendering, SourceEntry, Status, Verdict
from archive_manifests.records import RecordLine

_CONTEXT = 400
_DETAIL = 600
_FROM_LIVE = (Status.CAPTURED, Status.PARTIAL)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many lines of each kind a card shows, so that a page of any bag opens."""

    requisites: int = 40
    exchanges: int = 25
    citations: int = 25

    @classmethod
    def for_sources(cls, count: int) -> Bounds:
        if count <= 60:
            return cls()
        return cls(12, 8, 8) if count <= 600 else cls(3, 4, 3)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One line of the table of exchanges."""

    time: Markup
    answer: Markup
    address: Markup
    place: Markup


@dataclass(frozen=True, slots=True)
class Quoted:
    """One place where the report cites the source."""

    where: Markup
    context: Markup | None
    anchor: Markup | None
    target: str | None
    """Fragment of the place in the text, without the language; None where no place is known."""


@dataclass(frozen=True, slots=True)
class Card:
    """Everything the page says about one source, in one language."""

    id: str
    status: str
    sentences: tuple[Markup, ...]
    """Verdict and reason in words, and what was seen."""
    rows: tuple[tuple[Markup, Markup], ...]
    cited: Markup
    picture: File | None
    picture_said: str
    """Key of what stands for the picture where it cannot be seen: it need not be one of the page."""
    no_picture: Markup
    covered: bool
    """True where pictures and films stay closed until somebody opens them."""
    graphic: bool
    files: tuple[File, ...]
    exchanges: tuple[Exchange, ...]
    more_exchanges: int
    missing: tuple[Missing, ...]
    more_missing: int
    citations: tuple[Quoted, ...]
    more_citations: int
    has_words: bool
    """True where the words round a citation are known."""
    facets: tuple[tuple[Markup, bool, Markup | None], ...]
    notes: tuple[Markup, ...]


def card(entry: SourceEntry, voice: Voice, held: Held, bounds: Bounds) -> Card:
    """The card of one source."""
    exchanges = [held.records[record] for record in entry.exchanges if record in held.records]
    absent = [part for part in entry.requisites if part.outcome != "captured"]
    files = files_of(entry, held, voice)
    picture = picture_of(entry, files)
    return Card(
        id=entry.id,
        status=entry.status,
        sentences=tuple(_sentences(entry, voice)),
        rows=tuple(_rows(entry, exchanges, voice)),
        cited=voice.address(entry.cited),
        picture=picture,
        picture_said="card.thumbnail_alt" if entry.facets.appearance.present else "card.picture_alt",
        no_picture=absence(entry.facets.appearance, voice),
        covered=entry.graphic is not False,
        graphic=entry.graphic is True,
        files=files,
        exchanges=tuple(_exchange(record, voice) for record in exchanges[: bounds.exchanges]),
        more_exchanges=max(0, len(exchanges) - bounds.exchanges),
        missing=tuple(missing(absent[: bounds.requisites], absent, voice)),
        more_missing=max(0, len(absent) - bounds.requisites),
        citations=tuple(_quoted(entry, number, voice, held) for number in range(1, len(entry.citations) + 1))[
            : bounds.citations
        ],
        more_citations=max(0, len(entry.citations) - bounds.citations),
        has_words=any(place.context or place.anchor for place in entry.citations),
        facets=tuple(facets_in_words(entry.facets, voice, is_boxed=picture is None)),
        notes=tuple(say_noted(markup.shortened(note, _DETAIL), voice) for note in entry.notes),
    )


def verdict_in_words(verdict: Verdict, voice: Voice) -> Markup:
    """Label and reason of a verdict, in one line."""
    label = voice.say(f"status.{verdict.status}.label")
    if verdict.reason is None:
        return label
    return Markup("{}: {}").format(label, reason_in_words(verdict.status, verdict.reason, voice))


def reason_in_words(status: Status, reason: str, voice: Voice) -> Markup:
    return voice.known(f"reason.{status}.{reason}", reason)


def _sentences(entry: SourceEntry, voice: Voice) -> Iterable[Markup]:
    yield voice.say(f"status.{entry.status}.sentence")
    if entry.reason is not None:
        yield reason_in_words(entry.status, entry.reason, voice)
    if entry.memento is not None:
        yield _age(entry.memento, voice)


def _age(memento: Memento, voice: Voice) -> Markup:
    when = voice.moment(memento.datetime)
    if memento.delta_days is None:
        return voice.say("card.memento_undated", when=when)
    side = "after" if memento.after_report else "before"
    return voice.say(f"card.memento_{side}", n=abs(memento.delta_days), when=when)


def _rows(entry: SourceEntry, exchanges: Sequence[RecordLine], voice: Voice) -> Iterable[tuple[Markup, Markup]]:
    # Of a memento, what was seen is how the live web ended; its age is told above.
    detail = entry.live.detail if entry.status is Status.MEMENTO else entry.detail
    if detail:
        yield voice.say("card.detail"), say_noted(markup.shortened(detail, _DETAIL), voice)
    if entry.started:
        label = "card.time" if entry.status in _FROM_LIVE else "card.time_tried"
        yield voice.say(label), voice.moment(entry.started)
    if entry.final_url and entry.final_url != entry.cited:
        yield voice.say("card.final"), voice.address(entry.final_url)
    answered = "card.http_status" if entry.status in _FROM_LIVE else "card.http_live"
    yield voice.say(answered), _answer(entry, exchanges, voice)
    if entry.title:
        yield voice.say("card.title"), voice.text(markup.shortened(entry.title, _CONTEXT))
    if entry.live.status != entry.status:
        yield voice.say("card.live"), verdict_in_words(entry.live, voice)
    if entry.requisites:
        got = sum(1 for part in entry.requisites if part.outcome == "captured")
        yield voice.say("card.parts"), voice.say("card.listed", n=len(entry.requisites), got=got)
    if entry.rendering is not None:
        yield from _rendering(entry.rendering, voice)
    for copy in entry.copies:
        if copy.kind != "live":
            yield voice.say("card.copy"), _copy(copy, voice)
    if entry.memento is not None:
        yield voice.say("card.memento"), voice.address(entry.memento.url)
    elif _is_lost(entry.status) and entry.memento_lookup != "found":
        yield voice.say("card.memento"), voice.known(f"card.lookup_{entry.memento_lookup}", entry.memento_lookup)
    if entry.quote_found in ("yes", "no"):
        yield voice.say("card.quote"), voice.say(f"card.quote_{entry.quote_found}")


def _rendering(rendering: Rendering, voice: Voice) -> Iterable[tuple[Markup, Markup]]:
    when = voice.moment(rendering.drawn)
    yield voice.say("card.drawn"), voice.say("card.drawn_by", when=when, browser=rendering.browser)
    replay = rendering.replay
    if replay is not None:
        yield voice.say("card.replay"), voice.say("card.replay_said", n=replay.missing, score=replay.score)


def _is_lost(status: Status) -> bool:
    """True where nothing of what was cited is in the bag."""
    return status.is_gap and status is not Status.PARTIAL


def _answer(entry: SourceEntry, exchanges: Sequence[RecordLine], voice: Voice) -> Markup:
    if entry.http_status is None:
        return voice.say("card.http_none")
    hops = sum(1 for record in exchanges if record.http_status is not None and 300 <= record.http_status < 400)
    answer = voice.code(f"http {entry.http_status}")
    return Markup("{} {}").format(answer, voice.say("card.hops", n=hops)) if hops else answer


def _copy(copy: Copy, voice: Voice) -> Markup:
    holder = voice.text(copy.holder) if copy.holder else voice.say("card.holder_unknown")
    taken = voice.moment(copy.taken)
    kind = copy.kind if voice.words.has(f"card.copy_{copy.kind}") else "other"
    said = voice.say(f"card.copy_{kind}", holder=holder, taken=taken)
    if copy.note is None or copy.kind == "memento":  # a memento's note tells its age once more
        return said
    return Markup("{}. {}").format(said, say_noted(markup.shortened(copy.note, _DETAIL), voice))


def _exchange(record: RecordLine, voice: Voice) -> Exchange:
    # A film that was put together, a page that was drawn: a record of ours, and nobody's answer.
    otherwise = "card.exchange_made" if record.type in ("resource", "conversion") else "card.exchange_failed"
    answer = voice.say(otherwise) if record.http_status is None else voice.code(str(record.http_status))
    place = voice.code(f"{record.file.rpartition('/')[2]} @ {record.offset}")
    return Exchange(voice.stamp(record.date), answer, voice.address(record.uri or ""), place)


def _quoted(entry: SourceEntry, number: int, voice: Voice, held: Held) -> Quoted:
    citation = entry.citations[number - 1]
    where = [voice.say("card.page", n=citation.page)] if citation.page is not None else []
    where += [voice.say("card.line", n=citation.line)] if citation.line is not None else []
    return Quoted(
        Markup(" · ").join(where) if where else voice.say("card.no_place"),
        voice.text(markup.shortened(citation.context, _CONTEXT)) if citation.context else None,
        voice.text(markup.shortened(citation.anchor, _CONTEXT)) if citation.anchor else None,
        f"{entry.id}-{number}" if (entry.id, number) in held.placed else None,
    )

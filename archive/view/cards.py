"""A card for each source: its verdict, what is here of it, what is missing and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive.view import plain
from archive.view.voice import Voice
from archive_manifests.ledger import Copy, Facet, Facets, Requisite, SourceEntry, Status, Verdict
from archive_manifests.records import RecordLine

_PICTURES = frozenset({"gif", "jpg", "jpeg", "png", "webp"})
_FILMS = frozenset({"mp4", "webm", "ogv"})
_SOUNDS = frozenset({"m4a", "mp3", "ogg", "opus", "wav"})
_CONTEXT = 400
_DETAIL = 600
_STATUSES = frozenset(Status)
_TIME_LABELS = {Status.CAPTURED: "card.time", Status.PARTIAL: "card.time", Status.MEMENTO: "card.time_fetched"}


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
class Held:
    """What the bag holds, by which a card finds its files."""

    files: Mapping[str, int]
    """Paths in the bag -> octets."""
    records: Mapping[str, RecordLine]
    """Record id -> its line in the records log."""
    placed: frozenset[tuple[str, int]]
    """Source id and number of each citation that has a place in the text."""
    by_source: Mapping[str, tuple[str, ...]]
    """Source id -> paths under `data/views/` and `data/media/`, sorted."""

    @classmethod
    def of(
        cls, files: Mapping[str, int], records: Sequence[RecordLine], placed: Iterable[tuple[str, int]]
    ) -> Held:
        found: dict[str, list[str]] = {}
        for path in sorted(files):
            parts = path.split("/")
            if len(parts) > 3 and parts[:2] in (["data", "views"], ["data", "media"]):
                found.setdefault(parts[2], []).append(path)
        by_source = {source: tuple(paths) for source, paths in found.items()}
        return cls(files, {record.id: record for record in records}, frozenset(placed), by_source)


@dataclass(frozen=True, slots=True)
class File:
    """One file of the bag, as a card names it."""

    path: Markup
    size: Markup
    link: str | None
    """Relative to the page; None where a browser should not open it."""
    kind: str
    """`picture`, `film`, `sound` or `other`: how the page shows it."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One line of the table of exchanges."""

    time: Markup
    answer: Markup
    address: Markup
    place: Markup


@dataclass(frozen=True, slots=True)
class Missing:
    """Parts of a page that are not there, for one cause."""

    sentence: Markup
    addresses: tuple[Markup, ...]


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
    no_picture: Markup
    covered: bool
    """True where pictures and films stay closed until somebody opens them."""
    graphic: bool
    files: tuple[File, ...]
    exchanges: tuple[Exchange, ...]
    more_exchanges: int
    missing: tuple[Missing, ...]
    more_missing: int
    tally: Markup | None
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
    files = tuple(_file(path, held.files[path], voice) for path in _paths(entry, held))
    picture = _picture(entry, files)
    return Card(
        id=entry.id,
        status=entry.status,
        sentences=tuple(_sentences(entry, voice)),
        rows=tuple(_rows(entry, exchanges, voice)),
        cited=voice.address(entry.cited),
        picture=picture,
        no_picture=_absence(entry.facets.appearance, voice),
        covered=entry.graphic is not False,
        graphic=entry.graphic is True,
        files=files,
        exchanges=tuple(_exchange(record, voice) for record in exchanges[: bounds.exchanges]),
        more_exchanges=max(0, len(exchanges) - bounds.exchanges),
        missing=tuple(_missing(absent[: bounds.requisites], absent, voice)),
        more_missing=max(0, len(absent) - bounds.requisites),
        tally=_tally(entry.requisites, absent, voice),
        citations=tuple(_quoted(entry, number, voice, held) for number in range(1, len(entry.citations) + 1))[
            : bounds.citations
        ],
        more_citations=max(0, len(entry.citations) - bounds.citations),
        has_words=any(place.context or place.anchor for place in entry.citations),
        facets=tuple(_facets(entry.facets, voice)),
        notes=tuple(voice.text(plain.shortened(note, _DETAIL)) for note in entry.notes),
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
    if entry.memento is not None and entry.memento.delta_days is not None:
        when = "after" if entry.memento.after_report else "before"
        yield voice.say(
            f"card.memento_{when}", n=abs(entry.memento.delta_days), when=voice.moment(entry.memento.datetime)
        )


def _rows(entry: SourceEntry, exchanges: Sequence[RecordLine], voice: Voice) -> Iterable[tuple[Markup, Markup]]:
    # Of a memento, what was seen is how the live web ended; its age is told above.
    detail = entry.live.detail if entry.status is Status.MEMENTO else entry.detail
    if detail:
        yield voice.say("card.detail"), voice.text(plain.shortened(detail, _DETAIL))
    if entry.started:
        yield voice.say(_TIME_LABELS.get(entry.status, "card.time_tried")), voice.moment(entry.started)
    if entry.final_url and entry.final_url != entry.cited:
        yield voice.say("card.final"), voice.address(entry.final_url)
    yield voice.say("card.http_status"), _answer(entry, exchanges, voice)
    if entry.title:
        yield voice.say("card.title"), voice.text(plain.shortened(entry.title, _CONTEXT))
    if entry.live.status != entry.status:
        yield voice.say("card.live"), verdict_in_words(entry.live, voice)
    for copy in entry.copies:
        if copy.kind != "live":
            yield voice.say("card.copy"), _copy(copy, voice)
    if entry.memento is not None:
        yield voice.say("card.memento"), voice.address(entry.memento.url)
    elif _is_lost(entry.status) and entry.memento_lookup != "found":
        yield voice.say("card.memento"), voice.known(f"card.lookup_{entry.memento_lookup}", entry.memento_lookup)
    if entry.quote_found in ("yes", "no"):
        yield voice.say("card.quote"), voice.say(f"card.quote_{entry.quote_found}")


def _is_lost(status: Status) -> bool:
    """True where nothing of what was cited is in the bag."""
    return status.is_gap and status is not Status.PARTIAL


def _answer(entry: SourceEntry, exchanges: Sequence[RecordLine], voice: Voice) -> Markup:
    if entry.http_status is None:
        return voice.say("card.http_none")
    hops = sum(1 for record in exchanges if record.http_status is not None and 300 <= record.http_status < 400)
    answer = voice.code(f"http {entry.http_status}")
    return Markup("{} {}").format(answer, voice.say("card.hops", n=hops)) if hops else answer


def _paths(entry: SourceEntry, held: Held) -> list[str]:
    """The files of a source: its WARCs first, then what was drawn, extracted or supplied."""
    records = [*entry.exchanges, *(record for copy in entry.copies for record in copy.records)]
    warcs = sorted({held.records[record].file for record in records if record in held.records})
    supplied = [path for copy in entry.copies for path in copy.files]
    named = [*warcs, *held.by_source.get(entry.id, ()), *supplied]
    return [path for path in dict.fromkeys(named) if path in held.files]


def _file(path: str, size: int, voice: Voice) -> File:
    ending = path.rpartition(".")[2].lower()
    kinds = (("picture", _PICTURES), ("film", _FILMS), ("sound", _SOUNDS))
    kind = next((kind for kind, endings in kinds if ending in endings), "other")
    return File(voice.address(path), voice.size(size), plain.link(path), kind)


def _picture(entry: SourceEntry, files: Sequence[File]) -> File | None:
    """What shows a source at a glance: the thumbnail, the screenshot, or the picture that a person supplied."""
    pictures = {file.link: file for file in files if file.kind == "picture" and file.link}
    supplied = [path for copy in entry.copies for path in copy.files]
    drawn = [f"data/views/{entry.id}/{stem}.{e}" for stem in ("thumbnail", "screenshot") for e in sorted(_PICTURES)]
    return next((pictures[link] for link in map(plain.link, [*drawn, *supplied]) if link in pictures), None)


def _absence(facet: Facet, voice: Voice) -> Markup:
    reason = facet.reason or ""
    status = reason.removeprefix("the source is ")
    if status in _STATUSES:
        return voice.say("absence.source_is", status=voice.say(f"status.{status}.label"))
    return voice.known(f"absence.{reason}", reason) if reason else voice.say("facets.no_reason")


def _facets(facets: Facets, voice: Voice) -> Iterable[tuple[Markup, bool, Markup | None]]:
    for name in ("source_code", "appearance", "media"):
        facet: Facet = getattr(facets, name)
        # Why there is no appearance stands in the box where the picture would be.
        is_told = not facet.present and name != "appearance"
        yield voice.say(f"facets.{name}"), facet.present, _absence(facet, voice) if is_told else None


def _copy(copy: Copy, voice: Voice) -> Markup:
    holder = voice.text(copy.holder) if copy.holder else voice.say("card.holder_unknown")
    taken = voice.moment(copy.taken)
    said = voice.say(f"card.copy_{copy.kind}", holder=holder, taken=taken)
    if copy.note is None or copy.kind == "memento":  # a memento's note tells its age once more
        return said
    return Markup("{}. {}").format(said, voice.text(plain.shortened(copy.note, _DETAIL)))


def _exchange(record: RecordLine, voice: Voice) -> Exchange:
    answer = voice.say("card.exchange_failed") if record.http_status is None else voice.code(str(record.http_status))
    place = voice.code(f"{record.file.rpartition('/')[2]} @ {record.offset}")
    return Exchange(voice.stamp(record.date), answer, voice.address(record.uri or ""), place)


def _cause(part: Requisite, voice: Voice) -> Markup:
    reason = part.reason or ""
    if reason.startswith("http "):
        return voice.say("cause.http", code=reason.removeprefix("http "))
    if voice.words.has(f"cause.{reason}"):
        return voice.say(f"cause.{reason}")
    return voice.say("cause.other", code=voice.code(reason)) if reason else Markup("")


def _missing(listed: Sequence[Requisite], absent: Sequence[Requisite], voice: Voice) -> Iterable[Missing]:
    """What is missing, by kind and cause in the order found; counts are of all, addresses of those listed."""
    groups: dict[tuple[str, str, str], list[Requisite]] = {}
    for part in absent:
        groups.setdefault((part.kind, part.outcome, part.reason or ""), []).append(part)
    named = {id(part) for part in listed}
    for (kind, outcome, _), parts in groups.items():
        cause = _cause(parts[0], voice)
        said = Markup("{} × {}: {}").format(
            voice.known(f"kind.{kind}", kind), voice.number(len(parts)), voice.known(f"outcome.{outcome}", outcome)
        )
        sentence = Markup("{} ({})").format(said, cause) if cause else said
        yield Missing(sentence, tuple(voice.address(part.url) for part in parts if id(part) in named))


def _tally(parts: Sequence[Requisite], absent: Sequence[Requisite], voice: Voice) -> Markup | None:
    return voice.say("card.listed", n=len(parts), got=len(parts) - len(absent)) if parts else None


def _quoted(entry: SourceEntry, number: int, voice: Voice, held: Held) -> Quoted:
    citation = entry.citations[number - 1]
    where = [voice.say("card.page", n=citation.page)] if citation.page is not None else []
    where += [voice.say("card.line", n=citation.line)] if citation.line is not None else []
    return Quoted(
        Markup(" · ").join(where) if where else voice.say("card.no_place"),
        voice.text(plain.shortened(citation.context, _CONTEXT)) if citation.context else None,
        voice.text(plain.shortened(citation.anchor, _CONTEXT)) if citation.anchor else None,
        f"{entry.id}-{number}" if (entry.id, number) in held.placed else None,
    )

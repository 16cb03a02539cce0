"""A corroboration as a page for people: what contradicts first, then what rests on one observer. It runs no script."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from archive.corroborate.alike_pairs import AlikePairs, alike_pairs, names_of
from archive.corroborate.mementos import altered_archive
from archive.page import markup
from archive.page.addresses import readable
from archive.page.markup import Renderer
from archive.words import FALLBACK, languages, load
from archive_manifests.corroboration import (
    ORDER,
    CorroboratedSource,
    Corroboration,
    Independence,
    ObserverFacts,
    Relation,
    Sighting,
    SourceState,
)
from archive_manifests.ledger import Status

_ALL_LANGUAGES = 60
"""Sources up to which a page is in every language."""
SPLIT = 200
"""Sources beyond which each has a page of its own."""
NAMED = {SourceState.CONTRADICTED: 3, SourceState.ONE_OBSERVER: 5}
"""Sources that the first screen of a phone has room to name, by state; of all other states it shows `FEW` numbers."""
FEW = 8
_LONGEST_NAME = 80
"""Characters of a source's title or address beside its number."""
_CAPTURED = frozenset((str(Status.CAPTURED), str(Status.PARTIAL)))
SOURCES = "sources/"
_GRAVE = ("connect-to", "added-ca", "accepted-certificate", "accepted-unsound-bag")
"""Conditions that are on the first screen: another server than the site's may have been captured."""
_TONES = {
    SourceState.CONTRADICTED: "gone",
    SourceState.ONE_OBSERVER: "partial",
    SourceState.INDEPENDENCE_UNKNOWN: "partial",
    SourceState.CORROBORATED: "captured",
    SourceState.SEEN_GONE: "gone",
    SourceState.NOT_SEEN: "gone",
}
"""The colour of each state, by the class of the bag's page that has it."""


@dataclass(frozen=True, slots=True)
class ListedSource:
    """A source where it is listed."""

    number: str
    link: str
    address: str
    name: str
    """Its title, or its address as people read it, without what all addresses begin with."""
    is_titled: bool


@dataclass(frozen=True, slots=True)
class StateCount:
    """One line of the first screen: how many sources are in a state, and which."""

    state: SourceState
    tone: str
    label: Markup
    sentence: Markup
    meaning: Markup
    sources: tuple[ListedSource, ...]
    shown: tuple[ListedSource, ...]
    """Those that are on the first screen."""
    is_named: bool
    """Whether these stand there with their names."""
    incomplete: int = 0
    """How many of them were seen alike by two of which one lacks a part."""

    @property
    def more(self) -> int:
        return len(self.sources) - len(self.shown)


@dataclass(frozen=True, slots=True)
class CorroborationVersion:
    """The page in one language."""

    code: str
    direction: str
    html: Renderer
    document: Corroboration
    numbers: Mapping[str, str]
    """Address of a source -> what it is called: its id, where all bags give it the same one."""
    pages: Mapping[str, str]
    """Address of a source -> the name of its own page; empty where all are on one."""

    @property
    def is_split(self) -> bool:
        return bool(self.pages)

    def number(self, source: CorroboratedSource) -> str:
        return self.numbers[source.address]

    def link(self, source: CorroboratedSource) -> str:
        """To its card: on this page, or a page of its own."""
        card = self.card_id(source)
        if not self.is_split:
            return f"#{card}"
        return f"{SOURCES}{self.pages[source.address]}#{self.code}"

    def counts(self) -> Iterator[StateCount]:
        """The states that occur, the gravest first; how many sources rest on one observer in any case."""
        for state in ORDER:
            found = [one for one in self.document.sources if one.state is state]
            if found or state is SourceState.ONE_OBSERVER:
                listed = tuple(self._listed(one) for one in found)
                yield StateCount(
                    state,
                    _TONES[state],
                    self.html.sentence(f"corroboration.state.{state}"),
                    self.html.sentence(f"corroboration.{state}", n=len(found)),
                    self.html.sentence(f"corroboration.means.{state}"),
                    listed,
                    listed[: NAMED.get(state, FEW)],
                    state in NAMED,
                    sum(one.is_incomplete for one in found),
                )

    def _listed(self, source: CorroboratedSource) -> ListedSource:
        title = _title_of(source)
        name = title or re.sub(r"\A(?:https?://)?(?:www\.)?", "", _readable(source.address))
        name = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
        return ListedSource(self.number(source), self.link(source), source.address, name, title is not None)

    def named(self, one: ListedSource) -> Markup:
        """The name of a source; an address from left to right, a title in its own direction."""
        return self.html.text(one.name) if one.is_titled else self.html.readable_address(one.name)

    def titled(self, source: CorroboratedSource) -> str | None:
        return _title_of(source)

    def readable(self, source: CorroboratedSource) -> str | None:
        """Its address as people read it, where that is another."""
        found = _readable(source.address)
        return found if found != source.address else None

    def who(self) -> Iterator[Markup]:
        """Who the observers are as far as is known, and what is not: the keys, and what may make captures false."""
        observers = self.document.observers
        signers = dict.fromkeys(name for one in observers for name in one.signers)
        keys = {key for one in observers for key in one.keys}
        if keys:
            yield self.html.sentence("corroboration.who_keys", n=len(keys))
        if signers:
            yield self.html.sentence("corroboration.who_signers", who=self.html.text(", ".join(signers)))
        if unsigned := sum(not one.keys for one in observers):
            yield self.html.sentence("corroboration.who_unsigned", n=unsigned)
        dependent = [one for one in self.document.relations if one.independence is Independence.NOT_INDEPENDENT]
        if dependent:
            who = self.html.code(names_of(dependent))
            yield self.html.sentence("corroboration.who_dependent", who=who)
        for code in _GRAVE:
            names = [one.name for one in observers if code in one.conditions and "demonstration" not in one.conditions]
            is_all = len(names) == len(observers)
            who = self.html.sentence("corroboration.observers") if is_all else self.html.code(", ".join(names))
            if names:
                yield Markup("{}: {}.").format(who, self.html.sentence(f"corroboration.condition.{code}"))

    def relations(self) -> Iterator[tuple[str, Relation]]:
        """The pairs of observers that are the same to each other, put together."""
        grouped: dict[tuple[str, tuple[str, ...]], list[Relation]] = {}
        for one in self.document.relations:
            grouped.setdefault((one.independence, one.reasons), []).append(one)
        for alike in grouped.values():
            yield names_of(alike), alike[0]

    def list_id(self, count: StateCount) -> str:
        """Of the list of all sources in a state."""
        return f"{self.code}-list-{count.state}"

    def card_id(self, source: CorroboratedSource) -> str:
        return f"{self.code}-{hashlib.sha256(source.address.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"

    def tone(self, source: CorroboratedSource) -> str:
        return _TONES[source.state]

    def observer(self, name: str) -> ObserverFacts:
        return self.document.observer(name)

    def conditions(self, observer: ObserverFacts) -> list[Markup]:
        return [self.html.sentence(f"corroboration.condition.{code}") for code in observer.conditions]

    def reasons(self, codes: Sequence[str]) -> Markup:
        return Markup("; ").join(self.html.sentence(f"corroboration.reason.{code}") for code in codes)

    def pairs(self, source: CorroboratedSource) -> Iterator[AlikePairs]:
        return alike_pairs(source.pairs)

    def seen_by(self, source: CorroboratedSource) -> Iterator[Markup]:
        """How many observers saw it, how many that it is gone, and how many of these different keys signed."""
        seen = [one.status in _CAPTURED for one in source.sightings if one.is_seen]
        shown, total = sum(seen), len(self.document.observers)
        if shown or not seen:
            yield self.html.sentence("corroboration.seen", seen=shown, all=total)
        if gone := len(seen) - shown:
            yield self.html.sentence("corroboration.seen_gone", gone=gone, all=total)
        if source.independent > 1:
            yield self.html.sentence("corroboration.seen_keys", independent=source.independent)

    def saw(self, sighting: Sighting) -> Markup:
        """What an observer saw, in words."""
        label = self.html.sentence_or(f"status.{sighting.status}.label", sighting.status)
        if sighting.reason:
            label = Markup("{} ({})").format(
                label, self.html.sentence_or(f"reason.{sighting.status}.{sighting.reason}", sighting.reason)
            )
        return label if sighting.is_seen else self.html.sentence("corroboration.nothing", verdict=label)

    def warning(self, code: str) -> tuple[Markup, tuple[str, ...]]:
        """What is documented of an archive, and where."""
        known = altered_archive(code)
        if known is None:
            return self.html.text(code), ()
        return self.html.sentence("corroboration.altered", statement=known.statement), known.sources

    def archives_say(self, source: CorroboratedSource) -> Markup:
        """How many copies of independent archives there are; one that altered captures is not among them."""
        copies = source.archives.copies
        sound = [copy for copy in copies if copy.warning is None]
        if source.archives.state == "several-archives":
            return self.html.sentence("corroboration.several_archives", n=len(sound))
        hosts = dict.fromkeys(copy.archive for copy in sound or copies)
        return self.html.sentence("corroboration.one_archive", archive=self.html.code(", ".join(hosts)))


def render_corroboration(document: Corroboration, language: str = FALLBACK) -> str:
    """The page as HTML; `language` comes first. The same arguments give the same page."""
    return _render("corroboration.html", document, _versions(document, language))


def render_source_pages(document: Corroboration, language: str = FALLBACK) -> Iterator[tuple[str, str]]:
    """Name and HTML of the page of each source, where there are too many for one page."""
    if len(document.sources) <= SPLIT:
        return
    versions = _versions(document, language)
    for source in document.sources:
        yield versions[0].pages[source.address], _render("corroboration_source.html", document, versions, source)


def _numbers(document: Corroboration) -> dict[str, str]:
    """The id of each source, if every bag has the same for it and for no other; else its place in the list."""
    ids = {one.address: {each.source for each in one.sightings} for one in document.sources}
    known = [next(iter(each)) for each in ids.values() if len(each) == 1]
    if len(known) == len(document.sources) == len(set(known)):
        return {address: next(iter(each)) for address, each in ids.items()}
    return {one.address: str(number) for number, one in enumerate(document.sources, start=1)}


def _title_of(source: CorroboratedSource) -> str | None:
    """The title that the first observer read who captured it: what a wall calls itself names no source."""
    return next((one.title for one in source.sightings if one.title and one.status in _CAPTURED), None)


def _readable(address: str) -> str:
    return readable(address) or address


def _page_names(document: Corroboration) -> dict[str, str]:
    return {one.address: f"{number:04d}.html" for number, one in enumerate(document.sources, start=1)}


def _render(
    template: str,
    document: Corroboration,
    versions: list[CorroborationVersion],
    source: CorroboratedSource | None = None,
) -> str:
    title = versions[0].html.catalogue.sentence("corroboration.title", report=_title(document))
    style = _style(tuple(version.code for version in versions))
    return (
        _environment()
        .get_template(template)
        .render(
            versions=versions,
            document=document,
            source=source,
            title=markup.harmless(title),
            heading=_title(document),
            style=Markup(style),  # noqa: S704 -- our own file
            style_digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            short=_short,
            is_demonstration=any("demonstration" in one.conditions for one in document.observers),
        )
    )


def _title(document: Corroboration) -> str:
    return document.report.title or document.report.id


def _short(digest: str | None) -> str:
    return f"{digest.removeprefix('sha256:')[:16]}…" if digest else "–"


def _versions(document: Corroboration, language: str) -> list[CorroborationVersion]:
    numbers = _numbers(document)
    pages = _page_names(document) if len(document.sources) > SPLIT else {}
    found = (load(code) for code in _languages(document, language))
    return [
        CorroborationVersion(words.code, words.direction, Renderer(words), document, numbers, pages) for words in found
    ]


def _languages(document: Corroboration, first: str) -> list[str]:
    others = languages() if len(document.sources) <= _ALL_LANGUAGES else (FALLBACK,)
    return list(dict.fromkeys((load(first).code, *others)))


@cache
def _style(codes: tuple[str, ...]) -> str:
    """The style sheet of the bag's page, our own rules, and those by which a link shows another language."""
    sheet = (resources.files("archive.page") / "templates" / "page.css").read_text(encoding="utf-8")
    sheet += (resources.files("archive.corroborate") / "templates" / "corroboration.css").read_text(encoding="utf-8")
    first, *others = codes
    hidden = "{ display: none; }"
    for other in others:
        sheet += f'body:not(:has([id|="{other}"]:target)) [data-language="{other}"] {hidden}\n'
        sheet += f'body:has([id|="{other}"]:target) [data-language="{first}"] {hidden}\n'
    return sheet


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("archive.corroborate"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

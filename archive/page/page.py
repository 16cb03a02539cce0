"""The page inside the bag, `data/index.html`: for people, without a tool but a browser, without a network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from archive.page import front, markup, report_text
from archive.page.cards import Bounds, Card, card
from archive.page.holdings import Held
from archive.page.markup import Voice
from archive.page.readme import CHECKS
from archive.words import languages, load
from archive_manifests.custody import Event
from archive_manifests.ledger import Ledger
from archive_manifests.records import RecordLine


@dataclass(frozen=True, slots=True)
class Face:
    """The page in one language."""

    code: str
    direction: str
    voice: Voice
    ledger: Ledger
    held: Held

    def cards(self) -> Iterator[Card]:
        """The cards one by one, so that a report of thousands of sources does not lie in memory as cards too."""
        bounds = Bounds.for_sources(len(self.ledger.sources))
        for entry in self.ledger.sources:
            yield card(entry, self.voice, self.held, bounds)


def render_page(
    *,
    ledger: Ledger,
    text: str | None,
    records: Sequence[RecordLine],
    events: Sequence[Event],
    files: Mapping[str, int],
    language: str = "en",
    name: str | None = None,
) -> str:
    """The page as HTML, in every language of the catalogue; `language` stands first.

    `files` are the paths in the bag with their octets: a path that is not among them is never linked. `name` is
    the bag's name, where it is not the report's id. The same arguments give the same page.
    """
    cited = report_text.places(ledger.sources, text or "")
    held = Held.of(files, records, ((place.source, place.number) for place in cited))
    first = load(language).code
    faces = [_face(code, ledger, held) for code in (first, *(other for other in languages() if other != first))]
    style = _style([face.code for face in faces], _running_head(ledger, faces[0].voice))
    return _environment().get_template("page.html").render(
        faces=faces,
        ledger=ledger,
        name=name or ledger.report.stated.id,
        title=_title(ledger, faces[0].voice),
        style=Markup(style),  # noqa: S704 -- our own file
        style_digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        events=events,
        text_direction="rtl" if load(ledger.report.stated.language or "en").direction == "rtl" else "ltr",
        pieces=_pieces(text, cited),
        unplaced=sum(len(source.citations) for source in ledger.sources) - len(cited),
        report_link=_report_link(ledger, files),
        checks=CHECKS,
        front=front,
        story=front,
        plain=markup,
    )


def _face(code: str, ledger: Ledger, held: Held) -> Face:
    words = load(code)
    return Face(words.code, words.direction, Voice(words), ledger, held)


def _title(ledger: Ledger, voice: Voice) -> str:
    stated = ledger.report.stated
    title = voice.words.say("page.title", report=stated.title or stated.id)
    mark = voice.words.say("demonstration.mark")
    return markup.harmless(f"{mark}: {title}" if ledger.conditions.demonstration else title)


def _pieces(text: str | None, cited: Sequence[report_text.Place]) -> list[report_text.Piece] | None:
    if text is None:
        return None
    return list(report_text.shown(report_text.pieces(text, cited), whole=len(text) <= report_text.WHOLE))


def _report_link(ledger: Ledger, files: Mapping[str, int]) -> str | None:
    path = ledger.report.path
    return markup.link(path) if path is not None and path in files else None


def _running_head(ledger: Ledger, voice: Voice) -> str:
    """What stands over every printed page: nobody may hold a sheet of a demonstration without knowing."""
    return voice.words.say("demonstration.mark") if ledger.conditions.demonstration else ""


def _style(codes: Sequence[str], running_head: str) -> str:
    """The style sheet, and the rules by which a link into another language shows that one and hides the first.

    A browser that does not know `:has` shows all languages, one after the other.
    """
    sheet = (resources.files("archive.page") / "templates" / "page.css").read_text(encoding="utf-8")
    first, *others = codes
    hidden = "{ display: none; }"
    for other in others:
        sheet += f'body:not(:has([id|="{other}"]:target)) [data-language="{other}"] {hidden}\n'
        sheet += f'body:has([id|="{other}"]:target) [data-language="{first}"] {hidden}\n'
    if running_head:
        sheet += f'@page {{ @top-center {{ content: "{running_head}"; font: bold 9pt sans-serif; }} }}\n'
    return sheet


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("archive.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

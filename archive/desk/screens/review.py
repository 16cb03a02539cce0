"""The review: every citation in its place, as it was read, and what else it could be. Nothing is requested here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec
from msgspec import Struct
from starlette.responses import Response
from starlette.routing import Route

from archive.cite import CitedReport
from archive.cite.page_picture import Box, PagePicture, PictureLine, boxes_at, picture_of_page
from archive.desk import edits
from archive.desk.draft import ReportDraft, copy_draft, drafts
from archive.desk.screens.steps import draft_of, find_item, require_unchanged, steps
from archive.desk.shelf import ShelfItem
from archive.desk.state import Desk
from archive.desk.web import NoSuchPage, WebForm, endpoint, page, redirect
from archive.errors import ArchiveError, ReportUnreadable
from archive.page.report_text import CitationPlace, TextPiece, abridge, pieces
from archive_manifests.source_toml import to_toml
from archive_manifests.sources import Source, SourceManifest, source_id

if TYPE_CHECKING:
    from starlette.requests import Request

_WHOLE = 60_000
"""Characters of a text without pages that are shown whole."""
_AROUND = 1_500
MOST_SOURCES = 100
"""Sources of one page: a browser stays quick with a report of thousands."""


class Shown(Struct, frozen=True):
    """One source as the review shows it."""

    id: str
    index: int
    source: Source
    choices: tuple[str, ...]
    chosen: int
    """Index of the choice that would be requested."""
    page: int | None
    line: int | None
    words: str | None
    is_added: bool

    @property
    def state(self) -> str:
        """`out`, `uncertain`, `settled`, `sure`."""
        if self.source.skip:
            return "out"
        if self.source.is_uncertain or not self.choices:
            return "uncertain"
        return "settled" if self.source.reading is not None else "sure"


class ReviewMark(Struct, frozen=True):
    """A citation's box on the picture of a page."""

    id: str
    state: str
    box: Box


class ReviewView(Struct, frozen=True):
    """A page of the report: a picture with marks, or text with marks."""

    page: int | None
    pages: int
    picture: PagePicture | None = None
    marks: tuple[ReviewMark, ...] = ()
    text: tuple[TextPiece, ...] = ()
    states: dict[str, str] | None = None
    why_text: str | None = None
    """Why there is no picture."""


def show(desk: Desk, request: Request, form: WebForm) -> Response:
    item = find_item(desk, request.path_params["id"])
    draft = draft_of(item)
    manifest, cited = draft.manifest(), draft.reading()
    shown = [_shown(index, source) for index, source in enumerate(manifest.sources)]
    ordered = _uncertain_first(shown)
    first_shown = _first_shown(form.text("from", 6), len(ordered))
    wanted = form.text("page", 6)
    first = next((one.page for one in ordered if one.page is not None), 1)
    number = int(wanted) if wanted.isdecimal() else first or 1
    return page(
        desk,
        "review.html",
        item=item,
        steps=steps(item, "review"),
        sources=ordered[first_shown : first_shown + MOST_SOURCES],
        total=len(ordered),
        start=first_shown,
        step=MOST_SOURCES,
        uncertain=sum(one.state == "uncertain" for one in shown),
        out=sum(one.state == "out" for one in shown),
        report=manifest.report,
        passed=[(one, edits.as_address(one)) for one in manifest.passed_over],
        view=_view(draft, cited, shown, number) if cited is not None else None,
        nothing=cited.nothing if cited is not None else None,
        is_begun=draft.is_begun,
        file=draft.report.name if draft.report is not None else None,
        same=_of_same_report(desk, draft),
        command=_command(item.name, draft),
    )


def _of_same_report(desk: Desk, draft: ReportDraft) -> list[ShelfItem]:
    """What else in the folder was begun from the same report's file."""
    digest = draft.manifest().report.sha256
    others = [other for other in drafts(desk.root) if other.name != draft.name and digest is not None]
    return [desk.shelf.item_of(other) for other in others if _sha256_of(other) == digest]


def _sha256_of(draft: ReportDraft) -> str | None:
    try:
        return draft.manifest().report.sha256
    except (ArchiveError, OSError):
        return None


def throw_away(desk: Desk, request: Request, _: WebForm) -> Response:
    """Discard a draft of which nothing was captured yet. The person's own file of the report stays where it is."""
    draft = draft_of(find_item(desk, request.path_params["id"]))
    require_unchanged(draft)
    draft.discard()
    return redirect(desk, "")


def _uncertain_first(shown: list[Shown]) -> list[Shown]:
    return sorted(shown, key=lambda one: one.state != "uncertain")


def _first_shown(given: str, total: int) -> int:
    """Where the page of sources begins that a query names."""
    wanted = int(given) if given.isdecimal() else 0
    return wanted // MOST_SOURCES * MOST_SOURCES if wanted < total else 0


def _command(name: str, draft: ReportDraft) -> str:
    file = draft.report.name if draft.report is not None else None
    return f"archive cite {file} -o sources.toml" if file else f"archive fetch sources.toml -o {name}"


def _shown(index: int, source: Source) -> Shown:
    place = source.citations[0] if source.citations else None
    choices = edits.choices_of(source)
    wanted = source.reading or source.cited
    return Shown(
        id=source_id(index),
        index=index,
        source=source,
        choices=tuple(choices),
        chosen=choices.index(wanted) if wanted in choices else 0,
        page=place.page if place else None,
        line=place.line if place else None,
        words=(place.context or place.anchor) if place else None,
        is_added=edits.is_added(source),
    )


def _view(draft: ReportDraft, cited: CitedReport, shown: list[Shown], number: int) -> ReviewView:
    states = {one.id: one.state for one in shown}
    places = _places(cited, shown)
    starts = _page_starts(cited)
    pages = len(starts)
    number = max(1, min(number, pages))
    start, end = starts[number - 1], starts[number] if number < pages else len(cited.text)
    why = None
    if draft.report is not None and cited.original_suffix == ".pdf":
        try:
            picture = _picture(draft, number)
        except ReportUnreadable as error:
            why = str(error)
        else:
            marks = _marks(picture.lines, cited.text[start:end], start, places, states)
            return ReviewView(number, pages, picture, tuple(marks))
    here = [
        CitationPlace(place.source, place.number, place.start - start, min(place.end, end) - start)
        for place in places
        if start <= place.start < end
    ]
    text = cited.text[start:end]
    shown_text = tuple(abridge(pieces(text, here), whole=len(text) <= _WHOLE, reach=_AROUND))
    return ReviewView(number if pages > 1 else None, pages, text=shown_text, states=states, why_text=why)


def _page_starts(cited: CitedReport) -> list[int]:
    """Where each page begins in the text: a form feed stands before each but the first."""
    if cited.pages is None or cited.pages < 2:
        return [0]
    return [0, *(found.end() for found in re.finditer("\f", cited.text))][: cited.pages]


def _places(cited: CitedReport, shown: list[Shown]) -> list[CitationPlace]:
    """Each citation's place in the text, as the report was read; a source manifest states none."""
    ids = {one.source.cited: one.id for one in shown}
    found = [
        CitationPlace(ids[source.cited], number, citation.offset, citation.offset + citation.length)
        for source in cited.sources
        if source.cited in ids
        for number, citation in enumerate(source.citations, 1)
        if citation.offset is not None and citation.length
    ]
    return sorted(found, key=lambda place: (place.start, place.end))


def _marks(
    lines: tuple[PictureLine, ...], text: str, start: int, places: list[CitationPlace], states: dict[str, str]
) -> list[ReviewMark]:
    return [
        ReviewMark(place.source, states[place.source], box)
        for place in places
        if start <= place.start < start + len(text)
        for box in boxes_at(lines, text, place.start - start, place.end - start)
    ]


def _picture(draft: ReportDraft, number: int) -> PagePicture:
    """The page's picture, rendered once."""
    assert draft.report is not None
    place = draft.folder / "pages" / f"{number}.json"
    try:
        return msgspec.json.decode(place.read_bytes(), type=PagePicture)
    except (OSError, msgspec.MsgspecError):
        picture = picture_of_page(draft.report, number)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        place.write_bytes(msgspec.json.encode(picture))
        return picture


def show_picture(desk: Desk, request: Request, _: WebForm) -> Response:
    draft = draft_of(find_item(desk, request.path_params["id"]))
    number = request.path_params["page"]
    if draft.report is None or not number.isdecimal() or len(number) > 5:
        raise NoSuchPage(number)
    return Response(_picture(draft, int(number)).png, media_type="image/png")


def change(desk: Desk, request: Request, form: WebForm) -> Response:
    """What a person decided about one source, or an address that they added."""
    item = find_item(desk, request.path_params["id"])
    draft = draft_of(item)
    require_unchanged(draft)
    manifest = draft.manifest()
    changed, at = _changed(manifest, form)
    draft.write_manifest(changed)
    ordered = [one.id for one in _uncertain_first([_shown(*pair) for pair in enumerate(changed.sources)])]
    query = {"page": form.text("page", 6), "from": str(ordered.index(at) if at in ordered else 0)}
    wanted = {name: value for name, value in query.items() if value.isdecimal() and value != "0"}
    return redirect(desk, f"r/{item.id}/review{'?' if wanted else ''}{urlencode(wanted)}#{at}")


def _changed(manifest: SourceManifest, form: WebForm) -> tuple[SourceManifest, str]:
    """The manifest with what a form decides, and the place on the page to return to."""
    action = form.text("do", 20)
    if action == "add":
        number = form.text("at", 6)
        changed = edits.add(manifest, form.text("address", 8000), int(number) if number.isdecimal() else None)
        return changed, source_id(len(changed.sources) - 1)
    index = int(form.text("index", 6)) if form.text("index", 6).isdecimal() else len(manifest.sources)
    if index >= len(manifest.sources):
        raise NoSuchPage("source")
    if action == "accept":
        return edits.accept(manifest, index), _next_uncertain(manifest, index)
    if action in ("leave-out", "take"):
        return edits.leave_out(manifest, index, skip=action == "leave-out"), source_id(index)
    if action == "remove":
        return edits.remove(manifest, index), "sources"
    return edits.decide(manifest, index, _decision(form)), source_id(index)


def _decision(form: WebForm) -> edits.Decision:
    return edits.Decision(
        reading=form.text("reading", 10),
        own=form.text("own", 8000),
        skip=form.has("skip"),
        graphic=form.has("graphic"),
        sensitivity=form.text("sensitivity", 500),
        note=form.text("note", 1000),
        media={"yes": True, "no": False}.get(form.text("media", 5)),
    )


def _next_uncertain(manifest: SourceManifest, index: int) -> str:
    others = [number for number, one in enumerate(manifest.sources) if one.is_uncertain and not one.skip]
    following = [number for number in others if number > index] or [number for number in others if number != index]
    return source_id(following[0] if following else index)


def again(desk: Desk, request: Request, _: WebForm) -> Response:
    """A new draft of the same report, to correct what was captured under a wrong reading."""
    draft = copy_draft(draft_of(find_item(desk, request.path_params["id"])))
    return redirect(desk, f"r/{desk.shelf.item_of(draft).id}/review")


def download(desk: Desk, request: Request, _: WebForm) -> Response:
    """The source manifest, for a partner who fetches."""
    draft = draft_of(find_item(desk, request.path_params["id"]))
    headers = {"Content-Disposition": f'attachment; filename="{draft.name}-sources.toml"'}
    return Response(to_toml(draft.manifest()), media_type="application/toml", headers=headers)


def routes(desk: Desk) -> list[Route]:
    return [
        Route("/r/{id}/review", endpoint(desk, show), methods=["GET"]),
        Route("/r/{id}/review", endpoint(desk, change), methods=["POST"]),
        Route("/r/{id}/page/{page}.png", endpoint(desk, show_picture), methods=["GET"]),
        Route("/r/{id}/sources.toml", endpoint(desk, download), methods=["GET"]),
        Route("/r/{id}/discard", endpoint(desk, throw_away), methods=["POST"]),
        Route("/r/{id}/again", endpoint(desk, again), methods=["POST"]),
    ]

"""A look at what was captured: the page in the bag, each page as it opens again beside its picture, and the score."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from starlette.responses import Response
from starlette.routing import Route

from archive.browser.installed import Installed, find
from archive.corroborate.check import check_beside
from archive.corroborate.standing import Standing, corroboration_folder, find_corroboration, standings
from archive.desk.command_lines import bag_line
from archive.desk.screens.finish import fingerprint
from archive.desk.screens.steps import find_item, steps
from archive.desk.shelf import ledger_of
from archive.desk.state import Desk
from archive.desk.web import NoSuchPage, WebForm, endpoint, page, redirect, task_page
from archive.errors import BagUnreadable, StatementError
from archive.page.cards import verdict_in_words
from archive.replay.check import PageScore, check, picture_at_capture
from archive.replay.contents import find_page
from archive.replay.server import Server, page_files
from archive_manifests.findings import Severity
from archive_manifests.ledger import Ledger, Rendering
from archive_manifests.moments import iso

if TYPE_CHECKING:
    from starlette.requests import Request

_PNG = b"\x89PNG\r\n\x1a\n"


class ReplayScores(Struct, frozen=True):
    """What a test of the replay found."""

    item: str
    pages: tuple[PageScore, ...]
    pictures: Path
    """The folder with the picture of each page as it opened: `s01.png`."""


def show(desk: Desk, request: Request, form: WebForm) -> Response:
    item = find_item(desk, request.path_params["id"])
    if item.bag is None:
        return redirect(desk, f"r/{item.id}/gaps")
    ident = form.text("scores", 40)
    scores = desk.results.get(ident)
    ledger = ledger_of(item)
    return page(
        desk,
        "look.html",
        item=item,
        steps=steps(item, "look"),
        entries=ledger.sources if ledger is not None else (),
        verdict=verdict_in_words,
        served=_served(desk, item.id, item.bag),
        pictured=_pictured(ledger),
        tested=ident,
        scores={one.source: one for one in scores.pages} if isinstance(scores, ReplayScores) else {},
        replayed=_replayed(scores) if isinstance(scores, ReplayScores) else frozenset(),
        has_browser=isinstance(find(), Installed),
        obstacle=desk.windows.obstacle,
        corroboration=_corroboration(desk, item.bag),
        commands=[
            bag_line("view", item.name, "--replay"),
            bag_line("replay-check", item.name),
            bag_line("corroborate", item.name, "BAG-OF-ANOTHER-OBSERVER", "-o", corroboration_folder(item.bag).name),
        ],
    )


def _pictured(ledger: Ledger | None) -> frozenset[str]:
    """The sources that have a picture of the capture."""
    return frozenset(one.id for one in (ledger.sources if ledger is not None else ()) if _has_picture(one.rendering))


def _has_picture(rendering: Rendering | None) -> bool:
    return rendering is not None and any(path.endswith("/screenshot.png") for path in rendering.files)


def _replayed(scores: ReplayScores) -> frozenset[str]:
    return frozenset(place.stem for place in scores.pictures.glob("s*.png"))


class CorroborationBeside(Struct, frozen=True):
    """What lies beside the bag about other observers of the same sources."""

    sources: Mapping[str, Standing]
    place: str
    errors: int
    """Findings of the check of it against this bag. Where there is one, none of its states is shown."""
    signed: int = 0
    """Of how many observers keys signed it."""
    observers: int = 0


def _corroboration(desk: Desk, bag: Path) -> CorroborationBeside | None:
    """The corroboration beside a bag; None where there is none.

    What it states of this bag is computed again. What it states of others rests on their bags, which are not here.
    """
    try:
        document = find_corroboration(bag)
        checked = check_beside(bag, desk.now()) if document is not None else None
    except StatementError:
        return CorroborationBeside({}, corroboration_folder(bag).name, 1)
    if document is None or checked is None:
        return None
    errors = sum(one.severity is Severity.ERROR for one in checked.findings)
    found = standings(document, f"sha256:{fingerprint(bag)}") if not errors else {}
    signed = len({name for one in checked.signatures for name in one.observers})
    return CorroborationBeside(found, corroboration_folder(bag).name, errors, signed, len(document.observers))


class Served(Struct, frozen=True):
    """The address of a bag's page while the desk runs: on a port of its own, since captures may be hostile."""

    page: str | None
    problem: str = ""
    """Why the page is not shown."""


def _served(desk: Desk, ident: str, bag: Path) -> Served:
    if ident not in desk.open_pages:
        opened = ExitStack()
        try:
            server = opened.enter_context(Server(page_files(find_page(bag).parents[1])))
        except BagUnreadable as error:
            return Served(None, str(error))
        desk.serve(opened)
        desk.open_pages[ident] = server.address
    return Served(desk.open_pages[ident])


def act(desk: Desk, request: Request, form: WebForm) -> Response:
    """Open the replay in a window of its own, or open every page from its records alone and score it."""
    item = find_item(desk, request.path_params["id"])
    bag = item.bag
    if bag is None:
        raise NoSuchPage(item.name)
    if form.text("do", 10) == "window":
        desk.windows.open(bag)
        return redirect(desk, f"r/{item.id}/look?window=open")

    def work() -> str:
        pictures = desk.new_folder()
        found = check(bag, now=iso(desk.now()), pictured=lambda source, png: _store(pictures, source, png))
        return f"r/{item.id}/look?scores={desk.keep(ReplayScores(item.id, found.pages, pictures))}"

    return task_page(desk, "replaying", f"r/{item.id}/look", work)


def _store(folder: Path, source: str, content: bytes) -> None:
    (folder / f"{source}.png").write_bytes(content)


def show_picture(desk: Desk, request: Request, form: WebForm) -> Response:
    """A picture: as the page was at the capture, or as it opened again."""
    item = find_item(desk, request.path_params["id"])
    source, scores = request.path_params["source"], desk.results.get(form.text("scores", 40))
    content = None
    if not form.has("scores"):
        ledger = ledger_of(item)
        entries = ledger.sources if ledger is not None and item.bag is not None else ()
        entry = next((one for one in entries if one.id == source), None)
        content = picture_at_capture(item.bag, entry.rendering) if item.bag is not None and entry is not None else None
    elif isinstance(scores, ReplayScores) and scores.item == item.id and source in _replayed(scores):
        content = (scores.pictures / f"{source}.png").read_bytes()
    if content is None or not content.startswith(_PNG):
        raise NoSuchPage(source)
    return Response(content, media_type="image/png")


def routes(desk: Desk) -> list[Route]:
    return [
        Route("/r/{id}/look", endpoint(desk, show), methods=["GET"]),
        Route("/r/{id}/look", endpoint(desk, act), methods=["POST"]),
        Route("/r/{id}/picture/{source}.png", endpoint(desk, show_picture), methods=["GET"]),
    ]

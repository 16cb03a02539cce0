"""A look at what was captured: the page in the bag, the replay beside the picture, and its score."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from archive.browser.installed import Installed, find
from archive.desk.command_lines import bag_line
from archive.desk.screens.steps import find_item, steps
from archive.desk.shelf import ledger_of
from archive.desk.state import Desk
from archive.desk.web import NoSuchPage, WebForm, endpoint, page, redirect, task_page
from archive.errors import BagUnreadable
from archive.page.cards import verdict_in_words
from archive.replay.check import PageScore, check
from archive.replay.contents import find_page
from archive.replay.player import NoPlayer
from archive.replay.server import Find, ServedFile, Server, page_files
from archive.replay.viewer import replaying
from archive_manifests.moments import iso

if TYPE_CHECKING:
    from starlette.requests import Request


@dataclass(frozen=True, slots=True)
class ReplayScores:
    """What a test of the replay found."""

    item: str
    pages: tuple[PageScore, ...]


def show(desk: Desk, request: Request, form: WebForm) -> Response:
    item = find_item(desk, request.path_params["id"])
    if item.bag is None:
        return redirect(desk, f"r/{item.id}/gaps")
    scores = desk.results.get(form.text("scores", 40))
    ledger = ledger_of(item)
    return page(
        desk,
        "look.html",
        item=item,
        steps=steps(item, "look"),
        entries=ledger.sources if ledger is not None else (),
        verdict=verdict_in_words,
        served=_served(desk, item.id, item.bag),
        scores={one.source: one for one in scores.pages} if isinstance(scores, ReplayScores) else {},
        has_browser=isinstance(find(), Installed),
        commands=[
            bag_line("view", item.name, "--replay"),
            bag_line("replay-check", item.name),
            bag_line("corroborate", item.name, "BAG-OF-ANOTHER-OBSERVER", "-o", "corroboration"),
        ],
    )


@dataclass(frozen=True, slots=True)
class Served:
    """Addresses of a bag while the desk runs: each on a port of its own, since captures may be hostile."""

    page: str | None
    replay: str | None
    problem: str = ""
    """Why the page is not shown."""


def _served(desk: Desk, ident: str, bag: Path) -> Served:
    if ident not in desk.open_servers:
        opened = ExitStack()
        try:
            address, replay = _open(opened, bag, desk.places.player)
        except BagUnreadable as error:
            return Served(None, None, str(error))
        desk.serve(opened)
        desk.open_servers[ident] = address, replay
    return Served(*desk.open_servers[ident])


def _open(opened: ExitStack, bag: Path, player: Path) -> tuple[str, str | None]:
    """Serve the page below a path that nobody guesses, and the replay where its player is installed."""
    secret = secrets.token_hex(12)
    server = opened.enter_context(Server(_below(secret, page_files(find_page(bag).parents[1]))))
    try:
        replay = opened.enter_context(replaying(bag, installed=player)).replay
    except NoPlayer:
        replay = None
    return f"{server.origin}/{secret}/", replay


def _below(secret: str, find: Find) -> Find:
    def found(path: str) -> ServedFile | None:
        first, _, rest = path.partition("/")
        return find(rest) if secrets.compare_digest(first.encode(), secret.encode()) else None

    return found


def test(desk: Desk, request: Request, _: WebForm) -> Response:
    """Open every page from its records alone, and score it."""
    item = find_item(desk, request.path_params["id"])
    bag = item.bag
    if bag is None:
        raise NoSuchPage(item.name)

    def work() -> str:
        found = check(bag, now=iso(desk.now()))
        return f"r/{item.id}/look?scores={desk.keep(ReplayScores(item.id, found.pages))}"

    return task_page(desk, "replaying", f"r/{item.id}/look", work)


def routes(desk: Desk) -> list[Route]:
    return [
        Route("/r/{id}/look", endpoint(desk, show), methods=["GET"]),
        Route("/r/{id}/look", endpoint(desk, test), methods=["POST"]),
    ]

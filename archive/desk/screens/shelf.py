"""The shelf: what lies in the folder, and the place where a report is dropped."""

from __future__ import annotations

import errno
import re
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from archive.desk.draft import ReportDraft, new_draft
from archive.desk.run import is_running
from archive.desk.screens.check import begin_check
from archive.desk.screens.steps import is_captured
from archive.desk.shelf import SealState, ShelfItem, ledger_of, seal_state
from archive.desk.state import Desk
from archive.desk.web import WebForm, endpoint, page, redirect, show_task, task_page
from archive.errors import ArchiveError, UsageProblem
from archive.words import languages
from archive_manifests.ledger import counts

if TYPE_CHECKING:
    from starlette.requests import Request

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_PACKAGE = re.compile(r"\.(?:tar|tar\.gz|tgz|zip|wacz|age)\Z", re.IGNORECASE)


_BESIDE = re.compile(r"(?:\.seal\.tar|\.sha256|\.transfer\.json)\Z", re.IGNORECASE)
"""What travels beside a package."""


class Row(Struct, frozen=True):
    """One line of the shelf."""

    item: ShelfItem
    counts: dict[str, int]
    gaps: int
    uncertain: int
    seal: SealState
    is_running: bool
    is_paused: bool
    is_demonstration: bool
    title: str | None
    is_unreadable: bool = False


def show(desk: Desk, _: Request, __: WebForm) -> Response:
    return page(desk, "shelf.html", rows=[_row(item) for item in desk.shelf.items()])


def _row(item: ShelfItem) -> Row:
    """What the shelf says of an item. Whatever lies in the folder, the rest of the shelf is shown."""
    try:
        return _read_row(item)
    except (ArchiveError, OSError, ValueError):
        return Row(item, {}, 0, 0, SealState(), False, False, False, None, is_unreadable=True)


def _read_row(item: ShelfItem) -> Row:
    ledger = ledger_of(item)
    sources = ledger.sources if ledger is not None else ()
    uncertain, title = 0, ledger.report.stated.title if ledger is not None else None
    if item.draft is not None and item.stage == "draft":
        uncertain, title = _of_draft(item.draft)
    running = item.draft is not None and is_running(item.draft)
    return Row(
        item=item,
        counts=counts(entry.status for entry in sources),
        gaps=sum(entry.status.is_gap for entry in sources),
        uncertain=uncertain,
        seal=seal_state(item.bag) if item.bag is not None else SealState(),
        is_running=running,
        is_paused=item.stage == "work" and not running and not is_captured(item),
        is_demonstration=ledger is not None and ledger.conditions.demonstration,
        title=title,
    )


def _of_draft(draft: ReportDraft) -> tuple[int, str | None]:
    """How many readings of a draft are uncertain, and its report's title; one that cannot be read has none."""
    try:
        manifest = draft.manifest()
    except (ArchiveError, OSError):
        return 0, None
    return sum(one.is_uncertain and not one.skip for one in manifest.sources), manifest.report.title


def open_dropped(desk: Desk, _: Request, form: WebForm) -> Response:
    """What was dropped: a report, a source manifest, or a bag to be checked, with the files that came with it."""
    idents = form.text("upload", 400).split() or [""]
    names = {ident: desk.upload(ident).name for ident in idents}
    beside = [ident for ident, name in names.items() if _BESIDE.search(name)]
    others = [ident for ident in idents if ident not in beside]
    if not others:
        raise UsageProblem(f"{names[beside[0]]}: it belongs to a package; drop it together with the package")
    if len(others) > 1:
        raise UsageProblem(f"{len(others)} files; drop one report, or one package with the files that came with it")
    ident = others[0]
    if _PACKAGE.search(names[ident]):
        desk.keep_package(ident)
        return begin_check(desk, desk.upload_together([ident, *beside]), upload=ident)
    place = desk.upload(ident)

    def work() -> str:
        try:
            draft = new_draft(desk.root, place)
        finally:
            desk.drop_upload(ident)
        return f"r/{desk.shelf.item_of(draft).id}"

    return task_page(desk, "reading", "", work)


async def upload(desk: Desk, request: Request) -> Response:
    """Take the bytes of a file; it is read by whatever form names its id afterwards.

    What does not come whole, because the browser left or the disk is full, leaves nothing.
    """
    room = desk.room()
    stated = request.headers.get("content-length", "")
    if not stated.isdecimal() or int(stated) > room:
        return JSONResponse({"error": "too-large"}, status_code=413, headers={"Connection": "close"})
    ident, place = desk.new_upload(request.query_params.get("name", "file"))
    try:
        is_whole = await _store(request, place, int(stated))
    except BaseException as error:
        desk.drop_upload(ident)
        if not isinstance(error, OSError):
            raise
        status, code = (507, "too-large") if error.errno in _NO_ROOM else (500, "not-written")
        return JSONResponse({"error": code}, status_code=status, headers={"Connection": "close"})
    if not is_whole:
        desk.drop_upload(ident)
        return JSONResponse({"error": "cut"}, status_code=400)
    return JSONResponse({"upload": ident})


async def _store(request: Request, place: Path, size: int) -> bool:
    """Write the body; True where it has just the stated size. Raises `OSError`, `ClientDisconnect`."""
    left = size
    with place.open("xb") as file:
        async for piece in request.stream():
            left -= len(piece)
            if left < 0:
                break
            file.write(piece)
    return left == 0


def choose_language(desk: Desk, request: Request, form: WebForm) -> Response:
    chosen = form.text("language", 10)
    if chosen in languages():
        desk.language = chosen
    back = form.text("back", 300)
    return redirect(desk, back if re.fullmatch(r"[a-z0-9/]{0,100}", back) else "")


def go_on(desk: Desk, request: Request, _: WebForm) -> Response:
    """The step at which an item is."""
    item = desk.shelf.find(request.path_params["id"])
    return redirect(desk, f"r/{item.id}/{next_step(item)}")


def next_step(item: ShelfItem) -> str:
    if item.stage == "package":
        return "check"
    if item.stage == "bag":
        return "look"
    if item.draft is not None and (is_running(item.draft) or item.stage == "work"):
        return "gaps" if is_captured(item) else "run"
    return "review" if item.stage == "draft" else "gaps"


def stop(desk: Desk, _: Request, __: WebForm) -> Response:
    """End the desk. Runs continue."""
    desk.stop()
    return page(desk, "ended.html", running=desk.captures_under_way())


def wait(desk: Desk, request: Request, _: WebForm) -> Response:
    return show_task(desk, request.path_params["task"])


def routes(desk: Desk) -> list[Route]:
    async def put(request: Request) -> Response:
        return await upload(desk, request)

    async def alive(_: Request) -> Response:
        return Response(status_code=204)

    return [
        Route("/alive", alive, methods=["GET"]),
        Route("/", endpoint(desk, show), methods=["GET"]),
        Route("/upload", put, methods=["PUT"]),
        Route("/open", endpoint(desk, open_dropped), methods=["POST"]),
        Route("/language", endpoint(desk, choose_language), methods=["POST"]),
        Route("/stop", endpoint(desk, stop), methods=["POST"]),
        Route("/task/{task}", endpoint(desk, wait), methods=["GET"]),
        Route("/r/{id}", endpoint(desk, go_on), methods=["GET"]),
    ]

"""Handing over: the package for a partner, and the receipts that come back."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, Response
from starlette.routing import Route

from archive.desk.command_lines import bag_line
from archive.desk.screens.steps import find_item, steps
from archive.desk.shelf import seal_state
from archive.desk.state import Desk
from archive.desk.web import NoSuchPage, WebForm, endpoint, page, redirect, task_page
from archive.errors import AlreadyThere, UsageProblem
from archive.handover.encrypt import parse_recipient
from archive.handover.pack import PackOrder, pack
from archive.handover.receipt_check import check_receipt_of
from archive.trust.seal_folder import RECEIPT_NAME, RECEIPTS, seal_folder

if TYPE_CHECKING:
    from starlette.requests import Request

OUTBOX = "outbox"
FORMS = ("tar", "zip", "tar.gz")
_LARGEST_RECEIPT = 1 << 20


def show(desk: Desk, request: Request, form: WebForm) -> Response:
    item = find_item(desk, request.path_params["id"])
    if item.bag is None:
        raise NoSuchPage(item.name)
    return page(
        desk,
        "pack.html",
        item=item,
        steps=steps(item, "pack"),
        seal=seal_state(item.bag),
        forms=FORMS,
        files=[(place.name, place.stat().st_size) for place in _packed(desk, item.name)],
        outbox=f"{OUTBOX}/{item.name}",
        receipts=_receipts(desk, item.bag),
        command=bag_line("pack", item.name, "-o", f"{OUTBOX}/{item.name}"),
    )


def _packed(desk: Desk, name: str) -> list[Path]:
    """The files that were packed for a bag; nothing else is ever sent to the browser."""
    folder = desk.root / OUTBOX / name
    if not folder.is_dir() or folder.is_symlink():
        return []
    return sorted(place for place in folder.iterdir() if place.is_file() and not place.is_symlink())


def _receipts(desk: Desk, bag: Path) -> list[tuple[str, str]]:
    """Each receipt's file with what the check of it licenses to say."""
    seal = seal_folder(bag)
    places = sorted((seal / RECEIPTS).glob("*.json")) if (seal / RECEIPTS).is_dir() else []
    found = []
    for place in places:
        check = check_receipt_of(bag, place, seal, desk.places.trust, desk.now())
        found.append((place.name, check.sentence_in(desk.language)))
    return found


def act(desk: Desk, request: Request, form: WebForm) -> Response:
    """Pack the bag, or file a receipt."""
    item = find_item(desk, request.path_params["id"])
    bag = item.bag
    if bag is None:
        raise NoSuchPage(item.name)
    back = f"r/{item.id}/pack"
    if form.text("do", 10) == "receipt":
        ident = form.text("upload", 40)
        try:
            _file_receipt(desk.upload(ident), bag, desk)
        finally:
            desk.drop_upload(ident)
        return redirect(desk, f"{back}#receipts")
    to = form.text("recipient", 500)
    form_wanted = form.text("form", 10)
    order = PackOrder(
        into=desk.root / OUTBOX / item.name,
        form=form_wanted if form_wanted in FORMS else "tar",
        recipients=(parse_recipient(to),) if to else (),
        by=form.text("by", 200) or None,
    )
    (desk.root / OUTBOX).mkdir(mode=0o700, exist_ok=True)

    def work() -> str:
        pack(bag, order, desk.now())
        return f"{back}#files"

    return task_page(desk, "packing", back, work)


def _file_receipt(given: Path, bag: Path, desk: Desk) -> None:
    """Store a receipt beside the bag once it is known to be about this bag. Raises `UsageProblem`."""
    if not RECEIPT_NAME.match(given.name) or given.stat().st_size > _LARGEST_RECEIPT:
        raise UsageProblem(f"{given.name}: not a receipt; expected NAME.receipt.json, its .txt or its .json.sig")
    seal = seal_folder(bag)
    if given.suffix == ".json":
        check = check_receipt_of(bag, given, seal, desk.places.trust, desk.now())
        if check.receipt is None or any(one.code == "receipt-mismatch" for one in check.findings):
            raise UsageProblem(f"{given.name}: {check.sentence_in(desk.language)}")
    place = seal / RECEIPTS / given.name
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists() and place.read_bytes() != given.read_bytes():
        raise AlreadyThere(f"{given.name}: another receipt of this name is beside the bag already")
    shutil.copyfile(given, place)


def send_file(desk: Desk, request: Request, _: WebForm) -> Response:
    item = find_item(desk, request.path_params["id"])
    for number, place in enumerate(_packed(desk, item.name)):
        if str(number) == request.path_params["number"]:
            return FileResponse(place, media_type="application/octet-stream", filename=place.name)
    raise NoSuchPage("file")


def routes(desk: Desk) -> list[Route]:
    return [
        Route("/r/{id}/pack", endpoint(desk, show), methods=["GET"]),
        Route("/r/{id}/pack", endpoint(desk, act), methods=["POST"]),
        Route("/r/{id}/file/{number}", endpoint(desk, send_file), methods=["GET"]),
    ]

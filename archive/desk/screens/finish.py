"""Finishing: the bag is made, its fingerprint written down, signed, timestamped. One decision a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from archive.bag.open import open_bag
from archive.desk import signing
from archive.desk.command_lines import bag_line
from archive.desk.screens.steps import find_item, is_captured, steps
from archive.desk.shelf import ledger_of, seal_state
from archive.desk.state import Desk
from archive.desk.web import NoSuchPage, WebForm, endpoint, page, redirect, task_page
from archive.errors import UsageProblem
from archive.fetch.fetch import finish_work_folder
from archive.seal.facts import read_facts
from archive.timestamp.presets import presets
from archive.trust.seal_folder import seal_folder
from archive.workfolder.unfinished import find_unfinished
from archive_manifests import layout

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request


def show(desk: Desk, request: Request, _: WebForm) -> Response:
    item = find_item(desk, request.path_params["id"])
    ledger = ledger_of(item)
    if ledger is None or (item.bag is None and not is_captured(item)):
        return redirect(desk, f"r/{item.id}/run")
    return page(
        desk,
        "finish.html",
        item=item,
        steps=steps(item, "finish"),
        ledger=ledger,
        gaps=[entry for entry in ledger.sources if entry.status.is_gap],
        graphic=sum(entry.graphic is True for entry in ledger.sources),
        echoes=_echoes(item.work) if item.work is not None else {},
        fingerprint=fingerprint(item.bag) if item.bag is not None else None,
        command=bag_line("finish", item.name),
    )


def _echoes(work: Path) -> dict[str, list[str]]:
    """Address of the documenter that servers sent back -> the sources that contain it."""
    unfinished, found = find_unfinished(work), dict[str, list[str]]()
    for echo in unfinished.state.echoes if unfinished is not None else ():
        sources = found.setdefault(echo.address, [])
        if echo.source not in sources:
            sources.append(echo.source)
    return found


def fingerprint(bag: Path) -> str:
    """The digest of the bag's tag manifest, as hex."""
    with open_bag(bag) as opened:
        facts = read_facts(opened)
    return next(one.sha256 for one in facts.tag_manifests if one.file == layout.TAG_MANIFEST)


def finish(desk: Desk, request: Request, _: WebForm) -> Response:
    """Make the bag of the work folder: it is verified before it gets its name."""
    item = find_item(desk, request.path_params["id"])
    work = item.work
    if work is None or item.bag is not None:
        return redirect(desk, f"r/{item.id}/finish")
    if not is_captured(item):
        raise UsageProblem(f"{item.name}: its capture has not ended; continue it first")

    def done() -> str:
        finish_work_folder(work)
        return f"r/{item.id}/finish"

    return task_page(desk, "finishing", f"r/{item.id}/gaps", done)


def slip(desk: Desk, request: Request, _: WebForm) -> Response:
    """The fingerprint on paper."""
    item = find_item(desk, request.path_params["id"])
    if item.bag is None:
        raise NoSuchPage(item.name)
    ledger = ledger_of(item)
    title = ledger.report.stated.title if ledger is not None else None
    return page(desk, "slip.html", item=item, digest=fingerprint(item.bag), title=title, today=desk.now())


def show_sign(desk: Desk, request: Request, form: WebForm) -> Response:
    item = find_item(desk, request.path_params["id"])
    if item.bag is None:
        raise NoSuchPage(item.name)
    return page(
        desk,
        "sign.html",
        item=item,
        steps=steps(item, "sign"),
        keys=signing.keys_in(desk.places.keys),
        keys_folder=str(desk.places.keys),
        made=form.text("made", 60),
        seal=seal_state(item.bag),
        command=bag_line("sign", item.name, "--key", "KEY"),
    )


def sign(desk: Desk, request: Request, form: WebForm) -> Response:
    """Sign with a key, or make one first; the passphrase is used and forgotten."""
    item = find_item(desk, request.path_params["id"])
    bag = item.bag
    if bag is None:
        raise NoSuchPage(item.name)
    if form.text("do", 10) == "make":
        passphrases = form.secret("passphrase"), form.secret("again")
        name = signing.make_key(desk.places.keys, form.text("name", 60), *passphrases)
        return redirect(desk, f"r/{item.id}/sign?made={name}")
    signer = signing.load_key(desk.places.keys, form.text("key", 80), form.secret("passphrase"))

    def work() -> str:
        signing.sign_bag(bag, signer, desk.places.trust, desk.now())
        return f"r/{item.id}/stamp"

    return task_page(desk, "signing", f"r/{item.id}/sign", work)


def show_stamp(desk: Desk, request: Request, form: WebForm) -> Response:
    item = find_item(desk, request.path_params["id"])
    if item.bag is None:
        raise NoSuchPage(item.name)
    return page(
        desk,
        "stamp.html",
        item=item,
        steps=steps(item, "stamp"),
        presets=list(presets().values()),
        more=desk.places.authorities,
        seal=seal_state(item.bag),
        proxy=desk.base.proxy or (item.draft.choices().proxy_url(desk.base) if item.draft is not None else None),
        problem=desk.results.get(form.text("problem", 40)),
        command=bag_line("sign", item.name, "--tsa", "freetsa"),
    )


def stamp(desk: Desk, request: Request, form: WebForm) -> Response:
    """Get a timestamp from an authority, or write the query for a machine with a network."""
    item = find_item(desk, request.path_params["id"])
    bag = item.bag
    if bag is None:
        raise NoSuchPage(item.name)
    authority = form.text("own", 500) or form.text("authority", 500)
    known = {*presets(), *desk.places.authorities}
    if form.text("do", 10) == "queue":
        authority = ""
    elif not authority or (authority not in known and not authority.startswith(("https://", "http://"))):
        raise UsageProblem("choose an authority, or type its address, which begins with https://")
    choices = item.draft.choices() if item.draft is not None else None
    base = choices.settings(desk.base) if choices is not None else desk.base

    def work() -> str:
        problem = signing.stamp_bag(bag, authority, base, desk.places.trust, desk.now())
        return f"r/{item.id}/stamp?problem={desk.keep(problem)}" if problem else f"r/{item.id}/statement"

    return task_page(desk, "stamping", f"r/{item.id}/stamp", work)


def show_statement(desk: Desk, request: Request, _: WebForm) -> Response:
    """The sentences that a lawyer will read beside the bag, as the seal licenses them."""
    item = find_item(desk, request.path_params["id"])
    if item.bag is None:
        raise NoSuchPage(item.name)
    statement = signing.statement_of(item.bag, desk.places.trust, desk.now())
    return page(
        desk,
        "statement.html",
        item=item,
        steps=steps(item, "stamp"),
        statement=statement.part(desk.language),
        place=seal_folder(item.bag).name,
    )


def routes(desk: Desk) -> list[Route]:
    screens = {"finish": (show, finish), "sign": (show_sign, sign), "stamp": (show_stamp, stamp)}
    found = []
    for name, (get, post) in screens.items():
        found.append(Route(f"/r/{{id}}/{name}", endpoint(desk, get), methods=["GET"]))
        found.append(Route(f"/r/{{id}}/{name}", endpoint(desk, post), methods=["POST"]))
    return [
        *found,
        Route("/r/{id}/slip", endpoint(desk, slip), methods=["GET"]),
        Route("/r/{id}/statement", endpoint(desk, show_statement), methods=["GET"]),
    ]

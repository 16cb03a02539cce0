"""The gaps: what stood in the way of each incomplete source, and what may help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, structs
from starlette.responses import Response
from starlette.routing import Route

from archive.capture.retry import PASSING_FAILURES
from archive.capture.settings import FetchSettings
from archive.desk import run
from archive.desk.command_lines import bag_line, fetch_line
from archive.desk.screens.steps import draft_of, find_item, is_captured, steps
from archive.desk.shelf import ShelfItem, ledger_of
from archive.desk.state import Desk
from archive.desk.web import NoSuchPage, WebForm, endpoint, page, redirect, task_page
from archive.errors import BagUnreadable, UsageProblem
from archive.fetch.supply import Supply, attest, supply
from archive.page.notes import render_note
from archive.urls import UrlError, parse
from archive.verify.sources.decided_reading import is_ambiguous, verdict_of
from archive.workfolder.unfinished import find_unfinished
from archive_manifests.ledger import SourceEntry, Status
from archive_manifests.moments import moment
from archive_manifests.note_facts import REQUESTING_POLICIES

if TYPE_CHECKING:
    from starlette.requests import Request

_CERTIFICATE = frozenset({"tls-expired", "tls-untrusted", "tls-name", "tls-intermediate"})


class SourceGap(Struct, frozen=True):
    """One incomplete source with the actions that fit it."""

    entry: SourceEntry
    missing: int
    can_retry: bool
    """A further request may bring more than this one did."""
    certificate_host: str | None
    """The host whose certificate was refused."""
    other_readings: tuple[str, ...]
    decidable: tuple[str, ...]
    """The readings that respond, where there are several: a person may decide which one the report means."""
    was_attested: bool


def show(desk: Desk, request: Request, form: WebForm) -> Response:
    item = find_item(desk, request.path_params["id"])
    ledger = ledger_of(item)
    if item.bag is None and not is_captured(item):
        return _not_captured(desk, item)
    if ledger is None:
        raise BagUnreadable(f"{item.name}: its list of sources cannot be read; see: archive verify {item.name}")
    gaps = [_gap(entry) for entry in ledger.sources if entry.status.is_gap]
    return page(
        desk,
        "gaps.html",
        item=item,
        steps=steps(item, "gaps"),
        gaps=gaps,
        others=[entry for entry in ledger.sources if not entry.status.is_gap],
        total=len(ledger.sources),
        render_note=render_note,
        is_held=item.bag is None,
        is_running=item.draft is not None and run.is_running(item.draft),
        memento_off=ledger.conditions.memento_policy.code not in REQUESTING_POLICIES,
        commands=_commands(desk.base, item, gaps),
    )


def _not_captured(desk: Desk, item: ShelfItem) -> Response:
    """A capture that is running, here or in the terminal."""
    unfinished = find_unfinished(item.work) if item.draft is None and item.work is not None else None
    if unfinished is None:
        return redirect(desk, f"r/{item.id}/run")
    return page(desk, "elsewhere.html", item=item, steps=steps(item, "gaps"), unfinished=unfinished)


def _commands(base: FetchSettings, item: ShelfItem, gaps: list[SourceGap]) -> list[str]:
    source = gaps[0].entry.id if gaps else "s01"
    found = [
        bag_line("supply", item.name, source, "FILE", "--how", "…"),
        bag_line("attest", item.name, source, "--note", "…"),
    ]
    decided = next((gap for gap in gaps if gap.decidable), None)
    if decided is not None:
        words = ("--reading", decided.decidable[0], "--by", "…", "--note", "…")
        found.append(bag_line("attest", item.name, decided.entry.id, *words))
    if item.draft is not None:
        more = ("--again",) if item.bag is not None else ("--hold", "--retry")
        found.insert(0, fetch_line(item.draft, base, more))
    return found


def _gap(entry: SourceEntry) -> SourceGap:
    host = None
    if entry.status is Status.UNREACHABLE and entry.reason in _CERTIFICATE:
        try:
            host = parse(entry.final_url or entry.cited).host
        except UrlError:
            host = None
    return SourceGap(
        entry=entry,
        missing=sum(part.outcome != "captured" for part in entry.requisites),
        can_retry=entry.status is Status.UNREACHABLE and entry.reason in {*PASSING_FAILURES, "server-error"},
        certificate_host=host,
        other_readings=tuple(one.url for one in entry.readings[1:]),
        decidable=tuple(one.url for one in entry.readings if verdict_of(entry, one)) if is_ambiguous(entry) else (),
        was_attested=any(note.code.startswith("attested") for note in entry.notes),
    )


def act(desk: Desk, request: Request, form: WebForm) -> Response:
    """Supply a file, attest, or request again; each as its command does."""
    item = find_item(desk, request.path_params["id"])
    action = form.text("do", 20)
    if action == "retry":
        return _retry(desk, item, form)
    if item.place is None or item.package is not None:
        raise NoSuchPage(item.name)
    if item.bag is None and not is_captured(item):
        raise UsageProblem(f"{item.name}: its capture has not ended; continue it first")
    place, source, back = item.place, form.text("source", 10), f"r/{item.id}/gaps"
    by = form.text("by", 200) or None
    if action == "supply":
        ident = form.text("upload", 40)
        given = Supply(desk.upload(ident), form.text("how"), by, _when(form.text("when", 40)))
        if not given.how:
            raise UsageProblem("say how the file was obtained; without that nobody can weigh it")

        def supplied() -> str:
            try:
                return _after(desk, supply(place, source, given).bag.name)
            finally:
                desk.drop_upload(ident)

        return task_page(desk, "supplying", back, supplied)
    words, reading = form.text("note"), form.text("reading", 8000) or None
    if not words:
        raise UsageProblem("say what was seen")
    if reading is not None and by is None:
        raise UsageProblem("say who decides: initials or a pseudonym")

    def attested() -> str:
        return _after(desk, attest(place, source, words, by=by, reading=reading).bag.name)

    return task_page(desk, "attesting", back, attested)


def _after(desk: Desk, name: str) -> str:
    """The gaps of what was changed: the work folder, or the new version of a bag."""
    return f"r/{desk.shelf.named(name.removesuffix('.part')).id}/gaps"


def _when(text: str) -> str | None:
    """A moment as the ledger writes it, from a browser's field for date and time, which is taken as UTC."""
    if not text:
        return None
    try:
        return moment(f"{text}:00Z" if len(text) == len("2026-11-22T10:00") else text)
    except ValueError as error:
        raise UsageProblem(f"{text}: not a time; expected one as 2026-11-22T10:00") from error


def _retry(desk: Desk, item: ShelfItem, form: WebForm) -> Response:
    draft = draft_of(item)
    host = form.text("host", 300)
    if item.bag is None:
        run.start(draft, desk.base, retry=True)
        return redirect(desk, f"r/{item.id}/run")
    if host:
        choices = draft.choices()
        hosts = tuple(dict.fromkeys((*choices.accept_certificate, host)))
        draft.write_choices(structs.replace(choices, accept_certificate=hosts))
    run.start(draft, desk.base, again=True)
    return redirect(desk, f"r/{item.id}/run")


def routes(desk: Desk) -> list[Route]:
    return [
        Route("/r/{id}/gaps", endpoint(desk, show), methods=["GET"]),
        Route("/r/{id}/gaps", endpoint(desk, act), methods=["POST"]),
    ]

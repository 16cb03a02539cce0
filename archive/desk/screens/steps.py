"""The steps from a report to a bag that was handed over, as every screen of an item shows them."""

from __future__ import annotations

from msgspec import Struct

from archive.desk.draft import ReportDraft
from archive.desk.run import is_running
from archive.desk.shelf import ShelfItem
from archive.desk.state import Desk
from archive.desk.web import NoSuchPage
from archive.errors import ArchiveError, UsageProblem
from archive.workfolder.unfinished import find_unfinished

NAMES = ("review", "seen", "run", "gaps", "look", "finish", "sign", "stamp", "pack")
_OF_STAGE = {
    "draft": ("review", "seen"),
    "work": ("review", "seen", "run"),
    "captured": ("review", "seen", "run", "gaps", "finish"),
    "bag": ("gaps", "look", "finish", "sign", "stamp", "pack"),
    "package": (),
}


class Step(Struct, frozen=True):
    """One step, for the line of steps at the top of a screen."""

    name: str
    number: int
    is_current: bool
    is_open: bool
    """True where a person can go there now."""


def steps(item: ShelfItem, current: str) -> list[Step]:
    is_open = set(_OF_STAGE["captured" if is_captured(item) else item.stage])
    if item.draft is None:
        is_open -= {"review", "seen", "run"}
    if item.draft is not None and item.stage == "bag":
        is_open |= {"review", "run"}
    return [Step(name, number, name == current, name in is_open) for number, name in enumerate(NAMES, 1)]


def is_captured(item: ShelfItem) -> bool:
    """True where every source of a work folder has its verdict, so that it can become a bag."""
    if item.stage != "work" or item.work is None:
        return False
    try:
        unfinished = find_unfinished(item.work)
    except ArchiveError:
        return False
    return unfinished is not None and unfinished.is_captured and not (item.draft and is_running(item.draft))


def find_item(desk: Desk, ident: str) -> ShelfItem:
    try:
        return desk.shelf.find(ident)
    except LookupError as error:
        raise NoSuchPage(ident) from error


def draft_of(item: ShelfItem) -> ReportDraft:
    """Raises `NoSuchPage` for a bag that was not made here."""
    if item.draft is None:
        raise NoSuchPage(item.name)
    return item.draft


def require_unchanged(draft: ReportDraft) -> None:
    """Raise `UsageProblem` where the capture has begun: its sources stay as they are."""
    if draft.is_begun or is_running(draft):
        raise UsageProblem(f"{draft.name}: its capture has begun, and its sources stay as they are")

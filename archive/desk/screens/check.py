"""Checking a bag that somebody gave: six answers, what each proves, and what none of them proves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from starlette.responses import Response
from starlette.routing import Route

from archive.bag.interface import stem
from archive.desk.command_lines import bag_line
from archive.desk.screens.steps import find_item
from archive.desk.state import Desk
from archive.desk.web import NoSuchPage, WebForm, endpoint, page, task_page
from archive.errors import StatementError, UsageProblem
from archive.handover.delivery import read_delivery
from archive.handover.seal_bag import write_seal_files
from archive.trust.seal_folder import seal_folder
from archive.verify.result.headline import NOT_EXPECTED, Headline, shown_state
from archive.verify.result.verification import CUT, Verification
from archive.verify.run import verify
from archive_manifests.findings import Outcome, Severity, State
from archive_manifests.fixity import Fixity

if TYPE_CHECKING:
    from starlette.requests import Request

_MOST_SHOWN = 100
_SIGN = {State.PASSED: "yes", State.FAILED: "no", State.NOT_CHECKED: "unknown", State.ABSENT: "none"}


class BagCheck(Struct, frozen=True):
    """What a check of a bag found."""

    found: Verification
    upload: str | None
    """The package, where it was dropped: its seal and its fingerprint may be added."""
    was_compared: bool
    """Whether a fingerprint was given."""


def begin_check(desk: Desk, place: Path, expect: str = "", *, upload: str | None = None) -> Response:
    """Verify a bag in a thread, then show the answers. With a package, what was dropped with it is checked too."""
    wanted = _fingerprint(expect)

    def work() -> str:
        if upload is not None:
            _place_seal(place)
        found = verify(place, trust=desk.places.trust, expect=wanted, now=desk.now())
        return f"check/{desk.keep(BagCheck(found, upload, wanted is not None))}"

    return task_page(desk, "checking", "", work)


def _place_seal(package: Path) -> None:
    """Compare a package with the checksum and the list beside it, and unpack the seal that came as a package."""
    delivery = read_delivery(package, None, (), package.parent)
    if delivery.seal:
        write_seal_files(seal_folder(package), delivery.seal)


def _fingerprint(text: str) -> Fixity | None:
    """A fingerprint as a person typed it: with blanks, in groups. Raises `UsageProblem`."""
    digest = "".join(text.split()).lower()
    if not digest:
        return None
    try:
        return Fixity.parse(digest if ":" in digest else f"sha256:{digest}")
    except (StatementError, ValueError) as error:
        raise UsageProblem(f"{text[:100]}: not a fingerprint; it has 64 letters and digits from 0 to f") from error


def show(desk: Desk, request: Request, _: WebForm) -> Response:
    checked = desk.results.get(request.path_params["check"])
    if not isinstance(checked, BagCheck):
        raise NoSuchPage("check")
    found = checked.found
    advice = _advice(found)
    first = "not_all_checked" if _is_unread(found) else str(found.outcome)
    return page(
        desk,
        "check.html",
        found=found,
        ident=request.path_params["check"],
        outcome=advice if advice == "cut" else found.headline or first,
        advice=advice,
        answers=[(question, answer, _SIGN[answer.state]) for question, answer in found.answers.items()],
        signed=shown_state(found.answers["who"], of_lists=found.is_unlike_its_lists),
        stamped=shown_state(found.answers["when"], of_lists=found.is_unlike_its_lists),
        of_lists=("who", "when") if found.is_unlike_its_lists else (),
        findings=found.findings[:_MOST_SHOWN],
        more=max(0, len(found.findings) - _MOST_SHOWN),
        fingerprint=found.tagmanifest.value if found.tagmanifest is not None else None,
        compared=_compared(checked),
        can_add=checked.upload is not None,
        has_seal=found.answers["who"].state is not State.ABSENT or found.answers["when"].state is not State.ABSENT,
        seal=f"{stem(found.bag.name)}.seal.tar",
        has_trust=desk.places.trust is not None,
        command=bag_line("verify", found.bag.name),
    )


def _errors(found: Verification) -> set[str]:
    """Codes of everything that is wrong."""
    return {finding.code for finding in found.findings if finding.severity is Severity.ERROR}


def _advice(found: Verification) -> str | None:
    """What to do with a bag that is not as it should be: `damaged`, `not_expected`, `changed`, `system_files`, `cut`,
    `seal_wrong`.
    """
    errors = _errors(found)
    if not errors:
        return None
    if CUT in errors:
        return "cut"
    if NOT_EXPECTED in errors and str(found.headline).startswith(Headline.NOT_EXPECTED):
        return Headline.NOT_EXPECTED
    if found.headline in (Headline.CHANGED, Headline.SYSTEM_FILES):
        return found.headline
    is_of_bag = any(finding.severity is Severity.ERROR for finding in found.of_bag)
    return "damaged" if is_of_bag else "seal_wrong"


def _compared(checked: BagCheck) -> str | None:
    """Whether the fingerprint that was typed is that of the bag: `matched`, `matched_damaged`, `mismatched`."""
    if not checked.was_compared:
        return None
    errors = _errors(checked.found)
    if NOT_EXPECTED in errors or checked.found.tagmanifest is None:
        return "mismatched"
    return "matched_damaged" if errors else "matched"


def check_again(desk: Desk, request: Request, form: WebForm) -> Response:
    """Check a package that was dropped once more, with a seal or a fingerprint that was added."""
    checked = desk.results.get(request.path_params["check"])
    if not isinstance(checked, BagCheck) or checked.upload is None:
        raise NoSuchPage("check")
    added = form.text("upload", 400).split()
    place = desk.upload_together([checked.upload, *added])
    return begin_check(desk, place, form.text("fingerprint", 300), upload=checked.upload)


def _is_unread(found: Verification) -> bool:
    unread = any(found.answers[one].state is State.NOT_CHECKED for one in ("structure", "fixity", "warc", "coverage")
                 if one in found.answers)  # fmt: skip
    return unread and found.outcome in (Outcome.INTACT, Outcome.INTACT_WITH_WARNINGS)


def check_item(desk: Desk, request: Request, form: WebForm) -> Response:
    """Check a bag of the shelf, against a fingerprint where one was typed."""
    item = find_item(desk, request.path_params["id"])
    place = item.bag or item.package
    if place is None:
        raise NoSuchPage(item.name)
    return begin_check(desk, place, form.text("fingerprint", 300))


def ask(desk: Desk, request: Request, _: WebForm) -> Response:
    """The form with the fingerprint."""
    item = find_item(desk, request.path_params["id"])
    if item.bag is None and item.package is None:
        raise NoSuchPage(item.name)
    return page(desk, "ask_check.html", item=item)


def routes(desk: Desk) -> list[Route]:
    return [
        Route("/check/{check}", endpoint(desk, show), methods=["GET"]),
        Route("/check/{check}", endpoint(desk, check_again), methods=["POST"]),
        Route("/r/{id}/check", endpoint(desk, ask), methods=["GET"]),
        Route("/r/{id}/check", endpoint(desk, check_item), methods=["POST"]),
    ]

"""What a recording holds for a source is judged as what is fetched: a wall or an error page is called by its name."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.fetch.imported import Imported, ImportOrder, import_recordings
from archive.verify.run import verify
from archive.version import AGENT, __version__
from archive.words.notes import with_text
from archive_manifests import layout
from archive_manifests.custody import Event
from archive_manifests.ledger import Status
from archive_manifests.notes import note
from tests.archive.verify.forged_bag import ForgedBag
from tests.archive.warc.warc_bytes import record, zipped
from tests.world.replies import Request
from tests.world.wacz_bytes import wacz_files, write_wacz
from tests.world.walls import WALLS

URL = "https://one.example/a"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>Eleven names</title><p>They were taken at the bakery."
MISSING = b"<title>404 Not Found</title><h1>Page not found</h1><p>The page that you were looking for does not exist.</p>"
LOST = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + MISSING
TO_LOGIN = b"HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n"


def wall(mode: str) -> bytes:
    answer = WALLS[mode].reply(Request("https", "one.example", "GET", "/a", ())).to_answer(
        Request("https", "one.example", "GET", "/a", ())
    )
    return b"".join(step for step in answer.steps if isinstance(step, bytes))


TO_TARGET = b"HTTP/1.1 301 Moved Permanently\r\nLocation: /target\r\nContent-Length: 0\r\n\r\n"
TO_HTTPS = b"HTTP/1.1 301 Moved Permanently\r\nLocation: https://one.example/a\r\nContent-Length: 0\r\n\r\n"
GONE = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\nnot here"
TARGET = "https://one.example/target"
REDIRECTS: dict[str, tuple[list[tuple[str, bytes]], str | None]] = {
    "to nothing": ([(URL, TO_TARGET)], TARGET),
    "to an error": ([(URL, TO_TARGET), (TARGET, GONE)], TARGET),
    "to itself": ([(URL.replace("https", "http"), TO_HTTPS)], URL),
    "to nothing, and an error": ([(URL, TO_TARGET), (URL, GONE)], TARGET),
    "to nothing, and the page": ([(URL, TO_TARGET), (URL, PAGE)], None),
    "to the page": ([(URL, TO_TARGET), (TARGET, PAGE)], None),
}


CASES: dict[str, tuple[list[tuple[str, bytes]], tuple[str, str] | None]] = {
    "a page": ([(URL, PAGE)], None),
    "a challenge": ([(URL, wall("challenge-cloudflare-200"))], ("blocked", "challenge")),
    "a consent page": ([(URL, wall("consent-200"))], ("blocked", "consent")),
    "a sign-in page": ([(URL, wall("login-200"))], ("blocked", "login")),
    "a page that says not found": ([(URL, LOST)], ("gone", "soft-404")),
    "a redirect to a sign-in page": (
        [(URL, TO_LOGIN), ("https://one.example/login", wall("login-200"))],
        ("blocked", "login"),
    ),
    "a challenge, and the page after it": ([(URL, wall("challenge-cloudflare-200")), (URL, PAGE)], None),
}


@pytest.fixture(params=[True, False], ids=["wacz", "warc"])
def is_wacz(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def imported(folder: Path, responses: list[tuple[str, bytes]], *, is_wacz: bool) -> Imported:
    warc = zipped([record("response", n, block, WARC_Target_URI=url) for n, (url, block) in enumerate(responses, 1)])
    place, report = folder / "visit.warc.gz", folder / "report.txt"
    place.write_bytes(warc)
    report.write_text(f"One source: {URL}\n")
    if is_wacz:
        place = write_wacz(folder / "visit.wacz", wacz_files({"data.warc.gz": warc}))
    return import_recordings(ImportOrder((place,), report, folder / "R1"))


@pytest.mark.parametrize("case", CASES)
def test_what_was_recorded_is_judged(tmp_path: Path, case: str, is_wacz: bool) -> None:
    responses, judged = CASES[case]
    made = imported(tmp_path, responses, is_wacz=is_wacz)
    assert made.doubtful == ({"s01": judged} if judged else {})
    assert made.result.ledger.sources[0].status is (Status.NOT_ATTEMPTED if judged else Status.SUPPLIED)
    found = [one for one in verify(made.result.bag, jobs=1).findings if one.severity == "error" or "judged" in one.code]
    expected = [("recording-judged", f"{judged[0]} ({judged[1]})")] if judged else []
    assert [(one.code, one.found) for one in found] == expected


@pytest.mark.parametrize(("case", "forged"), [("a challenge", []), ("a page", [("gone", "soft-404")])])
def test_another_judgement_in_the_ledger_is_found(
    tmp_path: Path, case: str, forged: list[tuple[str, str]], is_wacz: bool
) -> None:
    made = imported(tmp_path, CASES[case][0], is_wacz=is_wacz)
    bag = ForgedBag.copy_of(made.result.bag, tmp_path / "forged" / "R1")
    copy = bag.copy("s01", "supplied")
    others = [one for one in copy.notes if one.code != "recording-judged"]
    notes = [with_text(note("recording-judged", verdict=verdict, reason=reason)) for verdict, reason in forged]
    bag.set_source("s01", copies=(replace(copy, notes=(*others, *notes)),))
    bag.seal_over()
    found = [one.code for one in verify(bag.path, jobs=1).findings if one.severity == "error"]
    assert sorted(found) == ["note-contradicted", "verdict-contradicted"]


@pytest.mark.parametrize("case", REDIRECTS)
def test_a_redirect_to_what_is_not_recorded_leaves_the_gap(tmp_path: Path, case: str, is_wacz: bool) -> None:
    responses, target = REDIRECTS[case]
    made = imported(tmp_path, responses, is_wacz=is_wacz)
    assert (made.redirected, made.doubtful) == ({"s01": target} if target else {}, {})
    assert made.result.ledger.sources[0].status is (Status.NOT_ATTEMPTED if target else Status.SUPPLIED)
    found = [one for one in verify(made.result.bag, jobs=1).findings if one.severity == "error" or "lacks" in one.code]
    expected = [("recording-lacks-source", f"a redirect to {target}")] if target else []
    assert [(one.code, one.found) for one in found] == expected


def test_a_redirect_that_the_ledger_does_not_state_is_found(tmp_path: Path) -> None:
    made = imported(tmp_path, [(URL, TO_TARGET)], is_wacz=False)
    bag = ForgedBag.copy_of(made.result.bag, tmp_path / "forged" / "R1")
    copy = bag.copy("s01", "supplied")
    notes = tuple(one for one in copy.notes if one.code != "recording-redirect")
    bag.set_source("s01", status=Status.SUPPLIED, reason=None, copies=(replace(copy, notes=notes),))
    bag.seal_over()
    assert errors(bag) == ["note-contradicted"]
    _as_of_another_version(bag)
    assert errors(bag) == []


def test_a_source_that_was_not_requested_is_not_called_captured(tmp_path: Path) -> None:
    made = imported(tmp_path, [(URL, PAGE)], is_wacz=False)
    bag = ForgedBag.copy_of(made.result.bag, tmp_path / "forged" / "R1")
    bag.set_events(_captured)
    bag.seal_over(leave={layout.EVENTS})
    assert errors(bag) == ["event-contradicted"]
    _as_of_another_version(bag)
    assert errors(bag) == []


def _captured(events: list[Event]) -> list[Event]:
    """The events as earlier versions wrote them."""
    detail = "source s01 was captured as far as it could be"
    return [replace(one, detail=detail) if one.type == "capture" else one for one in events]


def errors(bag: ForgedBag) -> list[str]:
    return [one.code for one in verify(bag.path, jobs=1).findings if one.severity == "error"]


def _as_of_another_version(bag: ForgedBag) -> None:
    other = AGENT.replace(__version__, "0.0.9")
    for path in (layout.SOFTWARE, layout.DATA_PACKAGE):
        bag.write(path, bag.read(path).replace(f'"{__version__}"'.encode(), b'"0.0.9"').replace(AGENT.encode(), other.encode()))
    bag.set_events(lambda events: [replace(one, agent=other) for one in _captured(events)])
    bag.seal_over(leave={layout.EVENTS})

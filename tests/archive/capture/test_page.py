"""What a page lacks, and what that says of its capture."""

from __future__ import annotations

from archive.capture.page import judge_requisites
from archive_manifests.ledger import Requisite, Status, Verdict
from archive_manifests.notes import note

SCRIPT = Requisite("https://counter.example/a.js", "failed", "dns", "script", decorative=True)
PICTURE = Requisite("https://a.example/a.jpg", "captured", None, "image")
LOST = Requisite("https://a.example/b.jpg", "failed", "timeout", "image")
REFUSED = Requisite("https://a.example/c.jpg", "error", "http", "image", status=404)


def test_a_page_that_lacks_a_part_is_partial() -> None:
    verdict = judge_requisites([SCRIPT, PICTURE, LOST])
    assert verdict == Verdict(Status.PARTIAL, "requisites", note("requisites-missing", n=1, all=3))


def test_a_page_that_lacks_decoration_alone_is_captured() -> None:
    verdict = judge_requisites([SCRIPT, PICTURE, REFUSED])
    assert verdict == Verdict(Status.CAPTURED, None, note("decoration-missing", n=1, all=3))


def test_a_page_that_lacks_nothing_is_captured() -> None:
    assert judge_requisites([PICTURE, REFUSED]) == Verdict(Status.CAPTURED)

"""The record of what a page needs is the one that its address leads to, and the last of several attempts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.words.notes import with_text
from archive_manifests.ledger import Requisite, Status, Verdict
from archive_manifests.notes import note
from tests.archive.systems.fetch_sources import fetched
from tests.archive.verify.forged_bag import ForgedBag
from tests.world import World
from tests.world.replies import Answer, Reply, Request
from tests.world.site import Site, file, html, redirect

HOST = "pictures.example"
PAGE = "<!DOCTYPE html><title>Market hit</title><h1>Market hit</h1><img src=/one.jpg><img src=/late.jpg><img src=/to>"
PICTURE = b"\xff\xd8\xff\xe0 a picture"


class Late(Site):
    """Serves one picture at once, one behind a redirect, and one at the second request."""

    hosts = (HOST,)
    requests_of_late = 0

    def reply(self, request: Request) -> Reply | Answer:
        if request.target == "/page":
            return html(PAGE)
        if request.target == "/to":
            return redirect("/two.jpg")
        if request.target == "/late.jpg":
            self.requests_of_late += 1
            if self.requests_of_late == 1:
                return Reply(503, b"busy", "text/plain")
        if request.target in ("/one.jpg", "/two.jpg", "/late.jpg"):
            return file(PICTURE + request.target.encode(), "image/jpeg")
        return super().reply(request)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with World([Late()]) as world:
        made = fetched(world, tmp_path_factory.mktemp("late"), f"https://{HOST}/page", memento=False)
    assert made.verdict == ("captured", None)
    assert [len(each.hops) for each in made.entry.requisites] == [0, 1, 1]
    return made.bag


def _of(bag: ForgedBag, target: str) -> Requisite:
    return next(each for each in bag.entry("s01").requisites if each.url == f"https://{HOST}{target}")


def _set(bag: ForgedBag, target: str, **changes: object) -> None:
    old = _of(bag, target)
    listed = bag.entry("s01").requisites
    bag.set_source("s01", requisites=tuple(replace(each, **changes) if each == old else each for each in listed))


def _unchanged(_: ForgedBag) -> None: ...


def _answered_by_another(bag: ForgedBag) -> None:
    _set(bag, "/one.jpg", record=_of(bag, "/late.jpg").record, hops=(_of(bag, "/one.jpg").record,))


def _redirected_elsewhere(bag: ForgedBag) -> None:
    _set(bag, "/to", hops=(*_of(bag, "/to").hops, _of(bag, "/one.jpg").record))


def _first_attempt_stands(bag: ForgedBag) -> None:
    first, last = _of(bag, "/late.jpg").hops[0], _of(bag, "/late.jpg").record
    _set(bag, "/late.jpg", record=first, hops=(last,), outcome="error", reason="http", status=503)


def _first_attempt_beside_an_exchange(bag: ForgedBag) -> None:
    first, last = _of(bag, "/late.jpg").hops[0], _of(bag, "/late.jpg").record
    _set(bag, "/late.jpg", record=first, hops=(), outcome="error", reason="http", status=503)
    bag.set_source("s01", exchanges=(*bag.entry("s01").exchanges, last))


def _called_over_the_limit(bag: ForgedBag, reason: str = "limit") -> None:
    """One of the pictures is taken out with its records, and called left out by the run's own policy."""
    old = _of(bag, "/one.jpg")
    file = next(each.file for each in bag.records if each.id == old.record)
    own = [each for each in bag.records if each.file == file]
    left = [each for each in own if each.uri != old.url]
    assert len(own) - len(left) == 2
    bag.write(file, b"".join(bag.read(file)[each.offset : each.offset + each.length] for each in left))
    bag.relog()
    _set(bag, "/one.jpg", outcome="not-attempted", reason=reason, record=None)
    exchanges = bag.entry("s01").exchanges
    bag.set_source("s01", exchanges=tuple(each for each in exchanges if each != old.record))
    detail = with_text(note("requisites-withheld", n=1, all=3)) if reason == "limit" else None
    lacks = Verdict(Status.PARTIAL, "policy", detail) if detail is not None else Verdict(Status.CAPTURED)
    bag.set_source("s01", status=lacks.status, reason=lacks.reason, detail=lacks.detail, live=lacks)
    bag.set_copy("s01", "live", status=lacks.status, notes=() if detail is None else (detail,))


def _called_forbidden_by_robots(bag: ForgedBag) -> None:
    _called_over_the_limit(bag, "robots")


@pytest.mark.parametrize(
    ("forge", "about"),
    [
        (_unchanged, None),
        (_answered_by_another, "the record of image https://pictures.example/one.jpg"),
        (_redirected_elsewhere, "the record of image https://pictures.example/to"),
        (_first_attempt_stands, "https://pictures.example/late.jpg"),
        (_first_attempt_beside_an_exchange, "https://pictures.example/late.jpg"),
        (_called_over_the_limit, "https://pictures.example/one.jpg"),
        (_called_forbidden_by_robots, "https://pictures.example/one.jpg"),
    ],
    ids=lambda each: each.__name__.strip("_") if callable(each) else "",
)
def test_the_record_of_a_requisite_is_what_its_address_led_to_at_last(
    sound: Path, tmp_path: Path, forge: Callable[[ForgedBag], None], about: str | None
) -> None:
    bag = ForgedBag.copy_of(sound, tmp_path / "forged")
    forge(bag)
    bag.seal_over()
    errors = [each for each in bag.verified().findings if each.severity == "error"]
    assert {(each.code, each.source) for each in errors} == ({("verdict-contradicted", "s01")} if about else set())
    assert about is None or any((each.note or "").startswith(about) for each in errors)

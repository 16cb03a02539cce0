"""A part of a page that came in pieces is here, and the bag that says so is believed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from archive.capture import range_resume
from archive.verify.run import verify
from tests.archive.systems.fetch_sources import fetched
from tests.world import World
from tests.world.replies import Answer, Close, Reply, Request, partial
from tests.world.site import Site, html, served_by

HOST = "pictures.example"
PICTURE = b"\xff\xd8" + random.Random("joined").randbytes(60_000)
PAGE = '<!DOCTYPE html><title>Helicopters over Douma</title><h1>Helicopters over Douma</h1><img src="/big.jpg">'
TAG = (("ETag", '"v1"'),)


class BadLine(Site):
    """Breaks off in the middle of the picture, and continues where the request wants it."""

    hosts = (HOST,)

    def reply(self, request: Request) -> Reply | Answer:
        if request.target == "/helicopters-over-douma":
            return html(PAGE)
        if request.target != "/big.jpg":
            return super().reply(request)
        whole = served_by(self.server, partial(request, PICTURE, "image/jpeg", TAG)).to_answer(request)
        if request.range is not None:
            return whole
        (sent,) = whole.steps
        assert isinstance(sent, bytes)
        return Answer((sent[:-20_000], Close()), keeps=False)


def test_a_requisite_that_was_put_together_of_parts_is_not_called_a_contradiction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(range_resume, "LEAST", 1000)
    with World([BadLine()]) as world:
        made = fetched(world, tmp_path, f"https://{HOST}/helicopters-over-douma", memento=False)
    assert made.verdict == ("captured", None)
    picture = made.requisite("/big.jpg")
    assert (picture.outcome, len(picture.hops)) == ("captured", 2)
    assert picture.record is not None
    joined = made.record(picture.record)
    assert (joined.type, joined.block) == ("resource", PICTURE)
    observed = verify(made.bag)
    assert [finding.code for finding in observed.findings if finding.severity == "error"] == []
    assert observed.answers["coverage"].state == "passed"

"""The response to each request: the last ones from memory, others from the journal, what failed as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.capture import known_responses
from archive.capture.known_responses import KnownResponses
from archive.net import Failure
from archive.urls import parse
from archive.workfolder.recorded import Recorded


def response(number: int, *, failure: Failure | None = None) -> Recorded:
    url = parse(f"https://a.example/{number}")
    recorded = Recorded(url, "GET", f"urn:uuid:{number}", None, failure, None, "", "", 0)
    recorded.line = number
    return recorded


@pytest.fixture
def read() -> list[int]:
    return []


@pytest.fixture
def known(read: list[int], monkeypatch: pytest.MonkeyPatch) -> KnownResponses:
    monkeypatch.setattr(known_responses, "MOST_IN_MEMORY", 2)
    return KnownResponses(lambda line: read.append(line) or response(line), {"/0": response(0)})  # type: ignore[func-returns-value]


def test_a_response_that_is_no_longer_in_memory_is_read_from_the_journal(
    known: KnownResponses, read: list[int]
) -> None:
    for number in (1, 2):
        known.put(f"/{number}", response(number))
    found = [known.get(f"/{number}") for number in (2, 0, 0, 2, 1)]
    assert found == [response(number) for number in (2, 0, 0, 2, 1)]
    assert read == [0, 1]
    assert known.get("/3") is None


def test_what_says_more_than_the_journal_stays_as_it_is(known: KnownResponses, read: list[int]) -> None:
    after_another, joined = replace(response(1), earlier=("urn:uuid:0",)), replace(response(2), size=9)
    after_another.line = 1
    for each in (after_another, joined, response(3), response(4)):
        known.put(each.url.path, each)
    assert (known.get("/1"), known.get("/2"), read) == (after_another, joined, [])


def test_what_may_not_fail_again_is_forgotten_with_what_is_in_memory(known: KnownResponses, read: list[int]) -> None:
    failed = response(1, failure=Failure("head", "timeout", "late"))
    known.put("/1", failed)
    known.put("/2", response(2, failure=Failure("tls", "tls", "no")))
    assert known.failures() == {"/1": failed}
    for request in ("/1", "/2", "/0"):
        known.forget(request)
    assert ([known.get(f"/{number}") for number in range(3)], read) == ([None, None, None], [])

"""A big body that a bad line cut off is resumed, and only where the rest can be trusted to be its rest."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from archive.capture import range_resume
from archive.capture.fetcher import PAGE
from tests.archive.capture.changing_server import Bench, Script, answer, fetching
from tests.archive.net.recorder_setup import Stored
from tests.world.replies import Close, Reset

BODY = random.Random("continued").randbytes(90_000)
TAG = 'ETag: "v1"'


@pytest.fixture(autouse=True)
def _small_is_big(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(range_resume, "LEAST", 1000)
    monkeypatch.setattr(range_resume, "LEAST_PART", 1000)


def cut(at: int, *fields: str, end: object = None) -> Script:
    """The whole body is promised, `at` bytes of it come."""
    (head_and_body,) = answer("200 OK", BODY, *(fields or (TAG, "Accept-Ranges: bytes")))
    return (head_and_body[: len(head_and_body) - len(BODY) + at], end or Close())  # type: ignore[return-value]


def part(
    start: int, end: int = len(BODY), *fields: str, span: str | None = None, promised: int | None = None
) -> Script:
    """A 206 with the bytes from `start` to `end`, of `promised`."""
    promised = promised or end
    stated = span or f"bytes {start}-{promised - 1}/{len(BODY)}"
    (whole,) = answer("206 Partial Content", BODY[start:promised], f"Content-Range: {stated}", *(fields or (TAG,)))
    return (whole,) if promised == end else (whole[: len(whole) - (promised - end)], Close())


def ranges(bench: Bench) -> list[tuple[bytes | None, bytes | None]]:
    """Range and If-Range of each request for the body."""
    found = []
    for said in bench.server.said("/video"):
        fields = dict(line.split(b": ", 1) for line in said.request.split(b"\r\n")[1:-2])
        found.append((fields.get(b"Range"), fields.get(b"If-Range")))
    return found


def of_type(bench: Bench, kind: str) -> list[Stored]:
    return [record for record in bench.rig.records() if record.type == kind]


def is_whole(recorded: object) -> bool:
    return recorded.truncated is None and b"".join(recorded.payload()) == BODY  # type: ignore[attr-defined]


def test_the_rest_is_requested_and_put_together_in_a_resource_that_names_its_parts(tmp_path: Path) -> None:
    with fetching(tmp_path, {"/video": (cut(30_000), part(30_000, 70_000, promised=len(BODY)), part(70_000))}) as bench:
        recorded = bench.fetch("/video")
        assert is_whole(recorded)
        assert ranges(bench) == [(None, None), (b"bytes=30000-", b'"v1"'), (b"bytes=70000-", b'"v1"')]
        (joined,) = of_type(bench, "resource")
        assert joined.block == BODY
        assert joined.get("WARC-Payload-Digest") is None  # outside HTTP the block is the payload
        responses = of_type(bench, "response")
        assert [record.get("WARC-Truncated") for record in responses] == ["disconnect", "disconnect", None]
        assert [record.block for record in responses] == [said.sent for said in bench.server.said("/video")]
        observed = next(record for record in of_type(bench, "metadata") if record.observed["schema"] == "archive.joined/1")
        assert observed.observed["parts"] == [record.name for record in responses]
        assert observed.get("WARC-Refers-To") == joined.id
        assert recorded.answer == joined.name
        assert recorded.earlier == tuple(record.name for record in responses)


def test_a_stall_and_a_reset_are_resumed_too(tmp_path: Path) -> None:
    from tests.world.faulty import FOREVER
    from tests.world.replies import Pause

    stalled = cut(30_000, end=FOREVER)
    (head,) = part(30_000)[:1]
    reset = (head[: -(len(BODY) - 50_000)], Pause(0.2), Reset())
    with fetching(tmp_path, {"/video": (stalled, reset, part(50_000))}) as bench:
        assert is_whole(bench.fetch("/video"))
        assert [record.get("WARC-Truncated") for record in of_type(bench, "response")] == ["time", "disconnect", None]


def test_a_strong_date_will_do_where_there_is_no_tag(tmp_path: Path) -> None:
    dates = ("Last-Modified: Sun, 22 Nov 2026 09:00:00 GMT", "Date: Sun, 22 Nov 2026 10:00:00 GMT")
    with fetching(tmp_path, {"/video": (cut(30_000, *dates), part(30_000, len(BODY), *dates))}) as bench:
        assert is_whole(bench.fetch("/video"))
        assert ranges(bench)[1] == (b"bytes=30000-", b"Sun, 22 Nov 2026 09:00:00 GMT")


@pytest.mark.parametrize(
    "fields",
    [
        ('ETag: W/"v1"',),
        ("X-None: x",),
        ('ETag: "v1"', "Accept-Ranges: none"),
        ("ETag: v1",),
        ('ETag: ""',),
        ("Last-Modified: Sun, 22 Nov 2026 09:59:30 GMT", "Date: Sun, 22 Nov 2026 10:00:00 GMT"),
        ("Last-Modified: Sun, 22 Nov 2026 09:00:00 GMT",),
        ("Last-Modified: yesterday", "Date: today"),
    ],
    ids=["weak", "none", "no ranges", "unquoted", "empty", "fresh date", "no date", "no dates"],
)
def test_without_a_strong_validator_nothing_is_joined(tmp_path: Path, fields: tuple[str, ...]) -> None:
    with fetching(tmp_path, {"/video": (cut(30_000, *fields), cut(20_000, *fields))}) as bench:
        recorded = bench.fetch("/video")
        assert (recorded.truncated, recorded.size) == ("disconnect", 30_000)  # the one that brought most
        assert ranges(bench) == [(None, None)] * 2  # simply requested again, once
        assert of_type(bench, "resource") == []
        assert recorded.earlier == (of_type(bench, "response")[1].name,)


def test_a_small_body_is_simply_requested_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(range_resume, "LEAST", 50_000)
    with fetching(tmp_path, {"/video": (cut(30_000), answer("200 OK", BODY, TAG))}) as bench:
        assert is_whole(bench.fetch("/video"))
        assert ranges(bench) == [(None, None)] * 2


def test_what_came_of_a_body_counts_more_than_a_failure_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(range_resume, "LEAST", 50_000)
    scripts = (cut(20_000), cut(30_000), (Close(),))
    with fetching(tmp_path, {"/video": scripts, "/robots.txt": (answer("404 No", b"", "Connection: close"),)}) as bench:
        recorded = bench.fetch("/video", kind=PAGE)
        assert (recorded.status, recorded.truncated, recorded.size) == (200, "disconnect", 30_000)
        assert len(recorded.earlier) == 3  # robots.txt, the shorter answer, the failure


@pytest.mark.parametrize(
    "wrong",
    [
        part(30_000, span=f"bytes 0-{len(BODY) - 30_001}/{len(BODY)}"),
        part(30_000, span=f"bytes 30001-{len(BODY)}/{len(BODY)}"),
        part(30_000, span=f"bytes 30000-{len(BODY) - 1}/{len(BODY) + 1}"),
        part(30_000, span="bytes 30000-"),
        part(30_000, span="octets 30000-89999/90000"),
        answer("206 Partial Content", BODY[30_000:], TAG),
        answer("206 Partial Content", b"", f"Content-Range: bytes 30000-89999/{len(BODY)}", TAG),
        part(30_000, len(BODY), 'ETag: "v2"'),
        answer("416 Range Not Satisfiable", b"", "Content-Range: bytes */90000"),
        answer("503 Busy"),
        (b"junk\n", Close()),
    ],
    ids=[
        "other start", "one byte on", "other total", "half a range", "other unit", "no range", "nothing", "other tag",
        "416", "503", "junk",
    ],
)  # fmt: skip
def test_a_part_that_does_not_fit_is_stored_and_not_joined(tmp_path: Path, wrong: Script) -> None:
    with fetching(tmp_path, {"/video": (cut(30_000), wrong)}) as bench:
        recorded = bench.fetch("/video")
        assert (recorded.truncated, recorded.size, recorded.status) == ("disconnect", 30_000, 200)
        assert b"".join(recorded.payload()) == BODY[:30_000]
        said = [each.sent for each in bench.server.said("/video")]
        uri = str(bench.url("/video"))
        records = [record for record in bench.rig.records() if record.get("WARC-Target-URI") == uri]
        blocks = [record.block for record in records if record.type in ("response", "resource")]
        assert blocks == said and 2 <= len(said) <= 4
        assert len(recorded.earlier) == len(said) - 1  # every try is named
        assert b"archive.joined" not in b"".join(record.block for record in records if record.type == "metadata")


def test_a_whole_answer_in_place_of_the_rest_is_the_answer(tmp_path: Path) -> None:
    """The server does not serve ranges, or the thing has changed: what came whole counts, the cut one stays listed."""
    changed = random.Random("changed").randbytes(80_000)
    with fetching(tmp_path, {"/video": (cut(30_000), answer("200 OK", changed, 'ETag: "v2"'))}) as bench:
        recorded = bench.fetch("/video")
        assert (recorded.truncated, recorded.status) == (None, 200)
        assert b"".join(recorded.payload()) == changed
        first, second = of_type(bench, "response")
        assert (recorded.earlier, recorded.answer) == ((first.name,), second.name)


def test_a_line_that_brings_a_little_each_time_gets_there(tmp_path: Path) -> None:
    little = [part(at, at + 10_000, promised=len(BODY)) for at in range(20_000, 80_000, 10_000)]
    with fetching(tmp_path, {"/video": (cut(20_000), *little, part(80_000))}, tries=2) as bench:
        recorded = bench.fetch("/video")
        assert is_whole(recorded)
        assert len(recorded.earlier) == 8


def test_a_line_that_brings_next_to_nothing_each_time_is_given_up(tmp_path: Path) -> None:
    drops = [part(at, at + 1, promised=len(BODY)) for at in range(20_000, 20_100)]
    with fetching(tmp_path, {"/video": (cut(20_000), *drops)}, tries=2) as bench:
        assert bench.fetch("/video").truncated == "disconnect"
        assert len(ranges(bench)) == 3


def test_the_rest_of_a_body_is_requested_so_many_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(range_resume, "MOST_PARTS", 3)
    little = [part(at, at + 10_000, promised=len(BODY)) for at in range(20_000, 80_000, 10_000)]
    with fetching(tmp_path, {"/video": (cut(20_000), *little, part(80_000))}, tries=2) as bench:
        assert bench.fetch("/video").truncated == "disconnect"
        assert len(ranges(bench)) == 4


def test_what_was_put_together_is_known_to_the_next_run(tmp_path: Path) -> None:
    with fetching(tmp_path, {"/video": (cut(30_000), part(30_000))}) as bench:
        recorded = bench.fetch("/video")
        known = bench.rig.recorder.earlier()[recorded.url.href]
        assert is_whole(known)
        assert (known.answer, known.size, known.earlier) == (recorded.answer, len(BODY), recorded.earlier)
        bench.fetcher.forget_failures()
        bench.fetch("/video")
        assert len(ranges(bench)) == 2


def test_the_parts_count_towards_the_bounds_of_the_source(tmp_path: Path) -> None:
    with fetching(tmp_path, {"/video": (cut(30_000), part(30_000))}, source_size=35_000) as bench:
        bench.fetch("/video")
        assert bench.fetch("/other").failure.reason == "limit"

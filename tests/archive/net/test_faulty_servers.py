"""Each faulty server, in plain and over TLS: what it sent stands in the WARC byte for byte, and called what it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.net.router import ConnectTo
from archive.words.notes import describe
from archive.workfolder.recorded import Recorded
from tests.archive.net.recorder_setup import SHORT, Rig, Stored, rig
from tests.world.cases import CASES
from tests.world.faulty import FOLLOWING, FOLLOWING_TARGET, Case, Drip, Endless, FaultyServer, Said

SCHEMES = ("http", "https")
AT_ONCE = 24
SLACK = 4.0
"""Seconds that a busy machine may add to a limit."""
# We stop listening before all is said: at a bound, or since the answer was whole by its own framing.
CUT_SHORT = {"2-mb-head", "chunks-drip", "surplus-comes-late", "100-flood", "chunked-trailers-of-1-mb"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case, requested once, and its neighbour requested after it."""

    case: Case
    scheme: str
    recorded: Recorded
    following: Recorded
    seconds: float
    said: list[Said]
    records: dict[str, Stored]

    @property
    def answer(self) -> Stored:
        return self.records[self.recorded.answer]

    @property
    def is_unsolicited(self) -> bool:
        return self.case.eager

    @property
    def first(self) -> Said:
        return next(each for each in self.said if each.target in ("/", None))


def series_of(case: Case, scheme: str) -> str:
    return f"{case.name.replace('.', '-')}-{scheme}"


def play(bench: Rig, server: FaultyServer) -> tuple[Recorded, Recorded, float]:
    series = series_of(server.case, server.scheme)
    began = time.monotonic()
    recorded = bench.get(server.url(), series)
    seconds = time.monotonic() - began
    if server.case.name == "surplus-comes-late":
        time.sleep(0.4)  # requested at once, nobody could know which request was answered; the run's pauses are longer
    return recorded, bench.get(server.url(FOLLOWING_TARGET), series), seconds


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str], Outcome]]:
    """Every case over both schemes, many at once, through one recorder."""
    folder = tmp_path_factory.mktemp("every-byte")
    with ExitStack() as stack:
        servers = [
            stack.enter_context(FaultyServer(case, tls=scheme == "https", host=f"{case.name}.faulty.example"))
            for case in CASES.values()
            for scheme in SCHEMES
        ]
        ways = tuple(ConnectTo.parse(way) for server in servers for way in server.connect_to)
        bench = stack.enter_context(rig(folder, connect_to=ways, cacerts=(Path(servers[0].ca_file),)))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            played = list(pool.map(lambda server: play(bench, server), servers))
        found = {}
        records = {record.name: record for record in bench.records()}
        for server, (recorded, following, seconds) in zip(servers, played, strict=True):
            case, scheme = server.case, server.scheme
            found[case.name, scheme] = Outcome(case, scheme, recorded, following, seconds, server.said(), records)
        yield found


@pytest.fixture(params=[(name, scheme) for name in CASES for scheme in SCHEMES], ids=" ".join)
def outcome(request: pytest.FixtureRequest, outcomes: dict[tuple[str, str], Outcome]) -> Outcome:
    return outcomes[request.param]


def speaks_over_tls(outcome: Outcome) -> bool:
    """False where what the server says comes in place of the handshake, and is no answer to anything."""
    return not (outcome.is_unsolicited and outcome.scheme == "https")


def test_the_block_in_the_warc_is_what_the_server_sent(outcome: Outcome) -> None:
    if not speaks_over_tls(outcome):
        # A reset may come before the connection stands, as the kernel has it.
        assert outcome.recorded.failure is not None and outcome.recorded.failure.stage in ("tls", "connect")
        return
    sent = outcome.first.sent if outcome.said else b""
    if not sent:
        assert outcome.answer.type == "metadata"
        return
    block = outcome.answer.block
    stops = outcome.case.name in CUT_SHORT or any(isinstance(step, Drip | Endless) for step in outcome.case.script)
    assert outcome.answer.type != "metadata"
    if stops and outcome.first.size > len(block):
        assert block and outcome.first.sent.startswith(block)
    else:
        assert block == sent


def test_only_what_is_http_is_called_a_response(outcome: Outcome) -> None:
    expect = outcome.case.expect
    if expect.status is not None and speaks_over_tls(outcome) and outcome.case.name != "speaks-first":
        assert outcome.answer.type == "response"
        assert outcome.recorded.status == expect.status
    if not expect.is_http:
        assert outcome.answer.type == "resource"
        assert outcome.recorded.failure is not None and outcome.recorded.failure.reason == "not-http"
    assert not (outcome.answer.type == "response" and not outcome.answer.block)


def test_the_payload_is_what_was_meant(outcome: Outcome) -> None:
    if outcome.case.expect.body is not None and outcome.case.expect.status is not None:
        assert b"".join(outcome.recorded.payload()) == outcome.case.expect.body


def test_what_is_cut_is_marked_so_and_what_is_whole_is_not(outcome: Outcome) -> None:
    expect, recorded = outcome.case.expect, outcome.recorded
    mark = outcome.answer.get("WARC-Truncated")
    assert mark == recorded.truncated
    is_whole = recorded.head is not None and recorded.failure is None and recorded.truncated is None
    if outcome.case.name == "close-delimited-without-goodbye":
        assert mark == (None if outcome.scheme == "http" else "disconnect")
        return
    if expect.complete is not None and speaks_over_tls(outcome):
        assert is_whole is expect.complete
    if expect.truncated == "either":
        assert mark in ("length", "time", "disconnect")
    elif expect.status is not None and expect.complete is not None and expect.truncated is not None:
        assert mark == expect.truncated


def test_what_is_odd_is_reported(outcome: Outcome) -> None:
    recorded = outcome.recorded
    observed = [*map(describe, recorded.oddities), *([recorded.failure.message] if recorded.failure else [])]
    if outcome.case.expect.odd:
        assert observed
        about = [
            record
            for record in outcome.records.values()
            if record.type == "metadata" and record.get("WARC-Refers-To") == f"<{recorded.answer}>"
        ]
        assert about and [each["code"] for each in about[0].observed["oddities"]] == [each.code for each in recorded.oddities]
    elif outcome.case.expect.complete and outcome.case.expect.keeps is not None:
        assert observed == []


def test_the_following_request_gets_its_own_answer(outcome: Outcome) -> None:
    if outcome.case.eager:
        return
    assert outcome.following.failure is None
    assert outcome.records[outcome.following.answer].block == FOLLOWING


def test_a_connection_serves_again_only_where_its_answer_was_whole(outcome: Outcome) -> None:
    if outcome.case.eager or outcome.case.expect.keeps is None:
        return
    connections = [said.connection for said in outcome.said if said.target in ("/", FOLLOWING_TARGET)]
    assert (len(set(connections)) == 1) is outcome.case.expect.keeps


def test_giving_up_takes_no_longer_than_the_limits_say(outcome: Outcome) -> None:
    patience = max(SHORT.head + SHORT.handshake, SHORT.stall + SHORT.window)
    if outcome.case.name not in ("slow-and-honest", "pauses-and-goes-on"):
        assert outcome.seconds < patience + SLACK


def test_every_reference_between_records_resolves(outcomes: dict[tuple[str, str], Outcome]) -> None:
    records = next(iter(outcomes.values())).records
    warcinfos = {record.id for record in records.values() if record.type == "warcinfo"}
    for record in records.values():
        for name in ("WARC-Concurrent-To", "WARC-Refers-To"):
            assert all(record_id.strip("<>") in records for record_id in record.all(name)), record.fields
        if record.type != "warcinfo":
            assert record.get("WARC-Warcinfo-ID") in warcinfos
    assert len(records) >= 4 * len(outcomes)

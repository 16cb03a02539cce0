"""A run bracketed in time: its log begins with one timestamp and is under another."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from msgspec.structs import asdict

from archive.capture.settings import FetchSettings
from archive.fetch.fetch import fetch
from archive.timestamp.token import make_query
from archive.verify.result.verification import Verification
from archive.verify.run import verify
from archive_manifests.disclosure import commit, parse_seed, record_items
from archive_manifests.findings import Severity, State
from archive_manifests.records import parse_line
from tests.archive.fetch.test_pilot import settings_for
from tests.archive.trust.test_revocation import BEFORE, crl
from tests.archive.verify.forged_bag import ForgedBag
from tests.world import World
from tests.world.time_authority import NOW, Chain, by_hand, make_chain, serve

TIME = "data/provenance/time"


@pytest.fixture(scope="module")
def chain() -> Chain:
    return make_chain("ec", "Loopback Time")


def report_in(folder: Path) -> Path:
    path = folder / "report.txt"
    path.write_text("One source: https://sn4hr.org/blog/2019/04/30/53633/ and no more.\n")
    return path


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return report_in(tmp_path)


@pytest.fixture
def trust(tmp_path: Path, chain: Chain) -> Path:
    (tmp_path / "trust/tsa").mkdir(parents=True)
    (tmp_path / "trust/tsa/root.pem").write_bytes(chain.root_pem)
    return tmp_path / "trust"


@pytest.fixture(scope="module")
def made(chain: Chain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bag of a run that was stamped: not to be changed."""
    folder = tmp_path_factory.mktemp("stamped")
    with World() as world, serve(by_hand(chain)) as authority:
        return fetch(report_in(folder), folder / "B", bracketed(world, authority.url)).bag


@pytest.fixture
def stamped(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "B"))


def bracketed(world: World, url: str, *named: str) -> FetchSettings:
    port = urlsplit(url).port
    routes = (*world.connect_to, f"time.example:80:127.0.0.1:{port}")
    return settings_for(world, connect_to=routes, authorities=named or ("http://time.example/tsa",))


def errors(verification: Verification) -> list[tuple[str, str]]:
    return [(each.code, str(each.path)) for each in verification.findings if each.severity is Severity.ERROR]


def test_the_log_begins_with_the_first_reply_and_its_end_is_stamped(stamped: Path, trust: Path) -> None:
    lines = (stamped / "data/provenance/records.jsonl").read_bytes().splitlines(keepends=True)
    reply = (stamped / TIME / "begun-01.tsr").read_bytes()
    assert json.loads(lines[0])["prev"] == hashlib.sha256(reply).hexdigest()
    ended = json.loads((stamped / TIME / "ended.json").read_text())
    assert ended["records_head"] == hashlib.sha256(lines[-1]).hexdigest()
    seed = parse_seed((stamped / "data/provenance/seed.txt").read_bytes())
    log = [parse_line(line, number) for number, line in enumerate(lines, start=1)]
    assert ended["disclosure"] == asdict(commit(seed, record_items(log)))
    verification = verify(stamped, trust=trust)
    assert errors(verification) == []
    when = verification.answers["when"]
    assert when.state is State.ABSENT  # no seal: the bracket dates the run, and binds no bag
    assert when.facts["not_earlier_than"] == "2026-11-22T09:59:59Z"
    assert when.facts["log_not_later_than"] == "2026-11-22T10:00:01Z"


def test_a_stamped_root_of_other_records_is_found(stamped: Path, tmp_path: Path, trust: Path) -> None:
    bag = ForgedBag.copy_of(stamped, tmp_path / "forged" / "B")
    ended = bag.read(f"{TIME}/ended.json")
    bag.write(f"{TIME}/ended.json", ended.replace(json.loads(ended)["disclosure"]["root"].encode(), b"0" * 64))
    bag.seal_over()
    found = errors(verify(bag.path, trust=trust))
    assert found == [("bracket-broken", f"{TIME}/ended-01.tsr"), ("disclosure-differs", f"{TIME}/ended.json")]


@pytest.mark.parametrize(
    ("was", "now"), [('"input_sha256": "', '"input_sha256": "0'), ('"random"', '"operator": "Eve",\n  "random"')]
)
def test_a_stamped_beginning_of_another_input_or_with_more_in_it_is_found(
    was: str, now: str, stamped: Path, tmp_path: Path, trust: Path
) -> None:
    bag = ForgedBag.copy_of(stamped, tmp_path / "forged" / "B")
    bag.write(f"{TIME}/begun.json", bag.read(f"{TIME}/begun.json").replace(was.encode(), now.encode()))
    bag.seal_over()
    notes = [each.note for each in verify(bag.path, trust=trust).findings if each.code == "bracket-broken"]
    assert notes[0] is not None and len(notes) == 1


@pytest.mark.parametrize("name", ["begun", "ended"])
def test_an_end_of_a_run_that_no_authority_stamped_is_found(
    name: str, stamped: Path, tmp_path: Path, trust: Path
) -> None:
    bag = ForgedBag.copy_of(stamped, tmp_path / "forged" / "B")
    for place in (bag.path / TIME).glob(f"{name}-*"):
        place.unlink()
    found = [each for each in verify(bag.path, trust=trust).findings if each.code == "bracket-broken"]
    assert ("no authority has stamped it", f"{TIME}/{name}.json") in {(each.note, str(each.path)) for each in found}


def _no_query(bag: ForgedBag) -> None:
    bag.write(f"{TIME}/begun-01.tsq", b"x")


def _query_of_the_other_end(bag: ForgedBag) -> None:
    bag.write(f"{TIME}/begun-01.tsq", bag.read(f"{TIME}/ended-01.tsq"))


def _another_nonce(bag: ForgedBag) -> None:
    bag.write(f"{TIME}/begun-01.tsq", make_query(bag.read(f"{TIME}/begun.json")))


def _second_query_alone(bag: ForgedBag) -> None:
    bag.write(f"{TIME}/begun-02.tsq", bag.read(f"{TIME}/begun-01.tsq"))


def _no_reply(bag: ForgedBag) -> None:
    (bag.path / TIME / "begun-01.tsr").unlink()


@pytest.mark.parametrize(
    ("forge", "path", "note"),
    [
        (_no_query, "begun-01.tsr", "not a timestamp query"),
        (_query_of_the_other_end, "begun-01.tsr", "it answers a query over other bytes"),
        (_another_nonce, "begun-01.tsr", "it answers another query"),
        (_second_query_alone, "begun-02.tsq", "its reply is not here"),
        (_no_reply, "begun.json", "no authority has stamped it"),
    ],
)
def test_a_query_that_no_reply_answers_is_found(
    forge: Callable[[ForgedBag], None], path: str, note: str, stamped: Path, tmp_path: Path, trust: Path
) -> None:
    bag = ForgedBag.copy_of(stamped, tmp_path / "forged" / "B")
    forge(bag)
    bag.seal_over()
    found = [each for each in verify(bag.path, trust=trust).findings if each.code == "bracket-broken"]
    assert [str(each.path) for each in found] == [f"{TIME}/{path}"]
    assert (found[0].note or "").startswith(note)


def test_without_trust_no_time_is_claimed(stamped: Path) -> None:
    when = verify(stamped).answers["when"]
    assert when.facts == {"bracket_by": ["Loopback Time", "Loopback Time"]}
    assert when.why == (
        "no seal; the run's own timestamps prove nothing here: no trusted authority, or findings against them"
    )


def test_a_log_that_was_made_again_does_not_fit_its_stamps(stamped: Path, trust: Path) -> None:
    log = stamped / "data/provenance/records.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:-1]))
    found = errors(verify(stamped, trust=trust))
    assert ("bracket-broken", f"{TIME}/ended.json") in found
    reply = stamped / TIME / "begun-01.tsr"
    reply.write_bytes(reply.read_bytes()[:-1] + bytes([reply.read_bytes()[-1] ^ 1]))
    found = errors(verify(stamped, trust=trust))
    assert ("bracket-broken", f"{TIME}/begun-01.tsr") in found
    assert ("log-chain", "data/provenance/records.jsonl") in found


def test_the_end_says_nothing_where_the_log_it_speaks_of_is_gone(stamped: Path, trust: Path) -> None:
    (stamped / "data/provenance/records.jsonl").unlink()
    found = verify(stamped, trust=trust)
    assert found.answers["when"].facts == {"bracket_by": ["Loopback Time", "Loopback Time"]}
    broken = [str(one.path) for one in found.findings if one.code == "bracket-broken"]
    assert broken == [f"{TIME}/begun.json", f"{TIME}/ended.json"]


def test_a_first_reply_that_does_not_hold_is_not_made_good_by_another(
    world: World, chain: Chain, report: Path, tmp_path: Path, trust: Path
) -> None:
    with serve(by_hand(chain)) as authority:
        settings = bracketed(world, authority.url, "http://time.example/tsa", "http://time.example/another")
        bag = fetch(report, tmp_path / "B", settings).bag
    assert verify(bag, trust=trust).answers["when"].facts["not_earlier_than"] == "2026-11-22T09:59:59Z"
    (bag / TIME / "begun-01.tsr").write_bytes(b"no reply")
    verification = verify(bag, trust=trust)
    assert ("bracket-broken", f"{TIME}/begun-01.tsr") in errors(verification)
    facts = verification.answers["when"].facts
    assert facts["bracket_by"] == ["Loopback Time"] * 3
    assert "not_earlier_than" not in facts


@pytest.mark.parametrize("of_these", [True, False])
def test_stamps_of_an_authority_that_was_taken_back_date_nothing(
    stamped: Path, trust: Path, chain: Chain, of_these: bool
) -> None:
    serial = chain.leaf.serial_number + (not of_these)
    (trust / "tsa/issuing.crl").write_bytes(crl(chain, serial, BEFORE))
    verification = verify(stamped, trust=trust)
    found = [(str(each.severity), str(each.path)) for each in verification.findings if "revoked" in each.code]
    times = {name: time for name, time in verification.answers["when"].facts.items() if name != "bracket_by"}
    if of_these:
        assert found == [("warning", f"{TIME}/begun-01.tsr"), ("warning", f"{TIME}/ended-01.tsr")]
        assert times == {}
    else:
        assert found == []
        assert times == {"not_earlier_than": "2026-11-22T09:59:59Z", "log_not_later_than": "2026-11-22T10:00:01Z"}
    assert errors(verification) == []


@pytest.mark.parametrize(("days", "of_these"), [(-1, True), (1, True), (-1, False)])
def test_an_old_revocation_list_is_reported_once_and_changes_no_time(
    stamped: Path, trust: Path, chain: Chain, days: int, of_these: bool
) -> None:
    issuer = chain if of_these else make_chain("ec", "Loopback Time")
    due = NOW + timedelta(days=days)
    content = crl(issuer, chain.leaf.serial_number + 1, BEFORE, issued=NOW - timedelta(days=60), due=due)
    (trust / "tsa/issuing.crl").write_bytes(content)
    verification = verify(stamped, trust=trust, now=NOW)
    found = [(str(each.severity), str(each.path), each.note) for each in verification.findings if "list" in each.code]
    note = "the revocation list of CN=Loopback Time CA,O=Loopback is an old one, the next was due on 2026-11-21;"
    expected = [("warning", f"{TIME}/begun-01.tsr", f"{note} get that into the trust folder")]
    if of_these:
        assert found == (expected if days < 0 else [])
    else:  # a list that is used for nothing is reported, once
        ((severity, path, reason),) = found
        unused = "no certificate of CN=Loopback Time CA,O=Loopback that is trusted here signed it"
        assert (severity, path, unused in str(reason)) == ("warning", f"{TIME}/begun-01.tsr", True)
    times = {name: time for name, time in verification.answers["when"].facts.items() if name != "bracket_by"}
    assert times == {"not_earlier_than": "2026-11-22T09:59:59Z", "log_not_later_than": "2026-11-22T10:00:01Z"}
    assert errors(verification) == []


def test_an_authority_that_fails_stops_nothing(world: World, chain: Chain, report: Path, tmp_path: Path) -> None:
    with serve(by_hand(chain), "error") as authority:
        result = fetch(report, tmp_path / "B", bracketed(world, authority.url))
    assert [str(entry.status) for entry in result.ledger.sources] == ["captured"]
    assert not (result.bag / TIME).exists()
    assert errors(verify(result.bag)) == []

"""Times of a bag and of its recordings that are later than a trusted timestamp over its seal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.bag.bagging_date import bagging_dates
from archive.seal.sealing import SealOrder, seal_bag
from archive.seal.sign import write_seal
from archive.seal.stamping import make_renewal
from archive.ssh.allowed_signers import parse
from archive.timestamp.token import make_query
from archive.trust import custody_log
from archive.trust.anchors import Anchors
from archive.trust.custody_log import CustodyLog
from archive.verify.result.verification import Verification
from archive.verify.run import verify
from archive_manifests.findings import State
from archive_manifests.tags import parse_bag_info
from tests.archive.verify.test_seal_check import as_version, retag
from tests.archive.warc.warc_bytes import ANSWER, member, record
from tests.world.sealed_bag import SealedBag, facts_of, file_key, make_bag
from tests.world.time_authority import NOW, Chain, Way, make_reply, pem
from tests.world.wacz_bytes import signed, wacz_files, write_wacz

ANNA = file_key(1)
SEALED = NOW - timedelta(days=30)
BEFORE, AFTER = (f"{SEALED + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}" for hours in (-1, 1))


@dataclass(frozen=True)
class Foreign:
    """Another maker's bag with a recording, sealed at `SEALED`."""

    folder: Path
    chain: Chain

    def made(
        self, info: str = "", *, warc: bytes | None = None, payload: dict[str, bytes] | None = None
    ) -> SealedBag:
        payload = {"data/note.txt": b"a note\n"} | (payload or {})
        payload |= {"data/crawl.warc.gz": warc} if warc is not None else {}
        bag = make_bag(self.folder / "F1", payload)
        (bag / "bag-info.txt").write_text(info or "Source-Organization: somebody\n")
        (bag / "disclosure.txt").unlink()
        retag(bag)
        facts = facts_of(bag)
        beside = bag.with_name("F1.seal")
        sealed = SealedBag(bag, beside, facts, write_seal(beside, facts))
        sealed.stamp(sealed.sign(ANNA), self.chain, time=SEALED)
        return sealed

    def judged(self, sealed: SealedBag) -> Verification:
        trust = self.folder / "trust"
        (trust / "tsa").mkdir(parents=True, exist_ok=True)
        (trust / "tsa" / "root.pem").write_bytes(pem(self.chain.root))
        (trust / "allowed_signers").write_text(f'anna namespaces="archive-bag" {ANNA.public_key.text}\n')
        return verify(sealed.bag, trust=trust, now=NOW, jobs=1)


@pytest.fixture
def foreign(tmp_path: Path, chain: Chain) -> Foreign:
    return Foreign(tmp_path, chain)


def crawl(*dates: str) -> bytes:
    first = record("warcinfo", 0, b"software: another\r\n", WARC_Date=BEFORE)
    return b"".join(
        map(member, [first, *(record("response", at, ANSWER, WARC_Date=date) for at, date in enumerate(dates, 1))])
    )


def later(found: Verification) -> list[tuple[str, str, str | None]]:
    return [
        (str(one.severity), str(one.path), one.found) for one in found.findings if one.code == "captured-after-stamp"
    ]


@pytest.mark.parametrize(
    ("dates", "latest"),
    [
        ((BEFORE, BEFORE), None),
        ((BEFORE, AFTER), AFTER),
        ((AFTER, BEFORE), AFTER),
        ((BEFORE, "2099", "2098-01-01T00:00:00Z"), "2099"),
        ((BEFORE, "2099-99-99T00:00:00Z"), None),
        ((BEFORE, f"{AFTER[:-1]}.123456789Z"), f"{AFTER[:-1]}.123456789Z"),
    ],
)
def test_a_recording_that_states_records_from_after_the_seal_contradicts_it(
    foreign: Foreign, dates: tuple[str, ...], latest: str | None
) -> None:
    found = foreign.judged(foreign.made(warc=crawl(*dates)))
    assert later(found) == ([("error", "data/crawl.warc.gz", latest)] if latest else [])
    assert found.answers["when"].state is (State.FAILED if latest else State.PASSED)


@pytest.mark.parametrize(("date", "state"), [(BEFORE, State.PASSED), (AFTER, State.FAILED)])
def test_the_records_of_a_wacz_in_a_bag_are_compared_with_the_seal_of_the_bag(
    foreign: Foreign, tmp_path: Path, date: str, state: State
) -> None:
    files = signed(wacz_files({"data.warc.gz": crawl(date)}))
    place = write_wacz(tmp_path / "x.wacz", files)
    found = foreign.judged(foreign.made(payload={"data/x.wacz": place.read_bytes()}))
    assert later(found) == ([("error", "data/x.wacz", AFTER)] if date == AFTER else [])
    assert found.answers["when"].state is state


@pytest.mark.parametrize(("date", "key"), [(BEFORE, "unchanged"), (AFTER, "existed")])
@pytest.mark.parametrize("kind", ["warc", "wacz", "bag-info"])
def test_the_statement_of_a_bag_that_states_later_times_does_not_say_unchanged(
    foreign: Foreign, tmp_path: Path, date: str, key: str, kind: str
) -> None:
    wacz = write_wacz(tmp_path / "x.wacz", signed(wacz_files({"data.warc.gz": crawl(date)}))).read_bytes()
    payload = {"warc": {"data/a.warc.gz": crawl(date)}, "wacz": {"data/x.wacz": wacz}}.get(kind, {})
    made = foreign.made(f"Bagging-Date: {date}\n" if kind == "bag-info" else "", payload=payload)
    anchors = Anchors(parse(f"anna {ANNA.public_key.text}\n".encode()), (foreign.chain.root,))
    statement = seal_bag(made.bag, made.folder, SealOrder((ANNA,)), anchors, None, NOW).statement
    assert {"unchanged", "existed"} & set(statement.shown_keys) == {key}


@pytest.mark.parametrize(
    ("info", "found"),
    [
        (f"Bagging-Date: {BEFORE}", None),
        (f"Bagging-Date: {AFTER}", AFTER),
        (f"Bagging-Date: {AFTER[:10]}", None),
        ("Bagging-Date: 2026-10-25", "2026-10-25"),
        (f"bagging-date: {AFTER[:-1]}+00:00", f"{AFTER[:-1]}+00:00"),
        (f"Bagging-Date: {AFTER[:-1]}", None),
        ("Bagging-Date: 2026-10-23 00:00:01", None),
        ("Bagging-Date: 2026-10-24T00:30:00", "2026-10-24T00:30:00"),
        (f"Bag-Software-Agent: packer 2.0 ({AFTER})", AFTER),
        (f"Bagging-Timestamp: {AFTER.replace('T', ' ')}", AFTER.replace("T", " ")),
        ("Embargo-Date: 2099-01-01", None),
        ("Bag-Size: 2099-01-01", None),
        ("Bagging-Date: 2099-13-45", None),
    ],
)
def test_a_bag_that_states_that_it_was_made_after_its_seal_contradicts_it(
    foreign: Foreign, info: str, found: str | None
) -> None:
    judged = foreign.judged(foreign.made(f"{info}\n"))
    assert later(judged) == ([("error", "bag-info.txt", found)] if found else [])
    assert judged.answers["when"].state is (State.FAILED if found else State.PASSED)


def test_of_a_partners_version_the_original_is_judged_and_not_the_partners_date(foreign: Foreign) -> None:
    for number, (own, expected) in enumerate(((BEFORE, []), (AFTER, [("error", "bag-info.txt", AFTER)]))):
        place = Foreign(foreign.folder / str(number), foreign.chain)
        sealed = place.made(f"Bagging-Date: {own}\n")
        as_version(sealed.bag, "Bagging-Date: 2026-11-20\n")
        assert later(place.judged(sealed)) == expected


def test_a_time_without_a_zone_means_the_earliest_moment_that_it_can() -> None:
    info = parse_bag_info(b"Bagging-Date: 2026-11-22T10:00:00, 2026-11-22T10:00:00 +02:00\nOther: 2026-01-01\n")
    assert [one.earliest for one in bagging_dates(info)] == [
        datetime(2026, 11, 21, 20, tzinfo=UTC),
        datetime(2026, 11, 22, 8, tzinfo=UTC),
    ]


@pytest.mark.parametrize(("hours", "is_early"), [(-1, True), (0, False), (5, False)])
def test_an_event_that_states_a_time_before_the_timestamp_it_names_is_a_finding(
    foreign: Foreign, hours: int, is_early: bool
) -> None:
    sealed = foreign.made()
    (stamp,) = [one.name for one in sealed.folder.glob("*.tsr")]
    made = custody_log.event(
        "digital signature generation", SEALED + timedelta(hours=hours), "sealed", "sealed", objects=(stamp,)
    )
    log = CustodyLog(b"", ()).with_event(made, sealed.facts.log_root)
    custody_log.write_log(sealed.folder, log)
    found = [one for one in foreign.judged(sealed).findings if one.code == "custody-time"]
    assert [(one.line, one.expected) for one in found] == ([(1, f"{SEALED:%Y-%m-%dT%H:%M:%SZ}")] if is_early else [])


@pytest.mark.parametrize(("hours", "is_believed"), [(2, True), (0, True), (-4800, False)])
def test_a_renewal_that_is_older_than_a_timestamp_it_lists_proves_nothing(
    foreign: Foreign, hours: int, is_believed: bool
) -> None:
    """Both authorities are trusted, and one of them is wrong: the older time is not taken for the seal's."""
    sealed = foreign.made()
    target = make_renewal(sealed.folder)
    for name, content in {**target.beside, target.name: target.content}.items():
        (sealed.folder / name).write_bytes(content)
    way = Way(time=SEALED + timedelta(hours=hours))
    (sealed.folder / "renewal-01.01.tsr").write_bytes(make_reply(make_query(target.content), foreign.chain, way))
    found = foreign.judged(sealed)
    assert found.answers["when"].facts["not_later_than"] == f"{SEALED + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
    bad = [(one.code, str(one.severity)) for one in found.findings if one.path and "renewal" in str(one.path)]
    assert bad == ([] if is_believed else [("stamp-bad", "warning")])


def test_an_event_from_before_the_bag_was_made_is_a_finding(foreign: Foreign) -> None:
    sealed = foreign.made("Bagging-Date: 2026-10-20\n")
    for year, expected in ((2001, [1]), (2026, [])):
        made = custody_log.event("transfer", datetime(year, 10, 20, 5, tzinfo=UTC), "received", "received", by="x")
        custody_log.write_log(sealed.folder, CustodyLog(b"", ()).with_event(made, sealed.facts.log_root))
        assert [one.line for one in foreign.judged(sealed).findings if one.code == "custody-time"] == expected

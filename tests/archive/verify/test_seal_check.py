"""What a seal covers, and times that contradict each other: forgeries that keep a genuine seal."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.seal.facts import NotSealable
from archive.seal.sealing import SealOrder, seal_bag
from archive.timestamp.token import make_query
from archive.trust.anchors import Anchors
from archive.verify.files.control_files import ControlFiles
from archive.verify.records.run_timestamps import LOG, RunTimestamps, read_run_timestamps
from archive.verify.records.stated_times import Proven, StatedTimes, check_stated_times, read_stated_times
from archive.verify.result.verification import Verification
from archive.verify.run import verify
from archive_manifests import canonical
from archive_manifests.findings import Answer, State
from archive_manifests.layout import BEGUN, ENDED, stamp_path
from archive_manifests.paths import BagPath
from archive_manifests.records import RecordLine, chained
from tests.archive.verify.test_forgeries import ANNA, EVE, OLD, Scene, scene
from tests.world.sealed_bag import PAYLOAD, SealedBag, make_sealed_bag
from tests.world.time_authority import NOW, Chain, Way, make_reply, pem

__all__ = ["scene"]


def retag(bag: Path, algorithms: tuple[str, ...] = ("sha256", "sha512")) -> None:
    """Write the tag manifests again over the tag files that are there."""
    names = sorted(one.name for one in bag.iterdir() if one.is_file() and not one.name.startswith("tagmanifest-"))
    for algorithm in algorithms:
        lines = [f"{hashlib.new(algorithm, (bag / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
        (bag / f"tagmanifest-{algorithm}.txt").write_text("".join(lines))


def codes(found: Verification) -> list[tuple[str, str, str]]:
    return [(one.code, str(one.severity), str(one.path)) for one in found.findings]


def as_version(bag: Path, info: str, **files: bytes) -> None:
    """Make of a sealed bag what a partner's version of it looks like, with other words in it."""
    for name in ("bag-info.txt", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt", *files):
        if (bag / name).exists():
            (bag / name).rename(bag / f"origin-{name}")
    stated = [
        f"Origin-Bag-Tagmanifest: {name} sha256:{hashlib.sha256((bag / f'origin-{name}').read_bytes()).hexdigest()}\n"
        for name in ("tagmanifest-sha256.txt", "tagmanifest-sha512.txt")
    ]
    (bag / "bag-info.txt").write_text(info + "".join(stated))
    for name, content in files.items():
        (bag / name).write_bytes(content)
    retag(bag)


def test_words_that_are_put_round_a_genuine_seal_are_named_as_not_sealed(scene: Scene) -> None:
    bag = scene.sealed.bag
    info = "Source-Organization: International Criminal Court\nBagging-Date: 2020-01-01\n"
    as_version(bag, info, **{"forged-affidavit.txt": b"I swear\n"})
    found = scene.judged()
    assert codes(found) == [
        ("tag-file-not-sealed", "warning", "bag-info.txt"),
        ("tag-file-not-sealed", "warning", "forged-affidavit.txt"),
    ]
    who = found.answers["who"]
    assert who.state is State.PASSED
    assert who.why is not None
    assert who.why.endswith(
        "; the seal does not cover bag-info.txt, forged-affidavit.txt: the person who packed this copy added or replaced that"
    )
    assert who.facts["not_sealed"] == ["bag-info.txt", "forged-affidavit.txt"]
    with pytest.raises(NotSealable, match=r"the seal would not cover bag-info\.txt, forged-affidavit\.txt"):
        seal_bag(bag, scene.folder, SealOrder((EVE,)), None, None, NOW)


def test_a_replaced_declaration_or_readme_under_a_genuine_seal_is_an_error(tmp_path: Path, scene: Scene) -> None:
    as_version(scene.sealed.bag, "", **{"README-VERIFY.txt": b"Trust only evil.example\n"})
    assert ("tag-file-not-sealed", "error", "README-VERIFY.txt") in codes(scene.judged())


def test_a_tag_file_that_no_sealed_list_names_is_not_covered(scene: Scene) -> None:
    (scene.sealed.bag / "statement.txt").write_bytes(b"by the court\n")
    found = scene.judged()
    assert ("tag-file-not-sealed", "warning", "statement.txt") in codes(found)
    assert found.answers["who"].facts["not_sealed"] == ["statement.txt"]


def weak(bag: Path, version: str = "1.0", *, strong_lists: tuple[str, ...] = ()) -> None:
    """Have MD5 list the payload, and SHA-256 some files of it."""
    for name in ("manifest-sha256.txt", "manifest-sha512.txt"):
        (bag / name).unlink()
    (bag / "bagit.txt").write_text(f"BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n")
    lines = [f"{hashlib.md5(content).hexdigest()}  {path}\n" for path, content in sorted(PAYLOAD.items())]
    (bag / "manifest-md5.txt").write_text("".join(lines))
    if strong_lists:
        lines = [f"{hashlib.sha256(PAYLOAD[path]).hexdigest()}  {path}\n" for path in strong_lists]
        (bag / "manifest-sha256.txt").write_text("".join(lines))
    retag(bag)


@pytest.mark.parametrize(
    ("version", "strong", "covered"),
    [
        ("1.0", (), False),
        ("0.97", ("data/report/text.txt",), False),
        ("0.97", tuple(sorted(PAYLOAD)), True),
        ("1.0", tuple(sorted(PAYLOAD)), True),
    ],
)
def test_a_seal_over_weak_lists_of_the_payload_proves_nothing(
    tmp_path: Path, scene: Scene, chain: Chain, version: str, strong: tuple[str, ...], covered: bool
) -> None:
    made = make_sealed_bag(tmp_path / "other" / "W1")
    weak(made.bag, version, strong_lists=strong)
    # Sealed by somebody else's program: ours refuses.
    from archive.seal.sign import write_seal
    from tests.world.sealed_bag import facts_of

    (made.folder / "seal.json").unlink()
    facts = facts_of(made.bag)
    sealed = SealedBag(made.bag, made.folder, facts, write_seal(made.folder, facts))
    sealed.stamp(sealed.sign(ANNA), chain, time=OLD)
    found = verify(made.bag, trust=scene.trust, now=NOW, jobs=1)
    states = {name: found.answers[name].state for name in ("who", "when")}
    expected = State.PASSED if covered else State.FAILED
    assert states == {"who": expected, "when": expected}
    assert ("seal-rests-on-weak" in [one.code for one in found.findings]) is not covered
    if not covered:
        with pytest.raises(NotSealable, match="a seal would cover nothing"):
            seal_bag(made.bag, made.folder, SealOrder((ANNA,)), None, None, NOW)


def test_payload_that_is_listed_strongly_by_an_unsealed_manifest_alone_is_not_covered(
    tmp_path: Path, scene: Scene
) -> None:
    made = make_sealed_bag(tmp_path / "other" / "W1")
    weak(made.bag)
    from archive.seal.sign import write_seal
    from tests.world.sealed_bag import facts_of

    (made.folder / "seal.json").unlink()
    facts = facts_of(made.bag)
    SealedBag(made.bag, made.folder, facts, write_seal(made.folder, facts)).sign(ANNA)
    lines = [f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in sorted(PAYLOAD.items())]
    (made.bag / "manifest-sha256.txt").write_text("".join(lines))
    found = verify(made.bag, trust=scene.trust, now=NOW, jobs=1)
    assert found.answers["who"].state is State.FAILED
    assert "seal-rests-on-weak" in [one.code for one in found.findings]


# Stated and proven time.


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOTHING = Proven(None, None, None, is_stamped=True)


@pytest.mark.parametrize(
    ("shift", "offset", "reported"),
    [
        (timedelta(), None, []),
        (timedelta(minutes=9), None, []),
        (DAY, None, ["captured-after-stamp"]),
        (36 * 365 * DAY, None, ["captured-after-stamp"]),  # a stamp of 1990
        (DAY, -DAY, ["clock-offset"]),  # a clock that was a day fast, and is known to have been
        (-400 * DAY, 400 * DAY, ["clock-offset"]),
    ],
)
def test_captures_are_not_later_than_what_stamps_prove(
    shift: timedelta, offset: timedelta | None, reported: list[str]
) -> None:
    times = StatedTimes(NOW + shift - HOUR, NOW + shift, (), offset)
    for proven in (replace(NOTHING, sealed=NOW), replace(NOTHING, run_ended=NOW)):
        assert [one.code for one in check_stated_times(times, proven)] == reported


@pytest.mark.parametrize(
    ("shift", "offset", "reported"),
    [
        (timedelta(), None, []),
        (-DAY, None, ["captured-before-bracket"]),
        (-400 * DAY, None, ["captured-before-bracket"]),
        (-400 * DAY, 400 * DAY, ["clock-offset"]),
    ],
)
def test_captures_are_not_earlier_than_what_the_run_began_with(
    shift: timedelta, offset: timedelta | None, reported: list[str]
) -> None:
    times = StatedTimes(NOW + shift, NOW + shift + HOUR, (), offset)
    found = check_stated_times(times, replace(NOTHING, run_begun=NOW))
    assert [one.code for one in found] == reported


@pytest.mark.parametrize(
    ("started", "ended", "source", "reported"),
    [
        (NOW, NOW + HOUR, (NOW, NOW + HOUR), 0),
        (datetime(2081, 1, 1, tzinfo=UTC), datetime(1972, 1, 1, tzinfo=UTC), None, 1),
        (NOW, NOW + HOUR, (NOW + HOUR, NOW), 1),
        (NOW, NOW + HOUR, (NOW - DAY, NOW), 1),
        (NOW, NOW + HOUR, (NOW, NOW + DAY), 1),
    ],
)
def test_a_clock_that_was_set_in_mid_run_is_reported(
    started: datetime, ended: datetime, source: tuple[datetime, datetime] | None, reported: int
) -> None:
    sources = (("s01", *source),) if source else ()
    found = list(check_stated_times(StatedTimes(started, ended, sources, None), NOTHING))
    assert [one.code for one in found] == ["time-runs-backwards"] * reported


@pytest.mark.parametrize(
    ("stated", "codes"), [("9999-12-31T23:59:59Z", ["captured-after-stamp"]), ("0001-01-01T00:00:00+14:00", [])]
)
def test_a_ledger_at_the_edge_of_the_calendar_is_judged(world_ledger: bytes, stated: str, codes: list[str]) -> None:
    path = BagPath("data/sources.json")
    ledger = json.loads(world_ledger) | {"started": stated, "ended": stated}
    content = canonical.document(ledger).encode()
    times = read_stated_times(ControlFiles(contents={path: content}, sizes={}))
    assert times is not None
    proven = replace(NOTHING, sealed=NOW)
    assert [one.code for one in check_stated_times(times, proven)] == codes


@pytest.fixture
def world_ledger() -> bytes:
    """A ledger without sources."""
    from archive_manifests import ledger as ledgers
    from archive_manifests.sources import Report

    stated = Report(id="R1")
    entry = ledgers.ReportEntry(stated, None, None, None, None)
    at = "2026-11-22T10:00:00Z"
    return ledgers.to_json(ledgers.Ledger("archive.sources/1", entry, ledgers.Conditions("x"), at, at, ())).encode()


@pytest.mark.parametrize("content", [b"{}", b"not JSON"])
def test_a_ledger_that_cannot_be_read_states_no_times(content: bytes) -> None:
    path = BagPath("data/sources.json")
    assert read_stated_times(ControlFiles(contents={path: content}, sizes={})) is None
    assert read_stated_times(ControlFiles(contents={}, sizes={})) is None


# A run's own timestamps.


def record(date: str) -> RecordLine:
    return RecordLine("data/archive/s01.warc.gz", 0, 1, "0" * 64, "urn:uuid:1", "response", "https://a.example/", date)


def run_files(
    chain: Chain,
    *,
    begun: bytes = b'{"schema": "archive.run-stamp/1", "end": "begun"}',
    begun_at: datetime = NOW,
    ended_at: datetime = NOW + HOUR,
    is_woven: bool = True,
    log: bool = True,
) -> dict[str, bytes]:
    """Both ends of a run and its log, as the recorder writes them, but for what the test changes."""
    first = make_reply(make_query(begun), chain, Way(time=begun_at))
    prev = hashlib.sha256(first).hexdigest() if is_woven else None
    text = "".join(chained([record("2026-11-22T10:30:00Z")] * 2, prev)).encode()
    lines = text.splitlines(keepends=True)
    ended = json.dumps({"records_head": hashlib.sha256(lines[-1]).hexdigest()}).encode()
    files = {
        BEGUN: begun,
        stamp_path(BEGUN, 1, "tsr"): first,
        ENDED: ended,
        stamp_path(ENDED, 1, "tsr"): make_reply(make_query(ended), chain, Way(time=ended_at)),
    }
    return files | ({LOG: text} if log else {})


def read_run(chain: Chain, files: dict[str, bytes], now: datetime = NOW + DAY) -> RunTimestamps:
    retained = ControlFiles(
        contents={BagPath(path): data for path, data in files.items()},
        sizes={path: len(data) for path, data in files.items()},
    )
    return read_run_timestamps(retained, Anchors(roots=(chain.root,)), now)


def test_a_run_between_two_timestamps_is_claimed(chain: Chain) -> None:
    run = read_run(chain, run_files(chain))
    assert run.findings == []
    answer = run.added_to(Answer(State.ABSENT, "no seal"))
    assert answer.why == (
        "no seal; the run's log of records began not earlier than 2026-11-22T09:59:59Z"
        " and existed not later than 2026-11-22T11:00:01Z"
    )


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"log": False}, [BEGUN, ENDED]),
        ({"begun": b"{}"}, [BEGUN]),
        ({"begun": b"[]"}, [BEGUN]),
        ({"begun": b"{}", "is_woven": False}, [BEGUN]),
        ({"is_woven": False}, [BEGUN]),
        ({"begun_at": NOW + 2 * HOUR}, [ENDED]),
    ],
)
def test_a_run_that_does_not_hang_together_is_not_claimed(
    chain: Chain, change: dict[str, object], broken: list[str]
) -> None:
    run = read_run(chain, run_files(chain, **change))  # type: ignore[arg-type]
    assert [(one.code, str(one.path)) for one in run.findings] == [("bracket-broken", path) for path in broken]
    assert run.not_earlier_than is None


def test_the_stamped_beginning_is_that_of_the_ledgers_own_run(chain: Chain, world_ledger: bytes) -> None:
    ledger = json.loads(world_ledger)
    for changed, broken in (({}, []), ({"started": "2020-01-01T00:00:00Z"}, [BEGUN]), ({"report": "R2"}, [BEGUN])):
        stated = {"schema": "archive.run-stamp/1", "end": "begun", "report": "R1", "started": ledger["started"], **changed}
        files = run_files(chain, begun=json.dumps(stated).encode()) | {"data/sources.json": world_ledger}
        run = read_run(chain, files)
        assert [str(one.path) for one in run.findings] == broken
        assert (run.not_earlier_than is None) is bool(broken)
    files = run_files(chain) | {"data/sources.json": b"no ledger"}
    assert read_run(chain, files).findings == []


@pytest.mark.parametrize(
    ("date", "reported"),
    [("2026-01-26", 0), ("2026-01-27", 0), ("2026-01-28", 1), ("2026-11-22", 1), ("soon", 0), ("2020-01-01", 0)],
)
def test_a_bag_that_says_it_was_made_after_its_seal_is_contradicted(
    tmp_path: Path, scene: Scene, chain: Chain, date: str, reported: int
) -> None:
    from archive.seal.sign import write_seal
    from tests.world.sealed_bag import facts_of

    made = make_sealed_bag(tmp_path / "other" / "D1")
    info = made.bag / "bag-info.txt"
    info.write_text(f"Bagging-Date: {date}\n{info.read_text()}")
    retag(made.bag)
    (made.folder / "seal.json").unlink()
    facts = facts_of(made.bag)
    sealed = SealedBag(made.bag, made.folder, facts, write_seal(made.folder, facts))
    sealed.stamp(sealed.sign(ANNA), chain, time=OLD)  # 2026-01-26
    found = verify(made.bag, trust=scene.trust, now=NOW, jobs=1)
    assert [one.code for one in found.findings] == ["captured-after-stamp"] * reported
    assert found.answers["when"].state is (State.FAILED if reported else State.PASSED)


def test_a_log_of_no_lines_began_at_no_time(chain: Chain) -> None:
    run = read_run(chain, run_files(chain) | {LOG: b""})
    assert [str(one.path) for one in run.findings] == [BEGUN, ENDED]
    run = read_run(chain, run_files(chain) | {LOG: b"not a record\n"})
    assert [str(one.path) for one in run.findings] == [BEGUN, ENDED]


def test_a_seal_from_before_its_run_proves_that_the_run_is_not_its_own(chain: Chain) -> None:
    run = read_run(chain, run_files(chain))
    run.check_seal(NOW - 300 * DAY)
    assert [(one.code, str(one.path)) for one in run.findings] == [("bracket-broken", ENDED)]
    assert (run.not_earlier_than, run.not_later_than) == (None, None)
    run = read_run(chain, run_files(chain))
    run.check_seal(NOW + HOUR)
    assert run.findings == []


def test_a_run_stamped_in_the_future_is_reported_and_not_claimed(chain: Chain) -> None:
    run = read_run(chain, run_files(chain), now=NOW - DAY)
    assert [one.code for one in run.findings] == ["stamp-in-future"] * 2
    assert (run.not_earlier_than, run.not_later_than, run.authorities) == (None, None, [])


# Stamps and files of the seal.


def test_a_stamp_from_the_future_proves_nothing(scene: Scene, chain: Chain) -> None:
    scene.strip("*.ts?")
    scene.stamp(f"{ANNA.public_key.safe_name}.sig", chain, NOW + DAY)
    found = scene.judged()
    assert found.answers["when"].state is State.FAILED
    assert [one.code for one in found.findings] == ["stamp-in-future"]


def test_a_stamp_from_the_future_beside_a_good_one_is_a_warning(scene: Scene, chain: Chain) -> None:
    scene.stamp(f"{ANNA.public_key.safe_name}.sig", chain, NOW + DAY)
    found = scene.judged()
    assert found.answers["when"].state is State.PASSED
    assert [(one.code, str(one.severity)) for one in found.findings] == [("stamp-in-future", "warning")]


def test_junk_that_sorts_first_crowds_out_neither_signature_nor_stamp(scene: Scene) -> None:
    for number in range(5000):
        (scene.folder / f"SHA256--{number:042d}.sig").write_bytes(b"junk")
        (scene.folder / f"SHA256--{number:042d}.01.tsr").write_bytes(b"junk")
    found = scene.judged()
    assert (found.answers["who"].state, found.answers["when"].state) == (State.PASSED, State.PASSED)


def test_a_bag_and_a_seal_behind_links_are_judged_as_they_are(tmp_path: Path, scene: Scene) -> None:
    away = tmp_path / "away"
    away.mkdir()
    (away / "R1").symlink_to(scene.sealed.bag)
    found = verify(away / "R1", trust=scene.trust, now=NOW, jobs=1)
    assert (found.answers["who"].state, found.answers["when"].state) == (State.PASSED, State.PASSED)
    scene.folder.rename(tmp_path / "elsewhere")
    (away / "R1.seal").symlink_to(tmp_path / "elsewhere")
    found = verify(away / "R1", trust=scene.trust, now=NOW, jobs=1)
    assert (found.answers["who"].state, found.answers["when"].state) == (State.PASSED, State.PASSED)


def test_a_file_of_the_trust_folder_that_says_nothing_is_reported(scene: Scene, other_chain: Chain) -> None:
    (scene.trust / "tsa" / "root.p12").write_bytes(b"what is this")
    (scene.trust / "tsa" / "other.crt").write_bytes(pem(other_chain.root))
    found = scene.judged()
    assert [(one.code, one.note) for one in found.findings] == [
        ("trust-file-unread", "tsa/root.p12: expected certificates or revocation lists, in PEM or DER form"),
    ]

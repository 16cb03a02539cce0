"""The custody log beside a bag: who signed which lines, and every way to rewrite it."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.seal.sealing import SealOrder, seal_bag
from archive.seal.stamping import make_renewal
from archive.ssh.allowed_signers import entry_line, parse
from archive.ssh.keys import PublicKey
from archive.ssh.revoked_keys import RevokedKeys
from archive.timestamp.token import make_query
from archive.trust import custody_log
from archive.trust.anchors import Anchors
from archive.trust.custody_log import CustodyLog, event
from archive.trust.custody_signatures import CustodyCheck, check_custody, sign_log
from archive.trust.proofs import renewal_lines
from archive_manifests import canonical
from archive_manifests.findings import Severity
from tests.world.sealed_bag import SealedBag, file_key, make_bag, make_sealed_bag
from tests.world.time_authority import NEEDS_SSH_KEYGEN, SSH_KEYGEN, Chain, Way, make_reply

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
ANNA, EVE = file_key(1), file_key(9)
HEAD = "ab" * 32


def trusting(*keys: PublicKey, name: str = "anna") -> Anchors:
    return Anchors(parse("".join(f"{entry_line(name)(key)}\n" for key in keys).encode()))


TRUST = trusting(ANNA.public_key)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "R1.seal"
    place.mkdir()
    return place


def log_of(number: int, start: datetime = NOW - timedelta(days=9), *, by: str = "anna") -> CustodyLog:
    log = CustodyLog(b"", ())
    for at in range(number):
        log = log.with_event(event("transfer", start + timedelta(hours=at), f"event {at}", "done", by=by), HEAD)
    return log


def checked(folder: Path, anchors: Anchors | None = TRUST, now: datetime = NOW) -> CustodyCheck:
    return check_custody(folder, HEAD, anchors, now)


def found(check: CustodyCheck) -> list[tuple[str, str]]:
    return [(one.code, str(one.severity)) for one in check.findings]


def test_a_log_that_nobody_signed_is_said_to_be_unsigned(folder: Path) -> None:
    custody_log.write_log(folder, log_of(3))
    assert checked(folder).as_facts == {"state": "unsigned", "events": 3, "signed_events": 0, "signers": []}
    assert checked(folder.with_name("none")).as_facts == {"state": "absent"}


def test_a_signature_counts_up_to_its_line_while_the_log_grows(folder: Path) -> None:
    log = log_of(2)
    custody_log.write_log(folder, log)
    sign_log(folder, log, ANNA)
    assert checked(folder).as_facts == {"state": "signed", "events": 2, "signed_events": 2, "signers": ["anna"]}
    custody_log.write_log(folder, log_of(4))
    assert checked(folder).as_facts == {
        "state": "signed-in-part", "events": 4, "signed_events": 2, "signers": ["anna"],
    }  # fmt: skip


@pytest.mark.skipif(SSH_KEYGEN is None, reason=NEEDS_SSH_KEYGEN)
def test_ssh_keygen_checks_the_first_lines(folder: Path) -> None:
    log = log_of(2)
    name = sign_log(folder, log, ANNA)
    custody_log.write_log(folder, log_of(5))
    (folder / "allowed").write_text(f"{entry_line('anna')(ANNA.public_key)}\n")
    lines = b"".join(line + b"\n" for line in (folder / "custody.jsonl").read_bytes().split(b"\n")[:2])
    command = [str(SSH_KEYGEN), "-Y", "verify", "-f", "allowed", "-I", "anna", "-n", "archive-custody", "-s", name]
    for content, code in ((lines, 0), (lines.replace(b"event 1", b"event 9"), 255)):
        assert subprocess.run(command, input=content, cwd=folder, capture_output=True, check=False).returncode == code


@pytest.mark.parametrize(
    "log",
    [log_of(3, by="eve"), log_of(2), log_of(3, NOW - timedelta(days=99))],
    ids=["rewritten", "cut", "redated"],
)
def test_a_log_that_was_rewritten_under_a_trusted_signature_is_an_error(folder: Path, log: CustodyLog) -> None:
    sign_log(folder, log_of(3), ANNA)
    custody_log.write_log(folder, log)
    assert found(checked(folder)) == [("custody-signature-bad", "error")]
    assert checked(folder).signed_lines == 0
    assert found(checked(folder, None)) == [("custody-signature-bad", "warning")]


def test_what_a_stranger_signed_is_signed_by_nobody_known(folder: Path) -> None:
    log = log_of(2)
    custody_log.write_log(folder, log)
    sign_log(folder, log, EVE)
    assert (found(checked(folder)), checked(folder).as_facts["state"]) == ([], "unsigned")
    (name,) = [one.name for one in folder.glob("custody-*.sig")]
    (folder / name).write_bytes(b"junk")
    assert found(checked(folder)) == [("custody-signature-bad", "warning")]


def test_a_key_that_was_not_trusted_at_the_event_signs_nothing(folder: Path) -> None:
    log = log_of(2)
    custody_log.write_log(folder, log)
    sign_log(folder, log, ANNA)
    ended = Anchors((replace(TRUST.signers[0], valid_before=NOW - timedelta(days=30)),))
    other = Anchors((replace(TRUST.signers[0], namespaces="archive-bag"),))
    assert [checked(folder, one).signed_lines for one in (ended, other, TRUST)] == [0, 0, 2]


def test_a_file_named_after_another_key_proves_nothing(folder: Path) -> None:
    log = log_of(2)
    custody_log.write_log(folder, log)
    name = sign_log(folder, log, EVE)
    (folder / name).rename(folder / f"custody-0002.{ANNA.public_key.safe_name}.sig")
    assert found(checked(folder)) == [("custody-signature-bad", "error")]


@pytest.mark.parametrize(
    ("start", "line"),
    [(NOW + timedelta(days=1), 1), (NOW + timedelta(days=365 * 80), 1), (NOW - timedelta(minutes=30), 2)],
)
def test_events_that_are_still_to_come_are_reported(folder: Path, start: datetime, line: int) -> None:
    custody_log.write_log(folder, log_of(2, start))
    findings = checked(folder).findings
    assert {one.code for one in findings} == {"custody-time"}
    assert findings[0].line == line


def test_events_that_go_back_in_time_are_reported(folder: Path) -> None:
    log = log_of(2).with_event(event("transfer", NOW - timedelta(days=30), "late", "done"), HEAD)
    custody_log.write_log(folder, log)
    assert [(one.code, one.line) for one in checked(folder).findings] == [("custody-time", 3)]


@pytest.mark.parametrize("time", ["2026-11-22", "yesterday", "", "2026-11-22T10:00:00"])
def test_an_event_without_a_time_is_reported(folder: Path, time: str) -> None:
    log = CustodyLog(b"", ()).with_event(replace(event("transfer", NOW, "x", "done"), time=time), HEAD)
    custody_log.write_log(folder, log)
    assert [one.code for one in checked(folder).findings] == ["custody-time"]


@pytest.fixture
def sealed(tmp_path: Path) -> SealedBag:
    return make_sealed_bag(tmp_path / "here" / "R1")


def test_a_timestamp_that_the_log_records_is_missed(folder: Path) -> None:
    names = ("seal.01.tsr", f"{ANNA.public_key.safe_name}.01.tsr")
    stamped = event("digital signature generation", NOW, "timestamps were added", "sealed", objects=names)
    custody_log.write_log(folder, CustodyLog(b"", ()).with_event(stamped, HEAD))
    (folder / names[0]).write_bytes(b"x")
    assert [(one.code, str(one.path)) for one in checked(folder).findings] == [("stamp-missing", f"R1.seal/{names[1]}")]


@pytest.mark.parametrize(("line", "codes"), [(2, [("custody-signature-bad", "error")]), (4, [])])
def test_a_broken_log_whose_signed_lines_were_edited_is_no_warning_alone(
    folder: Path, line: int, codes: list[tuple[str, str]]
) -> None:
    sign_log(folder, log_of(3), ANNA)
    lines = custody_log.lines_of(log_of(5).text)
    lines[line - 1] = lines[line - 1].replace(b"event", b"other")
    (folder / custody_log.NAME).write_bytes(b"".join(lines))
    assert found(checked(folder)) == [("custody-broken", "warning"), *codes]


def test_signing_a_bag_signs_its_custody_log(sealed: SealedBag) -> None:
    seal_bag(sealed.bag, sealed.folder, SealOrder((ANNA,)), None, None, NOW)
    check = check_custody(sealed.folder, sealed.facts.events_head, TRUST, NOW)
    assert check.as_facts == {"state": "signed", "events": 1, "signed_events": 1, "signers": ["anna"]}
    assert check.findings == ()


def test_a_renewal_lists_custody_and_receipts_and_a_rewritten_log_shows(sealed: SealedBag) -> None:
    seal_bag(sealed.bag, sealed.folder, SealOrder((ANNA,)), None, None, NOW)
    (sealed.folder / "receipts").mkdir()
    (sealed.folder / "receipts" / "R1.receipt.json").write_bytes(b"{}")
    (sealed.folder / "receipts" / "note.txt").write_bytes(b"no receipt")
    (sealed.folder / "identity.age").write_bytes(b"x")
    renewal = make_renewal(sealed.folder)
    listed = dict(renewal_lines(renewal.content))
    assert {"custody-0001.jsonl", "receipts/R1.receipt.json", "identity.age", "seal.json"} < listed.keys()
    assert "receipts/note.txt" not in listed
    assert any(name.startswith("custody-0001.SHA256-") for name in listed)
    for name, content in {**renewal.beside, renewal.name: renewal.content}.items():
        (sealed.folder / name).write_bytes(content)
    done = subprocess.run(["sha512sum", "--quiet", "-c", renewal.name], cwd=sealed.folder, check=False)
    assert done.returncode == 0
    log = CustodyLog(b"", ()).with_event(event("transfer", NOW, "another story", "done"), sealed.facts.events_head)
    custody_log.write_log(sealed.folder, log)
    codes = found(check_custody(sealed.folder, sealed.facts.events_head, TRUST, NOW))
    assert codes == [
        *(("custody-broken", "warning"), ("custody-signature-bad", "error"), ("statement-altered", "warning")),
        ("identity-unbound", "warning"),
    ]


def test_lines_end_at_lf_and_nowhere_else() -> None:
    text = log_of(1).text
    spoilt = json.loads(text) | {"detail": "a\x0bb\x0c\x1c\x85\u2028c"}
    del spoilt["seq"], spoilt["prev"]
    made = CustodyLog(b"", ()).with_event(event("transfer", NOW, spoilt["detail"], "done"), HEAD)
    assert custody_log.parse_log(made.text, HEAD) == made
    assert len(made.heads) == 1


def test_severity_of_what_a_trusted_name_claims_is_an_error(folder: Path) -> None:
    custody_log.write_log(folder, log_of(1))
    (folder / f"custody-0001.{ANNA.public_key.safe_name}.sig").write_bytes(os.urandom(40))
    assert [one.severity for one in checked(folder).findings] == [Severity.ERROR]


def test_a_log_of_years_of_checks_is_read_and_renewed(sealed: SealedBag) -> None:
    log = CustodyLog(b"", ())
    text = "x" * 2000
    lines = []
    for at in range(1200):
        made = CustodyLog(lines[-1] if lines else b"", log.events[-1:])
        entry = event("fixity check", NOW - timedelta(days=2000 - at), text, "pass")
        chained = replace(entry, seq=at + 1, prev=made.head or sealed.facts.events_head)
        lines.append(canonical.line(chained).encode())
        log = CustodyLog(b"", (chained,))
    (sealed.folder / "custody.jsonl").write_bytes(b"".join(lines))
    assert sum(map(len, lines)) > 1 << 21
    check = check_custody(sealed.folder, sealed.facts.events_head, TRUST, NOW)
    assert (check.findings, check.as_facts["events"]) == ((), 1200)
    assert "custody-1200.jsonl" in make_renewal(sealed.folder).beside


def ended(after: timedelta = timedelta(days=-1)) -> Anchors:
    """Anna's key, trusted until `after` from now."""
    return Anchors((replace(TRUST.signers[0], valid_before=NOW + after),))


def renewed(folder: Path, chain: Chain, time: datetime) -> None:
    """List all that lies in the folder in a renewal, and have it stamped at a time."""
    if not (folder / "seal.json").exists():
        (folder / "seal.json").write_bytes(b"{}\n")
    target = make_renewal(folder)
    for name, content in {**target.beside, target.name: target.content}.items():
        (folder / name).write_bytes(content)
    query = make_query(target.content)
    (folder / "renewal-01.01.tsr").write_bytes(make_reply(query, chain, Way(time=time)))


@pytest.mark.skipif(SSH_KEYGEN is None, reason=NEEDS_SSH_KEYGEN)
def test_a_log_that_is_dated_back_does_not_bring_back_a_key_that_has_expired(folder: Path) -> None:
    """ssh-keygen judges as of now, unless it is given another time."""
    log = log_of(2)  # it states times at which the key was still trusted
    custody_log.write_log(folder, log)
    name = sign_log(folder, log, ANNA)
    check = checked(folder, ended())
    assert (check.as_facts["state"], check.signers) == ("unsigned", ())
    assert [(one.code, str(one.severity), str(one.path)) for one in check.findings] == [
        ("signer-out-of-period", "warning", f"R1.seal/{name}")
    ]
    until = '",valid-before="20200101Z"'
    (folder / "allowed").write_text(
        entry_line("anna")(ANNA.public_key).replace('corroboration"', f"corroboration{until}")
    )
    command = [str(SSH_KEYGEN), "-Y", "verify", "-f", "allowed", "-I", "anna", "-n", "archive-custody", "-s", name]
    content = (folder / "custody.jsonl").read_bytes()
    assert subprocess.run(command, input=content, cwd=folder, capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize(
    ("time", "is_signed"),
    [(NOW - timedelta(days=2), True), (NOW - timedelta(hours=1), False), (NOW + timedelta(days=9), False)],
    ids=["before the end", "after it", "from the future"],
)
def test_a_timestamp_over_the_signature_keeps_a_key_that_expired_later(
    folder: Path, chain: Chain, time: datetime, is_signed: bool
) -> None:
    log = log_of(2)
    custody_log.write_log(folder, log)
    sign_log(folder, log, ANNA)
    renewed(folder, chain, time)
    trusted = replace(ended(), roots=(chain.root,))
    check = checked(folder, trusted)
    assert check.as_facts["state"] == ("signed" if is_signed else "unsigned")
    assert found(check) == ([] if is_signed else [("signer-out-of-period", "warning")])
    assert checked(folder, ended()).as_facts["state"] == "unsigned", (
        "a timestamp of an unknown authority proves nothing"
    )


def test_a_key_that_was_not_trusted_yet_when_its_signature_existed_signs_nothing(folder: Path, chain: Chain) -> None:
    log = log_of(2)
    custody_log.write_log(folder, log)
    sign_log(folder, log, ANNA)
    renewed(folder, chain, NOW - timedelta(days=2))
    signers = (replace(TRUST.signers[0], valid_after=NOW - timedelta(days=1)),)
    check = checked(folder, Anchors(signers, roots=(chain.root,)))
    assert (check.signed_lines, found(check)) == (0, [("signer-out-of-period", "warning")])


def test_a_revoked_key_over_a_log_is_named(folder: Path) -> None:
    log = log_of(2)
    custody_log.write_log(folder, log)
    sign_log(folder, log, ANNA)
    revoked = replace(TRUST, revoked=RevokedKeys(frozenset({ANNA.public_key.blob})))
    check = checked(folder, revoked)
    assert (check.signed_lines, found(check)) == (0, [("signer-revoked", "warning")])


def sealed_with_log(folder: Path, name: str) -> SealedBag:
    """A bag without events of its own, with a seal, a statement and a signed log."""
    bag = make_bag(folder / name, {"data/a.txt": name.encode()})
    beside = folder / f"{name}.seal"
    done = seal_bag(bag, beside, SealOrder((ANNA,)), None, None, NOW)
    assert done.facts.events_head is None
    return SealedBag(bag, beside, done.facts, b"")


def test_a_signed_log_of_another_bag_that_has_no_events_either_is_not_this_bags(tmp_path: Path) -> None:
    one, other = (sealed_with_log(tmp_path, name) for name in ("F1", "F2"))
    own = check_custody(other.folder, other.facts.log_root, TRUST, NOW)
    assert (own.as_facts["state"], own.findings) == ("signed", ())
    for place in other.folder.glob("custody*"):
        place.unlink()
    for name in [*(place.name for place in one.folder.glob("custody*")), "statement.html"]:
        (other.folder / name).write_bytes((one.folder / name).read_bytes())
    check = check_custody(other.folder, other.facts.log_root, TRUST, NOW)
    assert (check.as_facts, found(check)) == ({"state": "broken"}, [("custody-broken", "warning")])

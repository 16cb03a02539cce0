"""Forgeries against seal, stamps and trust, through the whole of verify: each asserts every finding on seal and time.

What a forger can have a trusted person sign counts too: a seal that states the truth in another spelling is refused.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from archive.fetch.fetch import fetch
from archive.seal.sign import write_seal
from archive.ssh.allowed_signers import parse
from archive.timestamp import cms
from archive.timestamp.token import make_query
from archive.trust import custody_log
from archive.verify.result.verification import Verification
from archive.verify.run import verify
from archive_manifests.findings import State
from archive_manifests.moments import iso
from archive_manifests.seal import NAMESPACE
from tests.archive.fetch.test_pilot import settings_for
from tests.archive.verify.test_forgeries import ANNA, EVE, OLD, Scene, scene, start_over
from tests.world import World
from tests.world.sealed_bag import PAYLOAD, SealedBag, facts_of, file_key
from tests.world.time_authority import NOW, Chain, Way, make_reply, sequence, wall_clock

__all__ = ["scene"]

OMAR = file_key(2)
NOT_ITS_OWN = "the seal that was stamped is not this bag's"
UNREAD = "the seal is not there, or cannot be read, so nothing could be checked"
STAMPED = "not later than 2026-01-26T10:00:01Z: Loopback Time says 2026-01-26T10:00:01Z"


def observed(found: Verification) -> list[str]:
    """Everything that is reported of who and when: code, severity, file; sorted."""
    return sorted(f"{one.code} {one.severity} {one.path}" for one in found.findings if one.question in ("who", "when"))


def outcome(found: Verification) -> tuple[State, str | None, State, str | None, list[str]]:
    who, when = found.answers["who"], found.answers["when"]
    return who.state, who.why, when.state, when.why, observed(found)


def anna_since(time: str | None) -> str:
    since = f"signed not later than {time}" if time else "time of signing unknown"
    return f"anna ({ANNA.public_key.fingerprint}), {since}"


def reordered(text: str) -> str:
    return json.dumps(dict(reversed(json.loads(text).items())), indent=1, ensure_ascii=False) + "\n"


RESPELLED: dict[str, Callable[[str], str]] = {
    "keys in another order": reordered,
    "no whitespace": lambda text: json.dumps(json.loads(text), separators=(",", ":")),
    "more whitespace": lambda text: text.replace(": ", ":  "),
    "other line ends": lambda text: text.replace("\n", "\r\n"),
    "no line end": lambda text: text.rstrip("\n"),
    "a key stated twice alike": lambda text: text.replace('"size"', '"size": 256,\n  "size"'),
    "a key stated twice, first falsely": lambda text: text.replace('"size"', '"size": 512,\n  "size"'),
    "escapes in a key": lambda text: text.replace('"purpose"', '"\\u0070urpose"'),
    "escapes in a value": lambda text: text.replace("archive-bag-seal", "archive-bag\\u002dseal"),
    "a number with a fraction": lambda text: text.replace('"size": 256', '"size": 256.0'),
    "a number with an exponent": lambda text: text.replace('"size": 256', '"size": 256e0'),
    "digests in capitals": lambda text: text.replace(digest_in(text), digest_in(text).upper()),
}


def digest_in(text: str) -> str:
    return str(json.loads(text)["tag_manifests"][0]["sha256"])


@pytest.mark.parametrize("how", RESPELLED)
def test_a_seal_in_another_spelling_is_refused_though_the_trusted_key_signed_that_spelling(
    scene: Scene, how: str
) -> None:
    scene.strip("SHA256*")
    before = (scene.folder / "seal.json").read_text()
    respelled = RESPELLED[how](before)
    assert respelled != before
    (scene.folder / "seal.json").write_bytes(respelled.encode())
    scene.sign_as(ANNA, respelled.encode())
    scene.stamp(scene.signature.name, scene.chain, OLD)
    who, why, when, since, findings = outcome(scene.judged())
    is_read = how == "digests in capitals"
    assert (who, when, since) == (State.FAILED, State.FAILED, NOT_ITS_OWN if is_read else UNREAD)
    assert why is not None
    assert why.startswith(
        "it was changed since it was sealed: the signature of anna" if is_read else "the seal cannot be read: seal.json"
    )
    expected = "seal-mismatch" if is_read else "seal-unreadable"
    assert findings == [f"{expected} error R1.seal/seal.json"]


def with_signer_of(reply: bytes, others: bytes, *, first: bool) -> bytes:
    """A token with the SignerInfo of another beside its own, before or after it."""
    top = cms.read(reply).children
    kind, wrapped = top[1].children
    parts = wrapped.children[0].children
    theirs = cms.read(others).children[1].children[1].children[0].children[-1].content
    own = parts[-1].content
    signers = cms.encode(cms.SET, theirs + own if first else own + theirs)
    signed = sequence(*(part.raw for part in parts[:-1]), signers)
    return sequence(top[0].raw, sequence(kind.raw, cms.encode(0xA0, signed)))


@pytest.mark.parametrize("first", [True, False])
def test_a_true_authoritys_signature_put_beside_a_false_one_dates_nothing(scene: Scene, first: bool) -> None:
    true = next(scene.folder.glob("*.tsr")).read_bytes()
    query = make_query(start_over(scene))
    (scene.folder / "seal.01.tsq").write_bytes(query)
    false = make_reply(query, scene.evil_chain, Way(time=OLD))
    (scene.folder / "seal.01.tsr").write_bytes(with_signer_of(false, true, first=first))
    eve = f"R1.seal/{EVE.public_key.safe_name}.sig"
    assert outcome(scene.judged()) == (
        State.NOT_CHECKED,
        f"consistent with key {EVE.public_key.fingerprint}, signer not known (not among the trusted signers)",
        State.FAILED,
        "seal.01.tsr: 2 signers where a timestamp has one (RFC 3161, 2.4.2)",
        [f"signer-unknown warning {eve}", "stamp-bad error R1.seal/seal.01.tsr"],
    )


def test_signatures_swapped_between_two_trusted_names_are_both_refused(scene: Scene) -> None:
    scene.strip("*.ts?")
    (scene.trust / "allowed_signers").write_text(f"anna {ANNA.public_key.text}\nomar {OMAR.public_key.text}\n")
    scene.sign_as(OMAR, (scene.folder / "seal.json").read_bytes())
    anna, omar = scene.signature, scene.folder / f"{OMAR.public_key.safe_name}.sig"
    assert scene.judged().answers["who"].state is State.PASSED
    first, second = anna.read_bytes(), omar.read_bytes()
    anna.write_bytes(second)
    omar.write_bytes(first)
    found = scene.judged()
    refused = sorted(f"signature-bad error R1.seal/{path.name}" for path in (anna, omar))
    who, why, when, since, findings = outcome(found)
    assert (who, when, since, findings) == (State.FAILED, State.ABSENT, "no timestamp", refused)
    assert why is not None
    assert why.endswith(": its file is named after another key")
    assert [one["state"] for one in found.answers["who"].facts["signers"]] == ["bad", "bad"]  # type: ignore[attr-defined]


def test_the_predecessors_seal_beside_its_successor_speaks_for_neither_signer_nor_time(scene: Scene) -> None:
    """The successor has the same name, identifier, number of files and bytes: its content alone is another."""
    text = PAYLOAD["data/report/text.txt"]
    successor = {**PAYLOAD, "data/report/text.txt": text.swapcase()}
    assert successor != PAYLOAD
    scene.forge_bag(successor)
    assert facts_of(scene.sealed.bag).bag_id == scene.sealed.facts.bag_id
    who, why, when, since, findings = outcome(scene.judged())
    assert (who, when, since) == (State.FAILED, State.FAILED, NOT_ITS_OWN)
    assert why == "it was changed since it was sealed: the signature of anna is over the bag as it was"
    assert findings == ["seal-mismatch error R1.seal/seal.json"]


def test_another_bags_custody_log_is_reported_and_adds_nothing_to_the_seal(scene: Scene) -> None:
    other = custody_log.event("ingestion", NOW, "received from nobody", "success", by="archive-3")
    log = custody_log.CustodyLog(b"", ()).with_event(other, scene.other.facts.log_root)
    custody_log.write_log(scene.other.folder, log)
    assert scene.other.facts.log_root != scene.sealed.facts.log_root
    theirs = verify(scene.other.bag, trust=scene.trust, now=NOW, jobs=1)
    assert [one.code for one in theirs.findings if "custody" in one.code] == []
    shutil.copy(scene.other.folder / "custody.jsonl", scene.folder)
    found = scene.judged()
    (broken,) = [one for one in found.findings if "custody" in one.code]
    assert (broken.code, broken.severity, str(broken.path)) == ("custody-broken", "warning", "R1.seal/custody.jsonl")
    assert (broken.note or "").startswith("R1.seal/custody.jsonl line 1: does not follow on the bag's own events")
    states = {question: answer.state for question, answer in found.answers.items() if question in ("who", "when")}
    assert set(states.values()) == {State.PASSED}, "seal, signature and stamp are the bag's own"


NAMELESS = ["*", "?*", "*@*", "!anna", "!*", "*,!anna", "anna,!anna", "anna,!*", "anna,!an*", "?,!x", "***"]
NAMELESS += ['" "', '"\u3000"', '" anna"', "x\ufeffanna", "\u200banna", "_", "\u2060"]


@pytest.mark.parametrize("principals", NAMELESS)
def test_a_line_of_trust_that_is_everybodys_or_nobodys_makes_no_signer_known(scene: Scene, principals: str) -> None:
    (scene.trust / "allowed_signers").write_text(f"{principals} {ANNA.public_key.text}\n")
    (entry,) = parse((scene.trust / "allowed_signers").read_bytes())
    assert not entry.speaks_for(ANNA.public_key, NAMESPACE)
    why = f"a line has this key in allowed_signers, under {entry.principals!r}, which names nobody"
    assert outcome(scene.judged()) == (
        State.NOT_CHECKED,
        f"consistent with key {ANNA.public_key.fingerprint}; {why}",
        State.PASSED,
        STAMPED,
        [f"signer-unknown warning R1.seal/{scene.signature.name}"],
    )


@pytest.mark.parametrize("principals", ["anna", "anna,!eve", "!eve,anna", "*,anna", "*@ngo.example", "آنا", "a_1"])
def test_a_line_of_trust_that_names_somebody_makes_the_signer_known(scene: Scene, principals: str) -> None:
    (scene.trust / "allowed_signers").write_text(f"{principals} {ANNA.public_key.text}\n")
    known = anna_since("2026-01-26T10:00:01Z").replace("anna", principals, 1)
    assert outcome(scene.judged()) == (State.PASSED, known, State.PASSED, STAMPED, [])


def test_a_stamp_over_another_signature_of_the_same_seal_dates_that_one_alone(scene: Scene) -> None:
    """Eve signed and had it stamped long ago; her token, filed as Anna's, dates nothing of Anna's."""
    scene.strip("*.ts?")
    scene.sign_as(EVE, (scene.folder / "seal.json").read_bytes())
    eve = f"{EVE.public_key.safe_name}.sig"
    scene.stamp(eve, scene.chain, OLD)
    unknown = f"signer-unknown warning R1.seal/{eve}"
    assert outcome(scene.judged()) == (State.PASSED, anna_since(None), State.PASSED, STAMPED, [unknown])
    for path in list(scene.folder.glob(f"{EVE.public_key.safe_name}.01.*")):
        path.rename(path.with_name(path.name.replace(EVE.public_key.safe_name, ANNA.public_key.safe_name)))
    reply = f"{ANNA.public_key.safe_name}.01.tsr"
    assert outcome(scene.judged()) == (
        State.PASSED,
        anna_since(None),
        State.FAILED,
        f"{reply}: it is over other bytes",
        [unknown, f"stamp-bad error R1.seal/{reply}"],
    )


def test_bytes_of_a_false_server_are_reported_as_such_however_well_they_are_sealed(
    tmp_path: Path, scene: Scene, chain: Chain
) -> None:
    """An honest tool, pointed at a false server: whoever sealed what it gave, the conditions stand in the ledger."""
    report = tmp_path / "report.txt"
    report.write_text("One source: https://sn4hr.org/?p=24105 it is.\n")
    with World() as world:
        bag = fetch(report, tmp_path / "F1", settings_for(world, media=False)).bag
    folder = tmp_path / "F1.seal"
    made = SealedBag(bag, folder, facts_of(bag), write_seal(folder, facts_of(bag)))
    later = wall_clock().replace(microsecond=0) + timedelta(minutes=1)
    made.stamp(made.sign(ANNA), chain, time=later)
    found = verify(bag, trust=scene.trust, now=later + timedelta(days=1), jobs=1)
    clock = ["clock-offset warning data/sources.json"]  # the loopback internet has a clock of its own
    proven = iso(later + timedelta(seconds=1))
    stamped = f"not later than {proven}: Loopback Time says {proven}"
    assert outcome(found) == (State.PASSED, anna_since(proven), State.PASSED, stamped, clock)
    warned = [(one.code, one.severity, str(one.path)) for one in found.findings]
    assert warned == [(code, "warning", "data/sources.json") for code in ("clock-offset", "private-trust", "redirected-capture")]
    assert all(one.found for one in found.findings)

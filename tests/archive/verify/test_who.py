"""Who vouches: a name only by trust from outside, judged at the proven time; all else is reported as what it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.ssh import signature
from archive.ssh.allowed_signers import parse
from archive.trust.anchors import Anchors
from archive.verify.result.headline import shown_state
from archive.verify.seal.who import answer_who
from archive_manifests.bounded_findings import MOST
from archive_manifests.findings import Answer, Finding, Severity, State
from tests.world.sealed_bag import SealedBag, file_key, make_sealed_bag
from tests.world.time_authority import NOW, Chain

ANNA, OMAR, EVE = file_key(1), file_key(2), file_key(3)


@pytest.fixture
def sealed(tmp_path: Path) -> SealedBag:
    return make_sealed_bag(tmp_path / "R1")


def trusting(*lines: str, roots: tuple = ()) -> Anchors:  # type: ignore[type-arg]
    return Anchors(parse("".join(f"{line}\n" for line in lines).encode()), roots)


def anna(options: str = "") -> str:
    return f"anna@ngo.example {options}{ANNA.public_key.text}"


def omar() -> str:
    return f"omar@ngo.example {OMAR.public_key.text}"


def requested(sealed: SealedBag, anchors: Anchors | None, now: datetime = NOW) -> tuple[Answer, list[Finding]]:
    return answer_who(sealed.folder, sealed.facts, anchors, now)


def codes(findings: list[Finding]) -> list[tuple[str, Severity]]:
    return [(finding.code, finding.severity) for finding in findings]


def states(answer: Answer) -> list[str]:
    signers = answer.facts["signers"]
    assert isinstance(signers, list)
    return sorted(one["state"] for one in signers)


def test_no_seal_is_absent_with_and_without_trust(tmp_path: Path, sealed: SealedBag) -> None:
    absent = (Answer(State.ABSENT, "no seal"), [])
    for anchors in (None, trusting(anna())):
        assert answer_who(tmp_path / "nothing.seal", sealed.facts, anchors, NOW) == absent


def test_a_folder_with_custody_events_alone_is_no_seal(tmp_path: Path, sealed: SealedBag) -> None:
    folder = tmp_path / "R9.seal"
    folder.mkdir()
    (folder / "custody.jsonl").write_text("{}\n")
    assert answer_who(folder, sealed.facts, None, NOW)[0].state is State.ABSENT


def test_a_seal_that_nobody_signed_is_absent(sealed: SealedBag) -> None:
    answer, findings = requested(sealed, trusting(anna()))
    assert (answer.state, answer.why, findings) == (State.ABSENT, "sealed, and signed by nobody", [])


def test_without_trust_a_good_signature_is_not_checked(sealed: SealedBag) -> None:
    sealed.sign(ANNA)
    answer, findings = requested(sealed, None)
    assert answer.state is State.NOT_CHECKED
    assert answer.why == f"consistent with key {ANNA.public_key.fingerprint}, signer not known (no trust folder was given)"
    assert findings == []


def test_a_key_with_thousands_of_names_is_listed_by_the_first_of_them(sealed: SealedBag) -> None:
    sealed.sign(ANNA)
    answer, _ = requested(sealed, trusting(*(f"anna{number}@ngo.example {ANNA.public_key.text}" for number in range(3000))))
    assert answer.state is State.PASSED and answer.why is not None
    assert "anna9@ngo.example, and 2,990 more" in answer.why
    (signer,) = answer.facts["signers"]  # type: ignore[misc]
    assert len(signer["names"]) == MOST


def test_a_trusted_signer_is_reported_by_name(sealed: SealedBag) -> None:
    name = sealed.sign(ANNA)
    answer, findings = requested(sealed, trusting(anna()))
    assert findings == []
    assert answer == Answer(
        State.PASSED,
        f"anna@ngo.example ({ANNA.public_key.fingerprint}), time of signing unknown",
        {
            "signers": [
                {
                    "file": name,
                    "key": ANNA.public_key.fingerprint,
                    "names": ["anna@ngo.example"],
                    "state": "trusted",
                    "signed_not_later_than": None,
                }
            ]
        },
    )


def test_an_unknown_signer_is_not_checked_and_reported(sealed: SealedBag) -> None:
    sealed.sign(EVE)
    answer, findings = requested(sealed, trusting(anna()))
    assert answer.state is State.NOT_CHECKED
    assert codes(findings) == [("signer-unknown", Severity.WARNING)]


def test_an_unknown_signer_beside_a_trusted_one_is_a_warning(sealed: SealedBag) -> None:
    sealed.sign(ANNA)
    sealed.sign(EVE)
    answer, findings = requested(sealed, trusting(anna()))
    assert (answer.state, states(answer)) == (State.PASSED, ["trusted", "unknown"])
    assert codes(findings) == [("signer-unknown", Severity.WARNING)]


def test_a_strangers_bad_signature_beside_a_trusted_one_is_a_warning(sealed: SealedBag) -> None:
    sealed.sign(ANNA)
    name = sealed.sign(EVE)
    (sealed.folder / name).write_bytes(signature.sign(b"another message", "archive-bag", EVE))
    answer, findings = requested(sealed, trusting(anna()))
    assert (answer.state, states(answer)) == (State.PASSED, ["bad", "trusted"])
    assert codes(findings) == [("signature-bad", Severity.WARNING)]


def test_a_trusted_signers_bad_signature_fails_whatever_is_beside_it(sealed: SealedBag) -> None:
    sealed.sign(ANNA)
    name = sealed.sign(OMAR)
    (sealed.folder / name).write_bytes(signature.sign(b"another message", "archive-bag", OMAR))
    answer, findings = requested(sealed, trusting(anna(), omar()))
    assert answer.state is State.FAILED
    assert answer.why == "omar@ngo.example: the key did not sign these bytes"
    assert codes(findings) == [("signature-bad", Severity.ERROR)]


def test_a_bad_signature_with_none_that_holds_fails_even_without_trust(sealed: SealedBag) -> None:
    name = sealed.sign(EVE)
    (sealed.folder / name).write_bytes(signature.sign(b"another message", "archive-bag", EVE))
    for anchors in (None, trusting(anna())):
        answer, findings = requested(sealed, anchors)
        assert answer.state is State.FAILED
        assert codes(findings) == [("signature-bad", Severity.ERROR)]


def test_a_signature_filed_under_another_keys_name_is_bad(sealed: SealedBag) -> None:
    sealed.sign(EVE)
    evil = next(sealed.folder.glob("*.sig"))
    evil.rename(sealed.folder / f"{ANNA.public_key.safe_name}.sig")
    answer, findings = requested(sealed, trusting(anna()))
    assert answer.state is State.FAILED
    assert findings[0].note == "anna@ngo.example: its file is named after another key"


def test_a_flipped_bit_anywhere_in_the_seal_or_its_signature_is_refused(sealed: SealedBag) -> None:
    name = sealed.sign(ANNA)
    anchors = trusting(anna())
    assert requested(sealed, anchors)[0].state is State.PASSED
    for file, step in ((name, 7), ("seal.json", 41)):  # every bit of either is tried where it is parsed
        content = (sealed.folder / file).read_bytes()
        for position in range(0, len(content) * 8, step):
            flipped = bytearray(content)
            flipped[position // 8] ^= 1 << position % 8
            (sealed.folder / file).write_bytes(bytes(flipped))
            answer, findings = requested(sealed, anchors)
            assert answer.state is State.FAILED, (file, position)
            assert any(finding.severity is Severity.ERROR for finding in findings)
        (sealed.folder / file).write_bytes(content)
    assert requested(sealed, anchors)[0].state is State.PASSED


@pytest.mark.parametrize(
    ("options", "state"),
    [
        ('namespaces="archive-bag" ', State.PASSED),
        ('namespaces="archive-*" ', State.PASSED),
        ('namespaces="file,email" ', State.NOT_CHECKED),
        ("cert-authority ", State.NOT_CHECKED),
        ('valid-after="20260101Z",valid-before="20271231Z" ', State.PASSED),
        ('valid-before="20260101Z" ', State.FAILED),
        ('valid-after="20270101Z" ', State.FAILED),
    ],
)
def test_the_options_of_the_trust_list_decide(sealed: SealedBag, options: str, state: State) -> None:
    sealed.sign(ANNA)
    answer, findings = requested(sealed, trusting(anna(options)))
    assert answer.state is state
    assert (findings == []) is (state is State.PASSED)


def test_a_key_that_was_valid_when_stamped_is_good_though_it_has_ended_since(sealed: SealedBag, chain: Chain) -> None:
    name = sealed.sign(ANNA)
    anchors = trusting(anna('valid-before="202612010000Z" '), roots=(chain.root,))
    later = NOW + timedelta(days=700)
    answer, findings = requested(sealed, anchors, later)
    assert answer.state is State.FAILED
    assert codes(findings) == [("signer-out-of-period", Severity.ERROR)]
    assert "time of signing unknown, so judged as of 2028-10-22T10:00:00Z" in str(findings[0].note)
    sealed.stamp(name, chain, time=NOW)
    answer, findings = requested(sealed, anchors, later)
    assert (answer.state, findings) == (State.PASSED, [])
    assert answer.why is not None
    assert answer.why.endswith("signed not later than 2026-11-22T10:00:01Z")


def test_a_signature_first_stamped_after_its_key_was_given_up_fails(sealed: SealedBag, chain: Chain) -> None:
    """The time of compromise stands as valid-before: who stole the key cannot sign into the past."""
    name = sealed.sign(ANNA)
    sealed.stamp(name, chain, time=NOW)
    anchors = trusting(anna('valid-before="20261101Z" '), roots=(chain.root,))
    answer, findings = requested(sealed, anchors)
    assert answer.state is State.FAILED
    assert findings[0].note == (
        "anna@ngo.example: this key is trusted to 2026-11-01T00:00:00Z; stamped 2026-11-22T10:00:01Z"
    )


def test_a_stamp_from_the_future_proves_no_key_that_is_not_valid_yet(sealed: SealedBag, chain: Chain) -> None:
    name = sealed.sign(file_key(1))
    sealed.stamp(name, chain, time=NOW + timedelta(days=2_000))
    later = (NOW + timedelta(days=1_000)).strftime("%Y%m%dZ")
    answer, findings = requested(sealed, trusting(anna(f'valid-after="{later}" '), roots=(chain.root,)))
    assert answer.state is State.FAILED
    assert codes(findings) == [("signer-out-of-period", Severity.ERROR)]


def test_a_stamp_by_an_untrusted_authority_proves_no_time_of_signing(
    sealed: SealedBag, chain: Chain, other_chain: Chain
) -> None:
    name = sealed.sign(ANNA)
    sealed.stamp(name, other_chain, time=datetime(2026, 6, 1, tzinfo=UTC))
    anchors = trusting(anna('valid-before="20261101Z" '), roots=(chain.root,))
    assert requested(sealed, anchors)[0].state is State.FAILED


def test_a_key_that_has_ended_beside_a_trusted_one_is_a_warning(sealed: SealedBag) -> None:
    sealed.sign(ANNA)
    sealed.sign(OMAR)
    answer, findings = requested(sealed, trusting(anna('valid-before="20200101Z" '), omar()))
    assert answer.state is State.PASSED
    assert codes(findings) == [("signer-out-of-period", Severity.WARNING)]


def test_a_key_on_several_lines_is_good_by_any_of_them(sealed: SealedBag) -> None:
    sealed.sign(ANNA)
    answer, findings = requested(sealed, trusting(anna('valid-before="20200101Z" '), anna('valid-after="20200101Z" ')))
    assert (answer.state, findings) == (State.PASSED, [])


def test_what_does_not_belong_into_a_seal_is_reported(sealed: SealedBag) -> None:
    sealed.sign(ANNA)
    (sealed.folder / "run-me.html").write_text("<script>")
    answer, findings = requested(sealed, trusting(anna()))
    assert answer.state is State.PASSED
    assert codes(findings) == [("seal-unknown-file", Severity.WARNING)]
    assert str(findings[0].path) == "R1.seal/run-me.html"


def test_signatures_without_a_seal_fail(sealed: SealedBag) -> None:
    sealed.sign(ANNA)
    (sealed.folder / "seal.json").unlink()
    answer, findings = requested(sealed, trusting(anna()))
    assert (answer.state, shown_state(answer)) == (State.FAILED, "seal-not-read")
    assert codes(findings) == [("seal-unreadable", Severity.ERROR)]


def test_a_signature_that_cannot_be_read_is_not_called_invalid(sealed: SealedBag) -> None:
    path = sealed.folder / sealed.sign(ANNA)
    path.unlink()
    path.mkdir()
    answer, findings = requested(sealed, trusting(anna()))
    assert (answer.state, shown_state(answer)) == (State.FAILED, "proof-not-read")
    assert ("signature-bad", Severity.ERROR) in codes(findings)


def test_verifying_writes_nothing_and_needs_no_network(sealed: SealedBag, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    sealed.sign(ANNA)
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in sealed.folder.iterdir()}

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("verify opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    assert requested(sealed, trusting(anna()))[0].state is State.PASSED
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in sealed.folder.iterdir()} == before


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (anna('namespaces="file" '), 'anna@ngo.example has this key in allowed_signers, for namespaces="file" alone; add archive-bag there'),
        (anna("cert-authority "), "anna@ngo.example has this key in allowed_signers, as cert-authority, which trusts the keys that"),
        (anna().replace("anna@ngo.example", "*"), "a line has this key in allowed_signers, under '*', which names nobody"),
    ],
)
def test_a_key_that_is_listed_for_something_else_is_said_to_be_listed(sealed: SealedBag, line: str, why: str) -> None:
    sealed.sign(ANNA)
    answer, findings = requested(sealed, trusting(line))
    assert (answer.state, codes(findings)) == (State.NOT_CHECKED, [("signer-unknown", Severity.WARNING)])
    assert why in str(answer.why) and why in str(findings[0].note)
    assert "not among the trusted signers" not in f"{answer.why} {findings[0].note}"
    answer, findings = requested(sealed, trusting(line, anna()))
    assert (answer.state, findings) == (State.PASSED, [])

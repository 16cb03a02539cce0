"""Since when: each authority by name, the earliest proven time, judged at the time each stamp states."""

from __future__ import annotations

import dataclasses
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from msgspec.structs import replace

from archive.seal.stamping import make_renewal
from archive.timestamp.crl import parse_lists
from archive.trust.anchors import Anchors
from archive.trust.seal_folder import write_file
from archive.verify.result.headline import shown_state
from archive.verify.seal.when import answer_when
from archive.words import load
from archive_manifests.findings import Answer, Finding, Severity, State
from tests.archive.timestamp.test_list_issuers import crl
from tests.world.sealed_bag import SealedBag, file_key, make_sealed_bag
from tests.world.time_authority import NOW, Chain, Way, make_chain

YEAR = timedelta(days=365)


@pytest.fixture
def sealed(tmp_path: Path) -> SealedBag:
    made = make_sealed_bag(tmp_path / "R1")
    made.sign(file_key(1))
    return made


def signature(sealed: SealedBag) -> str:
    return next(sealed.folder.glob("*.sig")).name


def requested(sealed: SealedBag, *chains: Chain, now: datetime = NOW) -> tuple[Answer, list[Finding]]:
    anchors = Anchors((), tuple(chain.root for chain in chains)) if chains else None
    return answer_when(sealed.folder, sealed.facts, anchors, now)


def codes(findings: list[Finding]) -> list[tuple[str, Severity]]:
    return [(finding.code, finding.severity) for finding in findings]


def renew(sealed: SealedBag, chain: Chain, time: datetime) -> None:
    renewal = make_renewal(sealed.folder)
    write_file(sealed.folder, renewal.name, renewal.content)
    sealed.stamp(renewal.name, chain, time=time)


def test_no_seal_and_no_stamp_are_absent(tmp_path: Path, sealed: SealedBag, chain: Chain) -> None:
    anchors = Anchors((), (chain.root,))
    nothing = answer_when(tmp_path / "x.seal", sealed.facts, anchors, NOW)
    assert nothing == (Answer(State.ABSENT, "no seal"), [])
    assert requested(sealed, chain) == (Answer(State.ABSENT, "no timestamp"), [])


def test_queries_that_wait_are_reported_and_prove_nothing(sealed: SealedBag, chain: Chain) -> None:
    reply = sealed.stamp(signature(sealed), chain)
    (sealed.folder / reply).unlink()
    assert requested(sealed, chain) == (Answer(State.ABSENT, "no timestamp; queries that wait for an answer: 1"), [])


def test_the_earliest_proven_time_is_reported_with_each_authority_by_name(
    sealed: SealedBag, chain: Chain, rsa_chain: Chain
) -> None:
    sealed.stamp(signature(sealed), chain, time=NOW)
    sealed.stamp(signature(sealed), rsa_chain, Way(time=NOW - timedelta(hours=2), accuracy=None, fraction=".5"))
    answer, findings = requested(sealed, chain, rsa_chain)
    assert findings == []
    assert answer.state is State.PASSED
    assert answer.facts["not_later_than"] == "2026-11-22T08:00:01Z", "a half second is rounded up, never down"
    assert answer.why == (
        "not later than 2026-11-22T08:00:01Z: Loopback Time says 2026-11-22T10:00:01Z;"
        " Loopback Time RSA says 2026-11-22T08:00:01Z"
    )
    stamps = answer.facts["stamps"]
    assert isinstance(stamps, list)
    assert [(one["authority"], one["state"]) for one in stamps] == [
        ("Loopback Time", "trusted"),
        ("Loopback Time RSA", "trusted"),
    ]


def test_an_authority_that_stamped_often_is_reported_once_with_its_earliest_time(sealed: SealedBag, chain: Chain) -> None:
    for days in (2, 5, 1):
        sealed.stamp(signature(sealed), chain, time=NOW - timedelta(days=days))
    answer, _ = requested(sealed, chain)
    assert answer.why == "not later than 2026-11-17T10:00:01Z: Loopback Time says 2026-11-17T10:00:01Z"


def test_without_trust_a_good_stamp_is_not_checked(sealed: SealedBag, chain: Chain) -> None:
    sealed.stamp(signature(sealed), chain)
    answer, findings = requested(sealed)
    assert (answer.state, findings) == (State.NOT_CHECKED, [])
    assert answer.why == "Loopback Time says 2026-11-22T10:00:01Z; authority not known (no trust folder was given)"
    assert "not_later_than" not in answer.facts


def test_an_authority_of_another_root_with_the_same_name_is_not_believed(
    sealed: SealedBag, chain: Chain, other_chain: Chain
) -> None:
    sealed.stamp(signature(sealed), other_chain, time=NOW - YEAR / 2)
    answer, findings = requested(sealed, chain)
    assert answer.state is State.NOT_CHECKED
    assert codes(findings) == [("stamp-authority-unknown", Severity.WARNING)]
    sealed.stamp(signature(sealed), chain, time=NOW)
    answer, findings = requested(sealed, chain)
    assert (answer.state, answer.facts["not_later_than"]) == (State.PASSED, "2026-11-22T10:00:01Z")
    assert codes(findings) == [("stamp-authority-unknown", Severity.WARNING)]


@pytest.mark.parametrize(
    "way",
    [
        Way(imprint=bytes(32)),
        Way(nonce=1),
        Way(bound_to=b"x"),
        Way(digest_over=b"x"),
        Way(status=2),
        Way(certificates=()),
        Way(time=NOW + 20 * YEAR),
    ],
)
def test_a_stamp_that_does_not_hold_fails_alone_and_warns_beside_a_good_one(
    sealed: SealedBag, chain: Chain, way: Way
) -> None:
    sealed.stamp(signature(sealed), chain, way)
    for chains in ((chain,), ()):
        answer, findings = requested(sealed, *chains)
        assert answer.state is State.FAILED
        assert codes(findings) == [("stamp-bad", Severity.ERROR)]
        assert answer.why == findings[0].note
    sealed.stamp(signature(sealed), chain)
    answer, findings = requested(sealed, chain)
    assert answer.state is State.PASSED
    assert codes(findings) == [("stamp-bad", Severity.WARNING)]


def test_a_stamp_without_its_query_counts_all_the_same(sealed: SealedBag, chain: Chain) -> None:
    reply = sealed.stamp(signature(sealed), chain)
    (sealed.folder / reply.replace(".tsr", ".tsq")).unlink()
    answer, findings = requested(sealed, chain)
    assert (answer.state, findings) == (State.PASSED, [])


@pytest.mark.parametrize(
    ("lacks", "shown"),
    [("seal.json", "seal-not-read"), ("*.sig", "proof-not-read"), ("another", "seal-of-another-bag"), ("", "passed")],
)
def test_a_stamp_that_could_not_be_checked_is_not_called_invalid(
    lacks: str, shown: str, sealed: SealedBag, chain: Chain
) -> None:
    sealed.stamp(signature(sealed), chain)
    for path in sealed.folder.glob(lacks or "none"):
        path.unlink()
    facts = replace(sealed.facts, bag_id="urn:uuid:another") if lacks == "another" else sealed.facts
    anchors = Anchors((), (chain.root,))
    given, _ = answer_when(sealed.folder, facts, anchors, NOW)
    assert (given.state, shown_state(given)) == (State.FAILED if lacks else State.PASSED, shown)
    said = [load(language).sentence(f"cli.signed.when_{shown}") for language in ("en", "fr", "es")]
    assert not any(word in text for text in said for word in ("NOT", "PAS", "NO "))


def test_a_stamp_over_the_seal_itself_counts_without_any_signature(tmp_path: Path, chain: Chain) -> None:
    sealed = make_sealed_bag(tmp_path / "R1")
    sealed.stamp("seal.json", chain)
    answer, findings = requested(sealed, chain)
    assert (answer.state, findings) == (State.PASSED, [])


def test_a_stamp_over_a_signature_that_does_not_hold_proves_nothing(sealed: SealedBag, chain: Chain) -> None:
    path = sealed.folder / signature(sealed)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    sealed.stamp(path.name, chain)
    answer, findings = requested(sealed, chain)
    assert answer.state is State.FAILED
    assert codes(findings) == [("stamp-unbound", Severity.ERROR)]


def test_stamps_of_another_bags_seal_do_not_speak_for_this_one(tmp_path: Path, sealed: SealedBag, chain: Chain) -> None:
    sealed.stamp(signature(sealed), chain)
    other = make_sealed_bag(tmp_path / "R2", {"data/x": b"forged"})
    answer, findings = answer_when(sealed.folder, other.facts, Anchors((), (chain.root,)), NOW)
    assert (answer, findings) == (Answer(State.FAILED, "the seal is another bag's"), [])


def test_a_renewal_without_a_timestamp_is_reported_whether_others_are_there_or_not(
    sealed: SealedBag, chain: Chain
) -> None:
    (sealed.folder / "renewal-01.txt").write_bytes(b"whatever")
    answer, findings = requested(sealed, chain)
    assert (answer.state, [code for code, _ in codes(findings)]) == (State.ABSENT, ["renewal-unstamped"])
    sealed.stamp(signature(sealed), chain)
    answer, findings = requested(sealed, chain)
    assert (answer.state, [code for code, _ in codes(findings)]) == (State.PASSED, ["renewal-unstamped"])


def test_a_stranger_cannot_spoil_it_by_adding_files(sealed: SealedBag, chain: Chain) -> None:
    sealed.stamp(signature(sealed), chain)
    (sealed.folder / f"SHA256-{'z' * 43}.01.tsr").write_bytes(b"junk")
    (sealed.folder / "renewal-09.01.tsr").write_bytes(b"junk")
    (sealed.folder / "renewal-08.txt").write_bytes(b"junk")
    answer, findings = requested(sealed, chain)
    assert answer.state is State.PASSED
    assert {code for code, severity in codes(findings) if severity is Severity.ERROR} == set()
    assert [code for code, _ in codes(findings)] == ["stamp-bad", "stamp-bad", "renewal-unstamped"]


@pytest.mark.parametrize(
    ("years", "code"),
    [(0, []), (1, ["stamp-renewal-due"]), (5, ["stamp-certificate-ended"]), (20, ["stamp-certificate-ended"])],
)
def test_without_renewal_a_stamp_still_counts_and_its_end_is_reported(
    sealed: SealedBag, years: int, code: list[str]
) -> None:
    chain = make_chain(ends=NOW + YEAR + timedelta(days=90))
    sealed.stamp(signature(sealed), chain, time=NOW)
    answer, findings = requested(sealed, chain, now=NOW + years * YEAR)
    assert (answer.state, answer.facts["not_later_than"]) == (State.PASSED, "2026-11-22T10:00:01Z")
    assert codes(findings) == [(one, Severity.WARNING) for one in code]


def test_180_days_before_the_end_is_when_renewal_is_due(sealed: SealedBag) -> None:
    ends = NOW + YEAR
    chain = make_chain(ends=ends)
    sealed.stamp(signature(sealed), chain, time=NOW)
    assert requested(sealed, chain, now=ends - timedelta(days=181))[1] == []
    assert [code for code, _ in codes(requested(sealed, chain, now=ends - timedelta(days=180))[1])] == ["stamp-renewal-due"]


@pytest.mark.parametrize("years", [1, 5, 20])
def test_renewed_in_time_a_stamp_counts_for_ever(sealed: SealedBag, years: int) -> None:
    first = make_chain(name="First", ends=NOW + YEAR)
    sealed.stamp(signature(sealed), first, time=NOW)
    chains = [first]
    for year in range(1, years + 1):
        at = NOW + (year - 0.2) * YEAR
        chains.append(make_chain(name=f"Year {year}", begins=at - timedelta(days=9), ends=at + 1.5 * YEAR))
        renew(sealed, chains[-1], at)
    answer, findings = requested(sealed, *chains, now=NOW + years * YEAR)
    assert (answer.state, findings) == (State.PASSED, [])
    assert answer.facts["not_later_than"] == "2026-11-22T10:00:01Z"


def test_a_renewal_that_came_too_late_does_not_renew(sealed: SealedBag) -> None:
    first = make_chain(name="First", ends=NOW + YEAR)
    second = make_chain(name="Second", ends=NOW + 9 * YEAR)
    sealed.stamp(signature(sealed), first, time=NOW)
    renew(sealed, second, NOW + 2 * YEAR)
    answer, findings = requested(sealed, first, second, now=NOW + 3 * YEAR)
    assert answer.state is State.PASSED
    assert codes(findings) == [("stamp-certificate-ended", Severity.WARNING)]


def test_a_renewal_by_an_unknown_authority_does_not_renew(sealed: SealedBag) -> None:
    first = make_chain(name="First", ends=NOW + YEAR)
    sealed.stamp(signature(sealed), first, time=NOW)
    renew(sealed, make_chain(name="Nobody", ends=NOW + 9 * YEAR), NOW + YEAR / 2)
    _, findings = requested(sealed, first, now=NOW + 3 * YEAR)
    assert [code for code, _ in codes(findings)] == ["stamp-authority-unknown", "stamp-certificate-ended"]


def test_a_renewal_alone_proves_its_own_time_once_the_first_root_is_trusted_no_more(sealed: SealedBag) -> None:
    first, second = make_chain(name="First"), make_chain(name="Second")
    sealed.stamp(signature(sealed), first, time=NOW)
    renew(sealed, second, NOW + YEAR)
    answer, findings = requested(sealed, second, now=NOW + YEAR)
    assert (answer.state, answer.facts["not_later_than"]) == (State.PASSED, "2027-11-22T10:00:01Z")
    assert codes(findings) == [("stamp-authority-unknown", Severity.WARNING)]


def test_a_file_that_changed_after_a_renewal_is_reported_once(sealed: SealedBag, chain: Chain) -> None:
    reply = sealed.stamp(signature(sealed), chain)
    renew(sealed, chain, NOW)
    renew(sealed, chain, NOW)
    path = sealed.folder / reply
    content = bytearray(path.read_bytes())
    root = chain.root.public_bytes(__import__("cryptography").hazmat.primitives.serialization.Encoding.DER)
    content[content.rfind(root[-40:]) + 20] ^= 1
    path.write_bytes(bytes(content))
    answer, findings = requested(sealed, chain)
    assert answer.state is State.PASSED, "the root that a reply carries is not what vouches for it"
    assert codes(findings) == [("renewal-mismatch", Severity.WARNING)]
    assert findings[0].path is not None
    assert findings[0].path.text == f"R1.seal/{reply}"


def test_a_file_that_is_gone_after_a_renewal_is_reported(sealed: SealedBag, chain: Chain) -> None:
    retained, gone = sealed.stamp(signature(sealed), chain), sealed.stamp(signature(sealed), chain)
    renew(sealed, chain, NOW)
    (sealed.folder / gone).unlink()
    answer, findings = requested(sealed, chain)
    assert answer.state is State.PASSED, f"{retained} is still there"
    mismatches = [found for found in findings if found.code == "renewal-mismatch"]
    assert [(str(found.path), found.severity) for found in mismatches] == [(f"R1.seal/{gone}", Severity.WARNING)]
    assert mismatches[0].found == "No such file or directory"


def test_more_stamps_than_are_looked_at_are_reported(
    sealed: SealedBag, chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.trust.proofs.MOST_STAMPS", 2)
    for _ in range(3):
        sealed.stamp(signature(sealed), chain)
    answer, findings = requested(sealed, chain)
    assert answer.state is State.PASSED
    assert codes(findings) == [("stamp-unread", Severity.WARNING)]


def test_a_certificate_that_ended_long_ago_is_judged_at_the_time_of_the_stamp(sealed: SealedBag) -> None:
    begins = datetime(2010, 1, 1, tzinfo=UTC)
    old = make_chain(begins=begins, ends=begins + YEAR)
    sealed.stamp(signature(sealed), old, time=begins + YEAR / 2)
    answer, _ = requested(sealed, old)
    assert (answer.state, answer.facts["not_later_than"]) == (State.PASSED, "2010-07-02T12:00:01Z")


def test_a_pipe_in_place_of_a_reply_blocks_nothing(sealed: SealedBag, chain: Chain) -> None:
    import os

    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes on this machine")
    os.mkfifo(sealed.folder / f"{signature(sealed)[:-4]}.01.tsr")
    answer, findings = requested(sealed, chain)
    assert answer.state is State.FAILED
    assert codes(findings) == [("stamp-bad", Severity.ERROR)]


@pytest.mark.parametrize("is_signer", [False, True], ids=["carried along", "the authority's own"])
def test_odd_names_in_certificates_print_nothing(sealed: SealedBag, chain: Chain, *, is_signer: bool) -> None:
    """A country of more than two letters, compared with the issuer of a revocation list."""
    as_country = chain.leaf.public_bytes(Encoding.DER).replace(b"\x06\x03\x55\x04\x03", b"\x06\x03\x55\x04\x06")
    odd = x509.load_der_x509_certificate(as_country)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        carried = (odd,) if is_signer else (chain.leaf, chain.issuing, chain.root, odd)
        sealed.stamp(signature(sealed), dataclasses.replace(chain, leaf=odd) if is_signer else chain, Way(certificates=carried))
    lists = parse_lists(crl(chain.issuing, chain.issuing_key).public_bytes(Encoding.DER), "x.crl")
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        answer, _ = answer_when(sealed.folder, sealed.facts, Anchors((), (chain.root,), crls=lists), NOW)
    assert answer.state is (State.NOT_CHECKED if is_signer else State.PASSED)
    assert [str(one.message) for one in seen] == []

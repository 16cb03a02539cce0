"""Getting stamps: from authorities that behave, from all that do not, and over a stick from another machine."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from msgspec.structs import replace

from archive.errors import UsageProblem
from archive.net import ClientSettings, HttpClient
from archive.seal.stamping import Attempt, find_targets, import_replies, make_renewal, queue, stamp, waiting_queries
from archive.timestamp.authority import patient_limits
from archive.timestamp.crl import parse_lists
from archive.timestamp.token import check_answers, check_covers, read_query, read_reply
from archive.trust.anchors import Anchors
from archive.trust.seal_folder import SealUnwritable, list_folder
from tests.archive.timestamp.test_against_openssl import DAY
from tests.archive.timestamp.test_list_issuers import R, crl
from tests.world.sealed_bag import SealedBag, file_key, make_sealed_bag
from tests.world.time_authority import (
    NEEDS_OPENSSL,
    NOW,
    OPENSSL,
    Chain,
    OpensslAuthority,
    Way,
    by_hand,
    make_chain,
    make_reply,
    openssl_verifies,
    serve,
    wall_clock,
)


@pytest.fixture
def sealed(tmp_path: Path) -> SealedBag:
    made = make_sealed_bag(tmp_path / "R210517")
    made.sign(file_key(1))
    return made


@pytest.fixture
def wire() -> Iterator[HttpClient]:
    limits = replace(patient_limits(), head=1.0, stall=1.0, whole=2.0)
    made = HttpClient(ClientSettings(limits=limits, allow_private=True))
    yield made
    made.close()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def stamped(sealed: SealedBag, urls: Sequence[str], wire: HttpClient, chain: Chain | None = None) -> list[Attempt]:
    targets = find_targets(sealed.folder, sealed.content)
    return stamp(sealed.folder, targets, urls, wire, NOW, Anchors(roots=(chain.root,)) if chain else None)


def test_a_reply_is_stored_whole_beside_its_query(sealed: SealedBag, wire: HttpClient, chain: Chain) -> None:
    with serve(by_hand(chain)) as authority:
        (attempt,) = stamped(sealed, [authority.url], wire, chain)
    signature = next(sealed.folder.glob("*.sig")).name
    stem = signature.removesuffix(".sig")
    assert attempt.problem is None
    assert attempt.stored == f"{stem}.01.tsr"
    assert attempt.is_trusted is True
    assert (sealed.folder / f"{stem}.01.tsq").read_bytes() == authority.queries[0]
    found = read_reply((sealed.folder / f"{stem}.01.tsr").read_bytes())
    check_covers(found, (sealed.folder / signature).read_bytes())
    check_answers(found, read_query(authority.queries[0]))


@pytest.mark.skipif(OPENSSL is None, reason=NEEDS_OPENSSL)
@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_an_authority_of_openssl_is_requested_and_openssl_verifies_what_is_stored(
    kind: str, sealed: SealedBag, wire: HttpClient, chain: Chain, rsa_chain: Chain, tmp_path: Path
) -> None:
    requested = rsa_chain if kind == "rsa" else chain
    with serve(OpensslAuthority(tmp_path / "ts", requested)) as authority:
        (attempt,) = stamped(sealed, [authority.url], wire, requested)
    assert attempt.problem is None
    assert attempt.stored is not None
    reply = (sealed.folder / attempt.stored).read_bytes()
    signature = (sealed.folder / attempt.over).read_bytes()
    assert openssl_verifies(tmp_path / "check", requested.root, reply, signature, wall_clock())


def test_several_authorities_and_signers_each_get_their_own_stamp(
    sealed: SealedBag, wire: HttpClient, chain: Chain, other_chain: Chain
) -> None:
    sealed.sign(file_key(2))
    with serve(by_hand(chain)) as one, serve(by_hand(other_chain)) as other:
        attempts = stamped(sealed, [one.url, other.url], wire)
        again = stamped(sealed, [one.url], wire)
    assert [attempt.problem for attempt in attempts + again] == [None] * 6
    stored = [attempt.stored for attempt in attempts + again]
    assert len(set(stored)) == 6, "stamping again adds, never replaces"
    assert sorted(str(name)[-6:] for name in stored) == ["01.tsr"] * 2 + ["02.tsr"] * 2 + ["03.tsr"] * 2


@pytest.mark.parametrize(
    ("mode", "observed"),
    [
        ("html", "responded with text/html, a page for people"),
        ("error", "responded with 500"),
        ("huge", "larger than 65,536 bytes"),
        ("slow", "no complete head within"),
        ("drip", "no complete head within"),
        ("redirect", "responded with 302 and leads elsewhere, which is not followed"),
        ("cut", "its response was cut"),
    ],
)
def test_an_authority_that_misbehaves_is_reported_and_nothing_is_stored(
    sealed: SealedBag, wire: HttpClient, chain: Chain, mode: str, observed: str
) -> None:
    before = names(sealed.folder)
    with serve(by_hand(chain), mode) as authority:
        (attempt,) = stamped(sealed, [authority.url], wire, chain)
        assert len(authority.queries) == 1, "and asked once, nowhere else"
    assert observed in (attempt.problem or "")
    assert names(sealed.folder) == before


@pytest.mark.parametrize(
    ("way", "observed"),
    [
        (Way(nonce=1), "answers another query"),
        (Way(imprint=bytes(32)), "over other bytes"),
        (Way(status=2), "the authority refused"),
        (Way(time=NOW + timedelta(days=9000)), "when its certificate was not valid"),
        (Way(bound_to=b"x"), "names another certificate"),
    ],
)
def test_a_reply_that_does_not_hold_is_reported_and_not_stored(
    sealed: SealedBag, wire: HttpClient, chain: Chain, way: Way, observed: str
) -> None:
    before = names(sealed.folder)
    with serve(by_hand(chain, way)) as authority:
        (attempt,) = stamped(sealed, [authority.url], wire)
    assert observed in (attempt.problem or "")
    assert names(sealed.folder) == before


def test_a_reply_to_an_earlier_query_is_not_stored(sealed: SealedBag, wire: HttpClient, chain: Chain) -> None:
    replayed: list[bytes] = []

    def answer(query: bytes) -> bytes:
        replayed.append(make_reply(query, chain))
        return replayed[0]

    with serve(answer) as authority:
        first, second = stamped(sealed, [authority.url, authority.url], wire)
    assert first.problem is None
    assert "answers another query" in (second.problem or "")


def test_with_roots_an_authority_of_another_root_is_refused(
    sealed: SealedBag, wire: HttpClient, chain: Chain, other_chain: Chain
) -> None:
    before = names(sealed.folder)
    with serve(by_hand(other_chain)) as authority:
        (attempt,) = stamped(sealed, [authority.url], wire, chain)
        assert "leads to none of the trusted roots" in (attempt.problem or "")
        assert names(sealed.folder) == before
        (unjudged,) = stamped(sealed, [authority.url], wire)
    assert (unjudged.problem, unjudged.is_trusted) == (None, None)


def test_one_that_fails_keeps_no_other_from_being_requested(sealed: SealedBag, wire: HttpClient, chain: Chain) -> None:
    with serve(by_hand(chain), "error") as broken, serve(by_hand(chain)) as sound:
        gone = "http://127.0.0.1:1/"
        attempts = stamped(sealed, [gone, broken.url, sound.url], wire, chain)
    assert [attempt.problem is None for attempt in attempts] == [False, False, True]
    assert attempts[2].stored is not None
    assert attempts[2].stored.endswith(".01.tsr")


@pytest.mark.parametrize("url", ["ftp://tsa.example/", "file:///etc/passwd", "http://user:secret@tsa.example/"])
def test_what_is_no_authoritys_address_is_wrong_usage_before_anybody_is_requested(
    sealed: SealedBag, wire: HttpClient, chain: Chain, url: str
) -> None:
    with serve(by_hand(chain)) as authority:
        with pytest.raises(UsageProblem) as caught:
            stamped(sealed, [authority.url, url], wire)
        assert authority.queries == []
    assert "secret" not in str(caught.value)


def test_a_private_address_is_not_requested_unless_allowed(sealed: SealedBag, chain: Chain) -> None:
    wire = HttpClient(ClientSettings(limits=patient_limits()))
    with serve(by_hand(chain)) as authority:
        (attempt,) = stamped(sealed, [authority.url], wire)
        assert authority.queries == []
    wire.close()
    assert "loopback" in (attempt.problem or "")


def test_a_signature_that_does_not_hold_is_not_stamped(sealed: SealedBag) -> None:
    good = names(sealed.folder)[0]
    (sealed.folder / f"SHA256-{'A' * 43}.sig").write_bytes((sealed.folder / good).read_bytes())
    assert [target.name for target in find_targets(sealed.folder, sealed.content)] == [good]


def test_without_any_signature_the_seal_itself_is_stamped(tmp_path: Path, wire: HttpClient, chain: Chain) -> None:
    sealed = make_sealed_bag(tmp_path / "R1")
    with serve(by_hand(chain)) as authority:
        (attempt,) = stamped(sealed, [authority.url], wire, chain)
    assert (attempt.over, attempt.stored) == ("seal.json", "seal.01.tsr")


def answered(folder: Path, query: str, chain: Chain, way: Way | None = None) -> bytes:
    return make_reply((folder / query).read_bytes(), chain, way or Way())


def test_a_queue_goes_out_and_its_answers_come_back_under_any_name(
    sealed: SealedBag, chain: Chain, other_chain: Chain
) -> None:
    sealed.sign(file_key(2))
    targets = find_targets(sealed.folder, sealed.content)
    queries = queue(sealed.folder, targets, copies=2)
    assert len(queries) == len(set(queries)) == 4
    assert waiting_queries(sealed.folder) == queries
    assert queue(sealed.folder, targets, copies=2) == queries, "what waits is used again"
    replies = [(f"/media/stick/{n}.bin", answered(sealed.folder, name, chain)) for n, name in enumerate(queries)]
    attempts = import_replies(sealed.folder, list(reversed(replies)), NOW, Anchors(roots=(chain.root,)))
    assert [attempt.stored for attempt in reversed(attempts)] == [f"{name[:-4]}.tsr" for name in queries]
    assert waiting_queries(sealed.folder) == []
    (again,) = import_replies(sealed.folder, replies[:1], NOW)
    assert "imported already" in (again.problem or "")


@pytest.mark.parametrize(
    ("broken", "observed"),
    [
        (lambda folder, query, chain, other: answered(folder, query, other), "leads to none of the trusted roots"),
        (
            lambda folder, query, chain, other: answered(folder, query, chain, Way(nonce=5)),
            "answers none of the",
        ),
        (lambda folder, query, chain, other: b"<html>", "not a timestamp reply"),
        (lambda folder, query, chain, other: bytes(65537), "larger than 65,536 bytes"),
    ],
)
def test_an_answer_that_does_not_fit_is_reported_and_not_stored(
    sealed: SealedBag, chain: Chain, other_chain: Chain, broken: Callable[..., bytes], observed: str
) -> None:
    (query,) = queue(sealed.folder, find_targets(sealed.folder, sealed.content))
    before = names(sealed.folder)
    reply = broken(sealed.folder, query, chain, other_chain)
    (attempt,) = import_replies(sealed.folder, [("answer.tsr", reply)], NOW, Anchors(roots=(chain.root,)))
    assert observed in (attempt.problem or "")
    assert names(sealed.folder) == before


def test_an_answer_over_a_file_that_changed_since_is_not_stored(sealed: SealedBag, chain: Chain) -> None:
    (query,) = queue(sealed.folder, find_targets(sealed.folder, sealed.content))
    reply = answered(sealed.folder, query, chain)
    signature = next(sealed.folder.glob("*.sig"))
    signature.write_bytes(signature.read_bytes() + b"\n")
    (attempt,) = import_replies(sealed.folder, [("answer.tsr", reply)], NOW)
    assert "over other bytes" in (attempt.problem or "")


def test_a_renewal_lists_all_there_is_in_the_format_of_sha512sum(
    sealed: SealedBag, wire: HttpClient, chain: Chain, tmp_path: Path
) -> None:
    stamped_name = sealed.stamp(next(sealed.folder.glob("*.sig")).name, chain)
    (sealed.folder / "statement.html").write_text("not proof")
    renewal = make_renewal(sealed.folder)
    assert renewal.name == "renewal-01.txt"
    assert not (sealed.folder / renewal.name).exists(), "not written until it is stamped"
    with serve(by_hand(chain)) as authority:
        (attempt,) = stamp(sealed.folder, [renewal], [authority.url], wire, NOW, Anchors(roots=(chain.root,)))
    assert attempt.stored == "renewal-01.01.tsr"
    listed = [line.split("  ")[1] for line in (sealed.folder / renewal.name).read_text().splitlines()]
    signature = next(sealed.folder.glob("*.sig")).name
    assert listed == sorted(["seal.json", signature, stamped_name, stamped_name.replace("tsr", "tsq")])
    if shutil.which("sha512sum"):
        subprocess.run(
            ["sha512sum", "-c", "--strict", renewal.name], cwd=sealed.folder, check=True, capture_output=True
        )
    second = make_renewal(sealed.folder)
    assert second.name == "renewal-02.txt"
    assert b"renewal-01.txt\n" in second.content
    assert b"renewal-01.01.tsr\n" in second.content
    digest = hashlib.sha512((sealed.folder / "renewal-01.txt").read_bytes()).hexdigest()
    assert f"{digest}  renewal-01.txt\n".encode() in second.content


def test_a_renewal_that_no_authority_stamps_leaves_nothing_behind(sealed: SealedBag, wire: HttpClient, chain: Chain) -> None:
    before = names(sealed.folder)
    with serve(by_hand(chain), "error") as authority:
        (attempt,) = stamp(sealed.folder, [make_renewal(sealed.folder)], [authority.url], wire, NOW)
    assert attempt.problem is not None
    assert names(sealed.folder) == before


def test_a_queued_renewal_is_written_with_its_query_and_listed_as_it_was(sealed: SealedBag, chain: Chain) -> None:
    renewal = make_renewal(sealed.folder)
    (query,) = queue(sealed.folder, [renewal])
    assert query == "renewal-01.01.tsq"
    (attempt,) = import_replies(sealed.folder, [("x", answered(sealed.folder, query, chain))], NOW, Anchors(roots=(chain.root,)))
    assert (attempt.over, attempt.stored) == ("renewal-01.txt", "renewal-01.01.tsr")
    assert (sealed.folder / "renewal-01.txt").read_bytes() == renewal.content


def test_nothing_sealed_is_nothing_to_renew(tmp_path: Path) -> None:
    (tmp_path / "x.seal").mkdir()
    with pytest.raises(SealUnwritable, match="nothing to renew"):
        make_renewal(tmp_path / "x.seal")


def test_the_end_of_the_certificates_is_reported_with_each_stamp(sealed: SealedBag, wire: HttpClient) -> None:
    ends = NOW + timedelta(days=100)
    soon = make_chain(ends=ends)
    with serve(by_hand(soon)) as authority:
        (attempt,) = stamped(sealed, [authority.url], wire, soon)
    assert attempt.ends == ends
    listing = list_folder(sealed.folder)
    assert listing is not None
    assert listing.unknown == ()


def test_an_authority_is_judged_as_of_the_time_of_the_order(sealed: SealedBag, chain: Chain) -> None:
    """A hold that a later list lifts: on the day before that list is out, its authority is not used."""
    hold = crl(chain.issuing, chain.issuing_key, chain.leaf.serial_number, reason=R.certificate_hold, issued=NOW - DAY)
    lifted = crl(chain.issuing, chain.issuing_key, issued=NOW + DAY, number=2)
    lists = tuple(one for each in (hold, lifted) for one in parse_lists(each.public_bytes(Encoding.DER), "x.crl"))
    anchors = Anchors(roots=(chain.root,), crls=lists)
    queue(sealed.folder, find_targets(sealed.folder, sealed.content))
    (query,) = [(sealed.folder / name).read_bytes() for name in waiting_queries(sealed.folder)]
    reply = [("answer.tsr", make_reply(query, chain))]
    (refused,) = import_replies(sealed.folder, reply, NOW, anchors)
    assert refused.problem is not None
    assert "revoked" in refused.problem
    (stored,) = import_replies(sealed.folder, reply, NOW + 2 * DAY, anchors)
    assert (stored.problem, stored.is_trusted) == (None, True)

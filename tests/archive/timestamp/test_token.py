"""Timestamps: what a reply says, whom it is from, and every way in which it can lie."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from archive.errors import StatementError
from archive.timestamp import cms
from archive.timestamp.chains import is_vouched_for, judge_authority
from archive.timestamp.cms import BrokenToken, take_apart
from archive.timestamp.token import (
    Query,
    Stamp,
    check_answers,
    check_covers,
    make_query,
    read_query,
    read_reply,
)
from tests.world.time_authority import (
    NEEDS_OPENSSL,
    NOW,
    OPENSSL,
    Chain,
    OpensslAuthority,
    Way,
    certify,
    integer,
    make_chain,
    make_reply,
    new_key,
    openssl_verifies,
    sequence,
    wall_clock,
)

DATA = b"the bytes of a signature file\n"
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason=NEEDS_OPENSSL)


def judged(reply: bytes, chain: Chain, query: bytes | None = None, data: bytes = DATA) -> str:
    """`trusted`, `unknown`, or why the reply is refused."""
    try:
        stamp = read_reply(reply)
        check_covers(stamp, data)
        if query is not None:
            check_answers(stamp, read_query(query))
    except BrokenToken as error:
        return str(error)
    return "trusted" if is_vouched_for(stamp, [chain.root]) else "unknown"


def described(stamp: Stamp) -> tuple[object, ...]:
    return stamp.time, stamp.accuracy, stamp.imprint, stamp.nonce, stamp.serial, stamp.policy, stamp.authority


def test_a_reply_says_when_by_whom_and_how_sure(chain: Chain) -> None:
    query = make_query(DATA)
    reply = make_reply(query, chain)
    stamp = read_reply(reply)
    assert judged(reply, chain, query) == "trusted"
    assert stamp.time == NOW
    assert stamp.accuracy == timedelta(seconds=1)
    assert stamp.not_later_than == NOW + timedelta(seconds=1)
    assert stamp.authority == "Loopback Time"
    assert judge_authority(stamp, [chain.root]).ends == chain.leaf.not_valid_after_utc


def test_a_query_requests_sha256_with_a_nonce_and_certificates_and_never_repeats() -> None:
    one, other = make_query(DATA), make_query(DATA)
    parts = cms.read(one).children
    assert read_query(one).imprint == read_query(other).imprint
    assert read_query(one).nonce != read_query(other).nonce
    assert parts[-1].raw == b"\x01\x01\xff", "certReq"


def test_a_reply_over_the_right_bytes_does_not_answer_a_query_over_others(chain: Chain) -> None:
    stamp = read_reply(make_reply(make_query(DATA), chain))
    with pytest.raises(BrokenToken, match="a query over other bytes"):
        check_answers(stamp, Query(bytes(32), stamp.nonce))
    check_answers(stamp, Query(stamp.imprint, stamp.nonce))


@pytest.mark.parametrize("content", [b"", b"\x30\x00", b"0\x80\0\0", b"<html>", b"\x30\x03\x02\x01\x01"])
def test_what_is_no_query_is_reported(content: bytes) -> None:
    with pytest.raises(StatementError, match="not a timestamp query"):
        read_query(content)


@needs_openssl
@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_reply_of_openssl_is_read_though_its_certificates_are_in_no_order(
    kind: str, tmp_path: Path, chain: Chain, rsa_chain: Chain
) -> None:
    requested = rsa_chain if kind == "rsa" else chain
    query = make_query(DATA)
    reply = OpensslAuthority(tmp_path, dataclasses.replace(requested))(query)
    stamp = read_reply(reply)
    assert judged(reply, requested, query) == "trusted"
    assert abs(stamp.time - wall_clock()) < timedelta(minutes=5)


def test_certificates_in_any_order_are_the_same_reply(chain: Chain) -> None:
    query = make_query(DATA)
    for is_sorted in (True, False):
        assert judged(make_reply(query, chain, Way(sort_certificates=is_sorted)), chain, query) == "trusted"
    from rfc3161_client import decode_timestamp_response

    with pytest.raises(ValueError, match="InvalidSetOrdering"):
        decode_timestamp_response(make_reply(query, chain, Way(sort_certificates=False)))


@needs_openssl
@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_openssl_verifies_what_we_verify(kind: str, tmp_path: Path, chain: Chain, rsa_chain: Chain) -> None:
    requested = rsa_chain if kind == "rsa" else chain
    reply = make_reply(make_query(DATA), requested)
    assert openssl_verifies(tmp_path, requested.root, reply, DATA, NOW)
    assert not openssl_verifies(tmp_path, requested.root, reply, DATA + b" ", NOW)
    assert not openssl_verifies(tmp_path, make_chain().root, reply, DATA, NOW)


@pytest.mark.parametrize(
    ("way", "observed"),
    [
        (Way(imprint=bytes(32)), "over other bytes"),
        (Way(nonce=7), "its nonce is another"),
        (Way(status=2), "the authority refused (status 2"),
        (Way(status=1), "the authority refused (status 1"),
        (Way(bound_to=b"another certificate"), "its signature names another certificate"),
        (Way(digest_over=b"another TSTInfo"), "its signature is over another timestamp"),
        (Way(key=new_key("ec")), "the certificate's key did not sign it"),
        (Way(certificates=()), "does not carry the certificate that signed it"),
        (Way(hash_oid="1.3.14.3.2.26"), "too weak"),
        (Way(time=NOW - timedelta(days=400)), "when its certificate was not valid"),
        (Way(time=NOW + timedelta(days=20 * 365)), "when its certificate was not valid"),
    ],
)
def test_every_way_to_lie_is_distinguished(chain: Chain, way: Way, observed: str) -> None:
    query = make_query(DATA)
    assert observed in judged(make_reply(query, chain, way), chain, query)


def test_a_refusal_keeps_the_authoritys_own_words(chain: Chain) -> None:
    assert "حدث خطأ" in judged(make_reply(make_query(DATA), chain, Way(status=2)), chain)


@pytest.mark.parametrize(
    ("usages", "critical"),
    [
        ((), True),
        ((ExtendedKeyUsageOID.TIME_STAMPING,), False),
        ((ExtendedKeyUsageOID.CODE_SIGNING,), True),
        ((ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.SERVER_AUTH), True),
    ],
)
def test_a_certificate_for_another_purpose_stamps_nothing(usages: tuple, critical: bool) -> None:  # type: ignore[type-arg]
    wrong = make_chain(usages=usages, critical=critical)
    assert "not for timestamping" in judged(make_reply(make_query(DATA), wrong), wrong)


def test_another_root_of_the_same_name_vouches_for_nothing(chain: Chain, other_chain: Chain) -> None:
    reply = make_reply(make_query(DATA), chain)
    assert chain.root.subject == other_chain.root.subject
    assert judged(reply, other_chain) == "unknown"
    assert judged(reply, chain) == "trusted"


def test_without_roots_nothing_is_vouched_for(chain: Chain) -> None:
    assert not is_vouched_for(read_reply(make_reply(make_query(DATA), chain)), [])


def test_a_self_signed_certificate_that_a_reply_carries_is_no_root(chain: Chain, other_chain: Chain) -> None:
    """rfc3161-client takes what it is given as intermediates for roots; so it is given none."""
    reply = make_reply(make_query(DATA), other_chain)
    stamp = read_reply(reply)
    assert other_chain.root in stamp.carried
    assert not is_vouched_for(stamp, [chain.root])
    from rfc3161_client import VerifierBuilder, decode_timestamp_response

    trap = VerifierBuilder(roots=[chain.root], intermediates=[other_chain.root]).build()
    assert trap.verify(decode_timestamp_response(reply), stamp.imprint), "the trap is still there"


def test_the_callers_roots_stay_as_they_are(chain: Chain, other_chain: Chain) -> None:
    """rfc3161-client shares lists between builders; ours are copied."""
    roots = [chain.root]
    for _ in range(3):
        assert is_vouched_for(read_reply(make_reply(make_query(DATA), chain)), roots)
        assert not is_vouched_for(read_reply(make_reply(make_query(DATA), other_chain)), roots)
    assert roots == [chain.root]


def test_a_link_that_was_not_valid_when_it_stamped_breaks_the_chain(chain: Chain) -> None:
    key = chain.issuing_key
    ended = certify("Loopback Time CA", key, "Loopback Time Root", chain.root_key, NOW - timedelta(days=9), NOW)
    late = NOW + timedelta(days=1)
    carried = (chain.leaf, ended, chain.root)
    assert judged(make_reply(make_query(DATA), chain, Way(time=late, certificates=carried)), chain) == "unknown"
    early = NOW - timedelta(days=1)
    assert judged(make_reply(make_query(DATA), chain, Way(time=early, certificates=carried)), chain) == "trusted"


def test_a_stamp_outlives_its_certificates(tmp_path: Path) -> None:
    """Judged at the time it states, not today: plain `openssl ts -verify` fails here, with -attime it does not."""
    begins = datetime(2015, 1, 1, tzinfo=UTC)
    old = make_chain(begins=begins, ends=begins + timedelta(days=365))
    reply = make_reply(make_query(DATA), old, Way(time=begins + timedelta(days=30)))
    assert judged(reply, old) == "trusted"
    if OPENSSL is not None:
        assert not openssl_verifies(tmp_path, old.root, reply, DATA, NOW)
        assert openssl_verifies(tmp_path, old.root, reply, DATA, begins + timedelta(days=30))


def test_a_reply_without_its_chain_needs_it_among_the_roots(chain: Chain) -> None:
    stamp = read_reply(make_reply(make_query(DATA), chain, Way(certificates=(chain.leaf,))))
    assert not is_vouched_for(stamp, [chain.root])
    assert is_vouched_for(stamp, [chain.root, chain.issuing])


def test_a_fraction_of_a_second_is_not_lost(chain: Chain) -> None:
    from rfc3161_client import decode_timestamp_response

    reply = make_reply(make_query(DATA), chain, Way(fraction=".25", accuracy=None))
    stamp = read_reply(reply)
    assert stamp.not_later_than == NOW + timedelta(milliseconds=250)
    assert decode_timestamp_response(reply).tst_info.gen_time == NOW, "rfc3161-client drops it"


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_no_flipped_bit_gives_a_reply_that_says_something_else(kind: str, chain: Chain, rsa_chain: Chain) -> None:
    """A reply may be altered where nothing signs it; whatever is accepted says the same."""
    requested = rsa_chain if kind == "rsa" else chain
    query = make_query(DATA)
    reply = make_reply(query, requested)
    sound = described(read_reply(reply))
    accepted, step = 0, 8 if kind == "ec" else 24
    for position in range(0, len(reply) * 8, step):
        flipped = bytearray(reply)
        flipped[position // 8] ^= 1 << (position // 8 + position) % 8
        if judged(bytes(flipped), requested, query) == "trusted":
            accepted += 1
            assert described(read_reply(bytes(flipped))) == sound, position
    assert accepted < len(reply) / 2


def test_every_cut_of_a_reply_is_refused(chain: Chain) -> None:
    reply = make_reply(make_query(DATA), chain)
    for at in range(len(reply)):
        with pytest.raises(BrokenToken):
            read_reply(reply[:at])
    with pytest.raises(BrokenToken, match="behind the end"):
        read_reply(reply + b"\0")


def test_ber_is_refused_by_name(chain: Chain) -> None:
    reply = make_reply(make_query(DATA), chain)
    parts = cms.read(reply).children
    indefinite = b"\x30\x80" + parts[0].raw + parts[1].raw + b"\0\0"
    with pytest.raises(BrokenToken, match="this is BER, and only DER is read"):
        read_reply(indefinite)
    content = cms.read(reply).content
    longer = b"\x30\x83" + len(content).to_bytes(3, "big") + content
    with pytest.raises(BrokenToken, match="this is BER, and only DER is read"):
        read_reply(longer)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"\x30\x80" * 40_000,
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30\x00",
        sequence(integer(0)),
        sequence(sequence(integer(0)), sequence()),
        sequence(sequence(integer(0)), sequence(integer(1), cms.encode(0xA0, b""))),
        sequence(*[b"\x05\x00"] * 5000),
        b"\x1f\x81\x01\x00",
        bytes(range(256)) * 200,
    ],
)
def test_what_is_no_reply_is_refused_and_nothing_else_is_raised(content: bytes) -> None:
    with pytest.raises(BrokenToken):
        read_reply(content)


def test_two_signers_are_one_too_many(chain: Chain) -> None:
    reply = take_apart(make_reply(make_query(DATA), chain))
    top = cms.read(cms.with_certificates(reply, reply.certificates)).children
    kind, wrapped = top[1].children
    parts = wrapped.children[0].children
    doubled = cms.encode(cms.SET, parts[-1].content * 2)
    signed = sequence(*(part.raw for part in parts[:-1]), doubled)
    with pytest.raises(BrokenToken, match="2 signers"):
        read_reply(sequence(top[0].raw, sequence(kind.raw, cms.encode(0xA0, signed))))


def test_a_heap_of_certificates_is_refused_before_any_is_sorted(chain: Chain) -> None:
    for others, observed in ((13, "trusted"), (14, "it carries 17 certificates, more than the 16 looked at")):
        heap = [
            certify(
                "Loopback Time CA", chain.leaf_key, "Loopback Time CA", chain.leaf_key, NOW - timedelta(days=9), NOW
            )
            for _ in range(others)
        ]
        carried = (chain.leaf, chain.issuing, chain.root, *heap)
        assert judged(make_reply(make_query(DATA), chain, Way(certificates=carried)), chain) == observed


def test_the_day_to_have_renewed_by_is_the_first_end_in_the_chain(chain: Chain) -> None:
    soon = NOW + timedelta(days=40)
    key = chain.issuing_key
    issuing = certify("Loopback Time CA", key, "Loopback Time Root", chain.root_key, NOW - timedelta(days=9), soon)
    stamp = read_reply(make_reply(make_query(DATA), chain, Way(certificates=(chain.leaf, issuing, chain.root))))
    assert judge_authority(stamp, [chain.root]).ends == soon
    assert chain.leaf.public_bytes(Encoding.DER) in take_apart(make_reply(make_query(DATA), chain)).certificates

"""`openssl ts -verify -crl_check_all` as referee: what it revokes is revoked here, what it accepts is accepted."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from archive.errors import StatementError
from archive.timestamp.chains import is_vouched_for, judge_authority
from archive.timestamp.cms import BrokenToken, read
from archive.timestamp.token import check_covers, make_query, read_reply
from archive.trust.anchors import load_anchors
from tests.world.time_authority import (
    NEEDS_OPENSSL,
    NOW,
    OPENSSL,
    Chain,
    Way,
    certify,
    integer,
    make_reply,
    new_key,
    pem,
    sequence,
)

pytestmark = pytest.mark.skipif(OPENSSL is None, reason=NEEDS_OPENSSL)

DATA = b"the bytes of a signature file\n"
R = x509.ReasonFlags
MONTH, DAY = timedelta(days=30), timedelta(days=1)


def openssl_accepts(folder: Path, reply: bytes, trusted: bytes, *options: str) -> bool:
    """Judged at the time of the stamp, as a reader does who wants to know whether it was good when it was made."""
    folder.mkdir(exist_ok=True, parents=True)
    for name, content in (("reply", reply), ("data", DATA), ("trusted.pem", trusted)):
        (folder / name).write_bytes(content)
    command = [str(OPENSSL), "ts", "-verify", "-in", "reply", "-data", "data", "-CAfile", "trusted.pem"]
    command += ["-attime", str(int(NOW.timestamp())), *options]
    return subprocess.run(command, cwd=folder, capture_output=True, timeout=30, check=False).returncode == 0


def we_accept(folder: Path, reply: bytes, files: dict[str, bytes]) -> bool:
    """With the trust folder that these files of `tsa/` make."""
    place = folder / "trust" / "tsa"
    place.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (place / name).write_bytes(content)
    anchors = load_anchors(folder / "trust")
    try:
        stamp = read_reply(reply)
        check_covers(stamp, DATA)
    except BrokenToken:
        return False
    return judge_authority(stamp, anchors.roots, anchors.crls, NOW).is_trusted


def revocations(
    chain: Chain,
    entries: dict[int, tuple[datetime, x509.ReasonFlags | None]] | None = None,
    *,
    by_root: bool = False,
    issued: datetime = NOW - DAY,
    number: int = 1,
    base: int | None = None,
    key: ec.EllipticCurvePrivateKey | None = None,
) -> x509.CertificateRevocationList:
    issuer, own = (chain.root, chain.root_key) if by_root else (chain.issuing, chain.issuing_key)
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.subject)
    builder = builder.last_update(issued).next_update(NOW + 12 * MONTH)
    builder = builder.add_extension(x509.CRLNumber(number), critical=False)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), critical=False
    )
    if base is not None:
        builder = builder.add_extension(x509.DeltaCRLIndicator(base), critical=True)
    else:  # OpenSSL looks for deltas only where the base says that there are any
        place = x509.DistributionPoint([x509.UniformResourceIdentifier("http://x.example/d")], None, None, None)
        builder = builder.add_extension(x509.FreshestCRL([place]), critical=False)
    for serial, (since, reason) in (entries or {}).items():
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
        if reason is not None:
            entry = entry.add_extension(x509.CRLReason(reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(key or own, hashes.SHA256())


def text(*lists: x509.CertificateRevocationList) -> bytes:
    return b"".join(one.public_bytes(Encoding.PEM) for one in lists)


def judged(
    folder: Path, reply: bytes, chain: Chain, *lists: x509.CertificateRevocationList, deltas: bool = False
) -> tuple[bool, bool]:
    """(openssl, ourselves), both given a list of every issuer."""
    own = [*lists, revocations(chain, by_root=True)]
    options = ["-crl_check_all", "-extended_crl", "-use_deltas"] if deltas else ["-crl_check_all"]
    theirs = openssl_accepts(folder, reply, chain.root_pem + text(*own), *options)
    files = {"root.pem": chain.root_pem} | {f"{at}.crl": text(one) for at, one in enumerate(own)}
    return theirs, we_accept(folder, reply, files)


def test_a_strangers_cross_certificate_leads_around_no_revocation(tmp_path: Path, chain: Chain) -> None:
    """The intermediate's name, key and key identifier in a certificate of somebody else, among the token's own."""
    evil = new_key("ec")
    cross = certify(
        "Loopback Time CA", chain.issuing_key, "Nobody", evil, NOW - MONTH, NOW + 12 * MONTH
    )  # fmt: skip
    root_list = revocations(chain, {chain.issuing.serial_number: (NOW - DAY, R.ca_compromise)}, by_root=True)
    lists = text(root_list, revocations(chain))
    for carried in ((chain.leaf, cross, chain.issuing), (chain.leaf, chain.issuing, cross), (chain.leaf, cross)):
        reply = make_reply(make_query(DATA), chain, Way(certificates=carried))
        theirs = openssl_accepts(tmp_path, reply, chain.root_pem + lists, "-crl_check_all")
        assert not theirs
        files = {"root.pem": chain.root_pem, "all.crl": lists, "issuing.crt": pem(chain.issuing)}
        assert not we_accept(tmp_path, reply, files)
    good = make_reply(make_query(DATA), chain, Way(certificates=(chain.leaf, cross, chain.issuing)))
    clean = {"root.pem": chain.root_pem, "all.crl": text(revocations(chain, by_root=True), revocations(chain))}
    assert we_accept(tmp_path / "clean", good, clean)


def test_a_second_root_that_certifies_a_stolen_key_does_not_clean_it(tmp_path: Path, chain: Chain) -> None:
    """Both roots are trusted; one revoked the intermediate because its key was stolen: the key is the same."""
    other_root = new_key("ec")
    root = certify("Other Root", other_root, "Other Root", other_root, NOW - MONTH, NOW + 12 * MONTH)
    cross = certify("Loopback Time CA", chain.issuing_key, "Other Root", other_root, NOW - MONTH, NOW + 12 * MONTH)
    reply = make_reply(make_query(DATA), chain, Way(certificates=(chain.leaf, cross, chain.issuing)))
    roots = {"roots.pem": chain.root_pem + pem(root)}
    for reason, accepted in ((R.ca_compromise, False), (None, False), (R.superseded, True)):
        revoked = revocations(chain, {chain.issuing.serial_number: (NOW - DAY, reason)}, by_root=True)
        assert we_accept(tmp_path / str(reason), reply, roots | {"a.crl": text(revoked)}) is accepted


def test_a_reply_full_of_lookalikes_is_not_trusted_and_takes_no_time(chain: Chain) -> None:
    keys = [new_key("ec") for _ in range(6)]
    certificates = [chain.leaf]
    for issuer in keys:
        certificates.append(
            certify(
                "Loopback Time CA", chain.issuing_key, "Loopback Time CA", chain.issuing_key, NOW - MONTH, NOW + MONTH
            )
        )
        certificates.append(certify("Loopback Time CA", chain.issuing_key, "X", issuer, NOW - MONTH, NOW + MONTH))
    reply = make_reply(make_query(DATA), chain, Way(certificates=(*certificates, chain.issuing, chain.root)))
    assert not is_vouched_for(read_reply(reply), [chain.root])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_both_lists_of_one_file_count(tmp_path: Path, chain: Chain, order: tuple[int, int]) -> None:
    revoking = revocations(chain, {chain.leaf.serial_number: (NOW - DAY, R.key_compromise)})
    lists = [revocations(chain, by_root=True), revoking]
    content = text(*(lists[at] for at in order))
    reply = make_reply(make_query(DATA), chain)
    assert not openssl_accepts(tmp_path, reply, chain.root_pem + content, "-crl_check_all")
    for name in ("all.crl", "all.CRL", "all.pem", "lists.txt"):
        assert not we_accept(tmp_path / name, reply, {"root.pem": chain.root_pem, name: content})


@pytest.mark.parametrize("name", ["a.crl", "a.CRL", "a.Crl", "a.der", "a", "a.bin"])
def test_a_list_in_der_counts_whatever_its_file_is_called(tmp_path: Path, chain: Chain, name: str) -> None:
    content = revocations(chain, {chain.leaf.serial_number: (NOW - DAY, None)}).public_bytes(Encoding.DER)
    reply = make_reply(make_query(DATA), chain)
    assert not we_accept(tmp_path, reply, {"root.pem": chain.root_pem, name: content})


@pytest.mark.parametrize("name", ["root.crt", "root.CER", "root.der", "root.PEM", "FreeTSA", "digicert.txt"])
@pytest.mark.parametrize("form", [Encoding.PEM, Encoding.DER])
def test_a_root_is_read_whatever_its_file_is_called(tmp_path: Path, chain: Chain, name: str, form: Encoding) -> None:
    reply = make_reply(make_query(DATA), chain)
    assert we_accept(tmp_path, reply, {name: chain.root.public_bytes(form)})


def test_what_is_neither_root_nor_list_is_named(tmp_path: Path, chain: Chain) -> None:
    (tmp_path / "tsa" / "below").mkdir(parents=True)
    for name, content in {
        "tsa/root.pem": chain.root_pem,
        "tsa/note.txt": b"where these are from",
        "tsa/.hidden": b"x",
        "tsa/key.pem.bak": b"-----BEGIN EC PRIVATE KEY-----\n",
        "allowed_signers.txt": b"",
        "revoked": b"",
    }.items():
        (tmp_path / name).write_bytes(content)
    assert [one.partition(":")[0] for one in load_anchors(tmp_path).unread] == [
        *("allowed_signers.txt", "revoked", "tsa/below", "tsa/key.pem.bak", "tsa/note.txt"),
    ]
    for name in ("tsa/broken.crt", "tsa/broken.DER", "tsa/broken.crl"):
        (tmp_path / name).write_bytes(b"x")
        with pytest.raises(StatementError, match="in PEM or DER form"):
            load_anchors(tmp_path)
        (tmp_path / name).unlink()


SERIES: dict[str, Callable[[Chain], tuple[list[x509.CertificateRevocationList], bool]]] = {
    "nothing revoked": lambda chain: ([revocations(chain)], False),
    "key stolen": lambda chain: ([revocations(chain, {chain.leaf.serial_number: (NOW - DAY, R.key_compromise)})], False),
    "on hold": lambda chain: ([revocations(chain, {chain.leaf.serial_number: (NOW - DAY, R.certificate_hold)})], False),
    "a hold that was lifted": lambda chain: (
        [
            revocations(chain, {chain.leaf.serial_number: (NOW - MONTH, R.certificate_hold)}, issued=NOW - MONTH),
            revocations(chain, issued=NOW - DAY, number=2),
        ],
        False,
    ),
    "a hold that a delta lifts": lambda chain: (
        [
            revocations(chain, {chain.leaf.serial_number: (NOW - MONTH, R.certificate_hold)}, issued=NOW - MONTH),
            revocations(
                chain, {chain.leaf.serial_number: (NOW - DAY, R.remove_from_crl)}, issued=NOW - DAY, number=2, base=1
            ),
        ],
        True,
    ),
    "a delta that revokes": lambda chain: (
        [
            revocations(chain, issued=NOW - MONTH),
            revocations(
                chain, {chain.leaf.serial_number: (NOW - DAY, R.key_compromise)}, issued=NOW - DAY, number=2, base=1
            ),
        ],
        True,
    ),
    "a delta about another": lambda chain: (
        [
            revocations(chain, issued=NOW - MONTH),
            revocations(chain, {77: (NOW - DAY, R.key_compromise)}, issued=NOW - DAY, number=2, base=1),
        ],
        True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SERIES)
def test_series_of_lists_are_read_as_openssl_reads_them(tmp_path: Path, chain: Chain, name: str) -> None:
    lists, deltas = SERIES[name](chain)
    for number, ordered in enumerate((lists, lists[::-1])):
        theirs, ours = judged(
            tmp_path / str(number), make_reply(make_query(DATA), chain), chain, *ordered, deltas=deltas
        )
        assert ours is theirs


def test_a_list_with_a_flipped_signature_or_another_key_revokes_nothing(tmp_path: Path, chain: Chain) -> None:
    """What `verify` reports of them is tested with the answer about time."""
    stolen = {chain.leaf.serial_number: (NOW - DAY, R.key_compromise)}
    whole = revocations(chain, stolen).public_bytes(Encoding.DER)
    flipped = whole[:-1] + bytes([whole[-1] ^ 1])
    other = new_key("ec")
    assert isinstance(other, ec.EllipticCurvePrivateKey)
    reply = make_reply(make_query(DATA), chain)
    for number, content in enumerate((flipped, revocations(chain, stolen, key=other).public_bytes(Encoding.DER))):
        assert we_accept(tmp_path / str(number), reply, {"root.pem": chain.root_pem, "a.crl": content})


# Replies.


def with_status(reply: bytes, status: int) -> bytes:
    _, token = read(reply).children
    return sequence(sequence(integer(status)), token.raw)


@pytest.mark.parametrize(("status", "accepted"), [(0, True), (1, True), (2, False), (3, False), (257, False)])
def test_a_reply_that_was_granted_with_modifications_is_a_timestamp(
    tmp_path: Path, chain: Chain, status: int, accepted: bool
) -> None:
    reply = with_status(make_reply(make_query(DATA), chain), status)
    assert openssl_accepts(tmp_path, reply, chain.root_pem) is accepted
    assert we_accept(tmp_path, reply, {"root.pem": chain.root_pem}) is accepted


@pytest.mark.parametrize("seconds", [2**31, 2**40, 2**62, 2**63 - 1, 10**11])
def test_an_accuracy_that_leads_out_of_the_calendar_is_no_time(chain: Chain, seconds: int) -> None:
    with pytest.raises(BrokenToken):
        read_reply(make_reply(make_query(DATA), chain, Way(accuracy=seconds * 1000)))


@pytest.mark.parametrize("fraction", ["", ".5", ".999999999999"])
def test_the_last_second_of_the_calendar_is_no_time(chain: Chain, fraction: str) -> None:
    late = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    with pytest.raises(BrokenToken):
        read_reply(make_reply(make_query(DATA), chain, Way(time=late, fraction=fraction, accuracy=None)))


def test_a_name_with_line_ends_and_escapes_stays_on_one_line(chain: Chain) -> None:
    from tests.world.time_authority import make_chain

    evil = make_chain(name="Time\nwho passed: anna\x1b[2J\u2028\u202e")
    assert read_reply(make_reply(make_query(DATA), evil)).authority == (
        "Time\\x0awho passed: anna\\x1b[2J\\u2028\\u202e (Loopback)"
    )


def test_flipped_bits_are_trusted_only_where_openssl_trusts_them(tmp_path: Path, chain: Chain) -> None:
    """The other way round they may be refused: BER, weak digests, certificates in the wrong place."""
    # Without the root, which nobody needs in a reply: OpenSSL refuses all of one where a name in it is no UTF-8.
    whole = make_reply(make_query(DATA), chain, Way(certificates=(chain.leaf, chain.issuing)))
    trusted = 0
    for position in range(len(whole)):
        reply = whole[:position] + bytes([whole[position] ^ (1 << position % 8)]) + whole[position + 1 :]
        try:
            stamp = read_reply(reply)
            check_covers(stamp, DATA)
        except BrokenToken:
            continue
        if is_vouched_for(stamp, [chain.root]):
            trusted += 1
            assert openssl_accepts(tmp_path, reply, chain.root_pem), position
            assert stamp.time == NOW
    assert trusted > 2, "bits that no signature covers are among those that were flipped"

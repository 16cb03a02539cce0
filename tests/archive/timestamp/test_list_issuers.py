"""Which revocation lists count for which certificates: of authorities with a new key, of roots, from the future."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from archive.errors import StatementError
from archive.timestamp.chains import Authority, judge_authority
from archive.timestamp.crl import parse_lists
from archive.timestamp.token import make_query, read_reply
from tests.archive.timestamp.test_against_openssl import DATA, DAY, MONTH, openssl_accepts, text
from tests.world.time_authority import (
    NEEDS_OPENSSL,
    NOW,
    OPENSSL,
    TEN_YEARS,
    Chain,
    Key,
    Way,
    certify,
    make_reply,
    new_key,
    pem,
)

needs_openssl = pytest.mark.skipif(OPENSSL is None, reason=NEEDS_OPENSSL)
R = x509.ReasonFlags
CA = "Loopback Time CA"


def crl(
    issuer: x509.Certificate,
    key: Key,
    *serials: int,
    reason: x509.ReasonFlags | None = R.key_compromise,
    issued: datetime = NOW - DAY,
    number: int = 1,
    scope: x509.IssuingDistributionPoint | None = None,
) -> x509.CertificateRevocationList:
    """A list of this issuer's, signed with `key`."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.subject)
    builder = builder.last_update(issued).next_update(issued + 12 * MONTH)
    builder = builder.add_extension(x509.CRLNumber(number), critical=False)
    builder = builder.add_extension(scope, critical=True) if scope else builder
    for serial in serials:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(NOW - MONTH)
        entry = entry.add_extension(x509.CRLReason(reason), critical=False) if reason else entry
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(key, hashes.SHA256())


def judge(
    reply: bytes, roots: list[x509.Certificate], *lists: x509.CertificateRevocationList, now: datetime = NOW
) -> Authority:
    read = [one for at, each in enumerate(lists) for one in parse_lists(each.public_bytes(Encoding.DER), f"{at}.crl")]
    return judge_authority(read_reply(reply), roots, read, now)


def answer(chain: Chain, *carried: x509.Certificate) -> bytes:
    return make_reply(make_query(DATA), chain, Way(certificates=carried) if carried else Way())


def test_a_list_signed_with_the_new_key_of_an_authority_counts_where_that_key_is_trusted(chain: Chain) -> None:
    """The token carries the new certificate beside the old one, by which the stamp was issued."""
    key = new_key("ec")
    new = certify(CA, key, "Loopback Time Root", chain.root_key, NOW - DAY, NOW + TEN_YEARS)
    found = judge(answer(chain, chain.leaf, chain.issuing, new), [chain.root], crl(new, key, chain.leaf.serial_number))
    assert (found.is_trusted, found.unusable) == (False, ())
    assert found.revoked is not None


@pytest.mark.parametrize("carried", [True, False])
def test_a_list_signed_with_a_key_that_nobody_trusts_is_reported_and_revokes_nothing(
    chain: Chain, carried: bool
) -> None:
    key = new_key("ec")
    stranger = certify(CA, key, "Nobody", new_key("ec"), NOW - DAY, NOW + TEN_YEARS)
    reply = answer(chain, chain.leaf, chain.issuing, *([stranger] if carried else []))
    found = judge(reply, [chain.root], crl(stranger, key, chain.leaf.serial_number))
    assert found.is_trusted
    ((one, why),) = found.unusable
    assert (one.file, why) == (
        "0.crl",
        f"no certificate of CN={CA},O=Loopback that is trusted here signed it, or none that may sign lists",
    )


def test_a_list_by_the_authority_above_a_trusted_one_is_used_or_reported(chain: Chain) -> None:
    """The reader names the issuing authority alone; the root above it has revoked that."""
    revoking = crl(chain.root, chain.root_key, chain.issuing.serial_number)
    used = judge(answer(chain), [chain.issuing], revoking)
    assert (used.revoked is None, used.unusable) == (False, ())
    reported = judge(answer(chain, chain.leaf), [chain.issuing], revoking)
    assert (reported.revoked, [one.file for one, _ in reported.unusable]) == (None, ["0.crl"])


def test_a_list_of_an_authority_that_no_stamp_here_is_from_is_nothing_to_report(chain: Chain, rsa_chain: Chain) -> None:
    other = crl(rsa_chain.issuing, rsa_chain.issuing_key, 7)
    assert judge(answer(chain), [chain.root, rsa_chain.root, rsa_chain.issuing], other).unusable == ()


@needs_openssl
@pytest.mark.parametrize("whose", ["user", "ca", "attribute"])
def test_a_list_about_other_kinds_of_certificates_alone_is_reported(tmp_path: Path, chain: Chain, whose: str) -> None:
    """The issuing authority's list is about authorities alone, and the stamp's certificate is none."""
    scope = x509.IssuingDistributionPoint(
        full_name=None,
        relative_name=None,
        only_contains_user_certs=whose == "user",
        only_contains_ca_certs=whose == "ca",
        only_some_reasons=None,
        indirect_crl=False,
        only_contains_attribute_certs=whose == "attribute",
    )
    one = crl(chain.issuing, chain.issuing_key, chain.leaf.serial_number, scope=scope)
    root = crl(chain.root, chain.root_key, 7)
    trusted = chain.root_pem + text(one, root)
    assert not openssl_accepts(tmp_path, answer(chain), trusted, "-crl_check_all", "-extended_crl")
    found = judge(answer(chain), [chain.root], one, root)
    assert found.is_trusted is (whose != "user")
    why = f"it is about other kinds of certificates than those of CN={CA},O=Loopback here (RFC 5280, 5.2.5)"
    assert [why for _, why in found.unusable] == ([] if whose == "user" else [why])
    whole = crl(chain.issuing, chain.issuing_key, 7)
    assert judge(answer(chain), [chain.root], one, root, whole).unusable == ()


@needs_openssl
def test_a_root_that_revoked_itself_is_trusted_no_more(tmp_path: Path, chain: Chain) -> None:
    for serials, accepted in (((chain.root.serial_number,), False), ((7,), True)):
        lists = crl(chain.root, chain.root_key, *serials), crl(chain.issuing, chain.issuing_key, 7)
        theirs = openssl_accepts(tmp_path, answer(chain), chain.root_pem + text(*lists), "-crl_check_all")
        assert judge(answer(chain), [chain.root], *lists).is_trusted is theirs is accepted


@needs_openssl
@pytest.mark.parametrize("later", [None, NOW - DAY, NOW + MONTH, NOW + 12 * MONTH])
def test_a_list_that_is_still_to_come_lifts_no_hold(tmp_path: Path, chain: Chain, later: datetime | None) -> None:
    held = crl(
        chain.issuing, chain.issuing_key, chain.leaf.serial_number, reason=R.certificate_hold, issued=NOW - MONTH
    )
    lifting = [crl(chain.issuing, chain.issuing_key, issued=later, number=2)] if later else []
    root = crl(chain.root, chain.root_key, 7)
    trusted = chain.root_pem + text(held, *lifting, root)
    theirs = openssl_accepts(tmp_path, answer(chain), trusted, "-crl_check_all")
    found = judge(answer(chain), [chain.root], held, *lifting, root)
    assert found.is_trusted is theirs is (later == NOW - DAY)
    if later and later > NOW:
        assert [why for _, why in found.unusable] == [
            f"issued on {later:%Y-%m-%d}, which is still to come; it lifts no hold"
        ]


def test_a_name_in_a_form_that_no_name_has_is_an_error_and_no_fault(chain: Chain) -> None:
    """A common name as a BIT STRING: in a list, and in a certificate that a reply carries beside its own."""
    content = crl(chain.root, chain.root_key, 7).public_bytes(Encoding.DER)
    with pytest.raises(StatementError, match="no revocation list"):
        parse_lists(content.replace(b"\x0c\x12Loopback Time Root", b"\x03\x12Loopback Time Root"), "a.crl")
    raw = chain.issuing.public_bytes(Encoding.DER)
    broken = x509.load_der_x509_certificate(raw.replace(b"\x0c\x10Loopback Time CA", b"\x03\x10Loopback Time CA"))
    reply = answer(chain, chain.leaf, chain.issuing, broken)
    found = judge(reply, [chain.root], crl(chain.issuing, chain.issuing_key, chain.leaf.serial_number))
    assert (found.is_trusted, found.revoked is None) == (False, False)


def test_a_list_from_the_future_revokes_all_the_same(chain: Chain) -> None:
    early = crl(chain.issuing, chain.issuing_key, chain.leaf.serial_number, issued=NOW + MONTH)
    found = judge(answer(chain), [chain.root], early)
    assert (found.is_trusted, len(found.unusable), found.lists) == (False, 1, ())


@pytest.mark.parametrize("reason", [R.ca_compromise, R.key_compromise, None, R.superseded])
def test_another_certificate_of_a_stolen_key_does_not_clean_it(chain: Chain, reason: x509.ReasonFlags | None) -> None:
    """The revoked certificate is here and leads nowhere any more, the other one leads to the same root."""
    expired = certify(CA, chain.issuing_key, "Loopback Time Root", chain.root_key, NOW - 5 * MONTH, NOW - MONTH)
    revoked = crl(chain.root, chain.root_key, expired.serial_number, reason=reason)
    for reply, roots in (
        (answer(chain, chain.leaf, chain.issuing, expired), [chain.root]),
        (answer(chain), [chain.root, expired]),
    ):
        assert judge(reply, roots, revoked).is_trusted is (reason is R.superseded)
    assert judge(answer(chain), [chain.root, expired]).is_trusted


def test_the_certificate_of_the_stamp_itself_is_compared_by_its_key_too(chain: Chain) -> None:
    usages = (x509.oid.ExtendedKeyUsageOID.TIME_STAMPING,)
    twin = certify(
        *("Loopback Time", chain.leaf_key, CA, chain.issuing_key, NOW - 5 * MONTH, NOW - MONTH),
        is_ca=False,
        usages=usages,
    )
    revoked = crl(chain.issuing, chain.issuing_key, twin.serial_number)
    assert not judge(answer(chain, chain.leaf, chain.issuing, twin), [chain.root], revoked).is_trusted
    assert pem(twin) != pem(chain.leaf)

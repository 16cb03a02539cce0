"""Deadlines: the next audit by policy, timestamps to renew, overdue revocation lists."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.audit.add import add_bags
from archive.audit.catalogue.copies import Custody
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.deadlines import overdue_lists
from archive.audit.instants import moment_of, text_of
from archive.audit.look import CopyOutcome
from archive.audit.policy import Interval, read_policy, set_interval
from archive.audit.run import run_audit
from archive.audit.seal_deadlines import NOTICE, seal_deadlines
from archive.audit.selection import ALL, CopySelection
from archive.audit.status import read_status
from archive.errors import UsageProblem
from archive.timestamp.token import make_query
from tests.archive.audit.conftest import Inline
from tests.archive.verify.sample_bags import make_bag, put
from tests.world.time_authority import Chain, make_chain, make_reply

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
ENDS = datetime(2030, 1, 31, tzinfo=UTC)


def stamped(folder: Path, name: str, chain: Chain) -> None:
    put(folder, name, make_reply(make_query(b"what was stamped"), chain))


def test_a_timestamp_is_due_before_the_first_certificate_of_its_chain_ends(tmp_path: Path) -> None:
    folder = tmp_path / "R1.seal"
    folder.mkdir()
    assert seal_deadlines(folder) == ()
    stamped(folder, "seal.01.tsr", make_chain("ec", "First", ends=ENDS))
    (first,) = seal_deadlines(folder)
    assert (first.kind, moment_of(first.due_at)) == ("timestamp", ENDS - NOTICE)
    later = ENDS + timedelta(days=1000)
    stamped(folder, "renewal-01.01.tsr", make_chain("ec", "Second", ends=later))
    (second,) = seal_deadlines(folder)
    assert (moment_of(second.due_at), "Second" in second.subject) == (later - NOTICE, True)
    put(folder, "seal.02.tsr", b"no reply at all")
    assert seal_deadlines(folder) == (second,)


def test_deadlines_of_seals_are_in_the_status(catalogue: CatalogueDatabase, engine: Inline, tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "R1")
    stamped(tmp_path / "R1.seal", "seal.01.tsr", make_chain("ec", "First", ends=ENDS))
    add_bags(catalogue, [str(bag)], Custody(), engine, now=lambda: NOW)
    with catalogue.reading() as connection:
        (due,) = read_status(connection, NOW).deadlines
        assert (due.place, due.due_at, read_status(connection, NOW).exit_code) == (str(bag), text_of(ENDS - NOTICE), 0)
        assert read_status(connection, ENDS).exit_code == 1
    stamped(tmp_path / "R1.seal", "renewal-01.01.tsr", make_chain("ec", "Second", ends=ENDS + timedelta(days=1000)))
    run_audit(catalogue, CopySelection(ALL), engine, now=lambda: NOW)
    with catalogue.reading() as connection:
        assert [one.due_at for one in read_status(connection, NOW).deadlines] == [
            text_of(ENDS + timedelta(days=1000) - NOTICE)
        ]


def test_the_closest_rule_says_when_a_copy_is_due(catalogue: CatalogueDatabase) -> None:
    with catalogue.writing() as connection:
        set_interval(connection, "*", "*", Interval(200, 200))
        set_interval(connection, "*", "deep", Interval(400, 400))
        set_interval(connection, "one", "*", Interval(20, 20))
        set_interval(connection, "one", "deep", Interval(7, 3))
        set_interval(connection, "one", "deep", Interval(10, 5))
        policy = read_policy(connection)
    found = {
        key: policy.interval(*key).every_days for key in (("two", "disk"), ("two", "deep"), ("one", "disk"), ("one", "deep"))
    }
    assert found == {("two", "disk"): 200, ("two", "deep"): 400, ("one", "disk"): 20, ("one", "deep"): 10}
    due = moment_of(policy.next_due("0" * 16, "one", "deep", CopyOutcome.SOUND, NOW))
    assert timedelta(days=4.5) <= due - NOW <= timedelta(days=5)  # a full read is wanted sooner than every_days
    assert policy.next_due("0" * 16, "one", "deep", CopyOutcome.DAMAGED, NOW) == text_of(NOW + timedelta(days=1))
    with pytest.raises(UsageProblem, match="from 1 to 3,660 days"), catalogue.writing() as connection:
        set_interval(connection, "*", "*", Interval(0, 1))


def test_copies_are_not_all_due_on_one_day(catalogue: CatalogueDatabase) -> None:
    with catalogue.reading() as connection:
        policy = read_policy(connection)
    days = {policy.next_due(f"{number:016}", "-", "-", CopyOutcome.SOUND, NOW)[:10] for number in range(300)}
    assert len(days) >= 8
    assert all(NOW + timedelta(days=80) < moment_of(f"{day}T00:00:00Z") < NOW + timedelta(days=91) for day in days)


def test_a_revocation_list_whose_successor_is_out_is_overdue() -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding

    from archive.timestamp.crl import parse_lists
    from archive.trust.anchors import Anchors

    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Loopback CA")])
    made = x509.CertificateRevocationListBuilder().issuer_name(issuer).last_update(NOW - timedelta(days=40))
    signed = made.next_update(NOW - timedelta(days=10)).sign(key, hashes.SHA256())
    anchors = Anchors(crls=tuple(parse_lists(signed.public_bytes(Encoding.PEM), "list.pem")))
    assert [(one.kind, one.subject) for one in overdue_lists(anchors, NOW)] == [("revocation-list", "CN=Loopback CA")]
    assert overdue_lists(anchors, NOW - timedelta(days=20)) == []

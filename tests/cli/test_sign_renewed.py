"""Renewal through the command line alone: authorities of `openssl ts`, the first of which ends while the test runs."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from tests.cli.invoke import answer, run
from tests.world.sealed_bag import make_bag
from tests.world.time_authority import (
    NEEDS_OPENSSL,
    OPENSSL,
    Chain,
    OpensslAuthority,
    make_chain,
    openssl_verifies,
    pem,
    serve,
    wall_clock,
)

pytestmark = pytest.mark.skipif(OPENSSL is None, reason=NEEDS_OPENSSL)

LIVES = (6, 20, 60)
"""Seconds that the first authority has; a machine on which it ends too early gets another."""


@dataclass(frozen=True)
class Renewed:
    """A bag whose first authority has ended since, and whose renewal was stamped before it did."""

    bag: Path
    folder: Path
    trust: Path
    first: Chain
    second: Chain
    ends: datetime
    signed: dict[str, Any]
    warned: str
    renewed: dict[str, Any]

    def verified(self, code: int = 0, seal: Path | None = None) -> dict[str, Any]:
        more = ("--seal", seal) if seal else ()
        return answer("verify", self.bag, "--trust", self.trust, "--require", "who,when", *more, code=code)


@pytest.fixture(scope="module")
def renewed(tmp_path_factory: pytest.TempPathFactory) -> Renewed:
    second = make_chain("rsa", "Second Time", begins=wall_clock() - timedelta(days=1))
    for life in LIVES:
        made = _in_time(tmp_path_factory.mktemp("renewed"), second, life)
        if made is not None:
            return made
    pytest.fail(f"signing and renewing took more than {LIVES[-1]} seconds")


def _in_time(place: Path, second: Chain, life: int) -> Renewed | None:
    """Sign and renew, and wait for the first authority's end; None where it came before the renewal."""
    line = answer("keygen", "-o", place / "k", "--no-passphrase", "--name", "anna@ngo.example")["allowed_signers"]
    ends = wall_clock().replace(microsecond=0) + timedelta(seconds=life)
    first = make_chain("ec", "First Time", begins=ends - timedelta(days=1), ends=ends)
    trust = place / "trust"
    (trust / "tsa").mkdir(parents=True)
    (trust / "tsa" / "roots.pem").write_bytes(pem(first.root, second.root))
    (trust / "allowed_signers").write_text(f"{line}\n")
    bag = make_bag(place / "R1")
    with serve(OpensslAuthority(place / "one", first)) as one, serve(OpensslAuthority(place / "two", second)) as two:
        shared = ("--trust", trust, "--allow-private", "--json")
        signing = run("sign", bag, "--key", place / "k", "--tsa", one.url, *shared)
        renewing = run("sign", bag, "--renew", "--tsa", two.url, *shared)
        in_time = wall_clock() + timedelta(seconds=2) < ends
    if not in_time:
        return None
    assert (signing.exit_code, renewing.exit_code) == (0, 0), signing.output + renewing.output
    while wall_clock() <= ends + timedelta(seconds=1):
        time.sleep(0.1)
    signed, again = json.loads(signing.stdout), json.loads(renewing.stdout)
    return Renewed(bag, place / "R1.seal", trust, first, second, ends, signed, signing.stderr, again)


def observed(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["code"], one["severity"]) for one in found["findings"]]


def without_renewal(renewed: Renewed, place: Path) -> Path:
    seal = Path(shutil.copytree(renewed.folder, place / "bare.seal"))
    for path in seal.glob("renewal-*"):
        path.unlink()
    return seal


def test_whoever_signs_is_warned_that_the_authority_ends(renewed: Renewed) -> None:
    note = f"a certificate of First Time (Loopback) ends on {renewed.ends:%Y-%m-%d}; renew it: archive sign R1 --renew --tsa URL"
    assert f"warning: stamp-renewal-due: {note}\n" in renewed.warned
    (stamp,) = renewed.signed["stamps"]
    assert (stamp["authority"], stamp["problem"]) == ("First Time (Loopback)", None)
    assert stamp["certificates_end"] == f"{renewed.ends:%Y-%m-%dT%H:%M:%SZ}"


def test_the_renewal_is_the_second_authoritys_and_leaves_nothing_to_warn_of(renewed: Renewed) -> None:
    (stamp,) = renewed.renewed["stamps"]
    assert (stamp["over"], stamp["stored"]) == ("renewal-01.txt", "renewal-01.01.tsr")
    assert (stamp["authority"], stamp["problem"]) == ("Second Time (Loopback)", None)


def test_after_the_first_authoritys_end_its_time_is_still_proven(renewed: Renewed) -> None:
    assert wall_clock() > renewed.ends
    found = renewed.verified()
    first = renewed.signed["answers"]["when"]["not_later_than"]
    assert found["findings"] == []
    assert found["answers"]["when"]["state"] == "passed"
    assert found["answers"]["when"]["not_later_than"] == first
    assert [(one["authority"], one["state"]) for one in found["answers"]["when"]["stamps"]] == [
        ("First Time (Loopback)", "trusted"),
        ("Second Time (Loopback)", "trusted"),
    ]
    (signer,) = found["answers"]["who"]["signers"]
    assert (signer["names"], signer["state"]) == (["anna@ngo.example"], "trusted")
    assert signer["signed_not_later_than"] == first


def test_without_its_renewal_the_end_is_reported(renewed: Renewed, tmp_path: Path) -> None:
    found = renewed.verified(seal=without_renewal(renewed, tmp_path))
    unsigned = ("statement-unsigned", "warning")  # the page speaks of the renewal, and nobody signed its event
    gone = ("stamp-missing", "warning")  # which its event records
    assert observed(found) == [("stamp-certificate-ended", "warning"), gone, unsigned]
    note = f"a certificate of First Time (Loopback) ended on {renewed.ends:%Y-%m-%d}; renew it: archive sign bare --renew --tsa URL"
    assert found["findings"][0]["note"] == note


def test_a_renewal_that_comes_after_the_end_does_not_undo_it(renewed: Renewed, tmp_path: Path) -> None:
    seal = without_renewal(renewed, tmp_path)
    with serve(OpensslAuthority(tmp_path / "late", renewed.second)) as late:
        more = ("--tsa", late.url, "--trust", renewed.trust, "--allow-private", "--seal", seal)
        assert run("sign", renewed.bag, "--renew", *more).exit_code == 0
    assert (seal / "renewal-01.01.tsr").exists()
    assert observed(renewed.verified(seal=seal)) == [("stamp-certificate-ended", "warning")]


def test_the_ended_authority_itself_renews_nothing(renewed: Renewed, tmp_path: Path) -> None:
    seal = without_renewal(renewed, tmp_path)
    before = {path.name for path in seal.iterdir()}
    with serve(OpensslAuthority(tmp_path / "ended", renewed.first)) as ended:
        more = ("--tsa", ended.url, "--trust", renewed.trust, "--allow-private", "--seal", seal)
        done = run("sign", renewed.bag, "--renew", *more)
    assert done.exit_code == 1
    requested = (
        f"archive: no timestamp: {ended.url}: its answer is not stored: stamped at {wall_clock():%Y-%m-%d}, when its"
    )
    span = f"({renewed.ends - timedelta(days=1):%Y-%m-%d} to {renewed.ends:%Y-%m-%d})"
    assert f"{requested} certificate was not valid {span}\n" in done.stderr
    assert {path.name for path in seal.iterdir()} == before


def test_a_file_taken_out_of_what_was_renewed_is_reported(renewed: Renewed, tmp_path: Path) -> None:
    seal = Path(shutil.copytree(renewed.folder, tmp_path / "cut.seal"))
    (query,) = (path for path in seal.glob("SHA256-*.tsq"))
    query.unlink()
    assert observed(renewed.verified(seal=seal)) == [("renewal-mismatch", "warning")]


def test_the_tools_of_others_find_the_same(renewed: Renewed, tmp_path: Path) -> None:
    """Each token at the time it states; the first no longer at the time of today, which is what renewal is for."""
    subprocess.run(["sha512sum", "-c", "--quiet", "renewal-01.txt"], cwd=renewed.folder, check=True)
    stamps = (*renewed.signed["stamps"], *renewed.renewed["stamps"])
    for stamp, chain, still in zip(stamps, (renewed.first, renewed.second), (False, True), strict=True):
        reply, data = (renewed.folder / stamp["stored"]).read_bytes(), (renewed.folder / stamp["over"]).read_bytes()
        at = datetime.fromisoformat(stamp["time"])
        assert openssl_verifies(tmp_path / "then", chain.root, reply, data, at)
        assert openssl_verifies(tmp_path / "now", chain.root, reply, data, wall_clock()) is still


def test_an_authority_that_a_list_takes_back_is_refused_at_signing(renewed: Renewed, tmp_path: Path) -> None:
    """The second authority is revoked in the trust folder: `sign` keeps no stamp of it, and verify heeds none."""
    trust, chain = Path(shutil.copytree(renewed.trust, tmp_path / "trust")), renewed.second
    yesterday = wall_clock() - timedelta(days=1)
    entry = x509.RevokedCertificateBuilder().serial_number(chain.leaf.serial_number).revocation_date(yesterday).build()
    builder = x509.CertificateRevocationListBuilder().issuer_name(chain.issuing.subject).add_revoked_certificate(entry)
    builder = builder.last_update(yesterday).next_update(yesterday + timedelta(days=9))
    (trust / "tsa" / "second.crl").write_bytes(pem_of(builder.sign(chain.issuing_key, hashes.SHA256())))
    seal = without_renewal(renewed, tmp_path)
    before = {path.name for path in seal.iterdir()}
    with serve(OpensslAuthority(tmp_path / "revoked", chain)) as authority:
        more = ("--tsa", authority.url, "--trust", trust, "--allow-private", "--seal", seal)
        done = run("sign", renewed.bag, "--renew", *more)
    revoked = f"its certificate was revoked on {yesterday:%Y-%m-%d} (no reason given)"
    refused = f"archive: no timestamp: {authority.url}: its answer is not stored: Second Time (Loopback): {revoked}\n"
    assert done.exit_code == 1
    assert refused in done.stderr
    assert {path.name for path in seal.iterdir()} == before
    found = answer("verify", renewed.bag, "--trust", trust)
    assert observed(found) == [
        *(("stamp-certificate-ended", "warning"), ("stamp-authority-revoked", "warning")),
        ("statement-unsigned", "warning"),
    ]
    assert found["answers"]["when"]["not_later_than"] == renewed.signed["answers"]["when"]["not_later_than"]


def pem_of(held: x509.CertificateRevocationList) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return held.public_bytes(Encoding.PEM)

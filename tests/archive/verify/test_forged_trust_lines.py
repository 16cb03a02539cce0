"""More forgeries: seals respelled, trust that does not cover the signer, and stamps that only look like proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from archive.timestamp.token import make_query
from archive_manifests.findings import State
from archive_manifests.seal import NAMESPACE
from tests.archive.verify.test_forgeries import ANNA, EVE, OLD, Scene, scene, start_over
from tests.world.time_authority import Chain, Way, make_chain, make_reply, pem

__all__ = ["scene"]

RESPELLED: dict[str, Callable[[str], str]] = {
    "byte order mark": lambda text: "\ufeff" + text,
    "key that nobody knows": lambda text: text.replace("{", '{\n "zz": 1,', 1),
    "key stated twice": lambda text: text.replace("{", '{\n "schema": "x",', 1),
    "weaker algorithm": lambda text: text.replace("sha256", "sha1").replace("sha512", "md5"),
    "trailing line": lambda text: text + "\n",
}
UNTRUSTED = {
    "other namespace": f'anna namespaces="other" {ANNA.public_key.text}\n',
    "ended before the stamp": f'anna valid-before="20200101" {ANNA.public_key.text}\n',
    "same name, other key": f'anna namespaces="{NAMESPACE}" {EVE.public_key.text}\n',
    "authority of certificates": f"anna cert-authority {ANNA.public_key.text}\n",
}


def stamped(scene: Scene, chain: Chain, way: Way, trailing: bytes = b"") -> None:
    content = start_over(scene)
    query = make_query(content)
    (scene.folder / "seal.01.tsq").write_bytes(query)
    (scene.folder / "seal.01.tsr").write_bytes(make_reply(query, chain, replace(way, time=OLD)) + trailing)


@pytest.mark.parametrize("how", RESPELLED)
def test_a_respelled_seal_reads_as_nobodys(scene: Scene, how: str) -> None:
    path = scene.folder / "seal.json"
    before = path.read_text()
    path.write_text(RESPELLED[how](before))
    assert path.read_text() != before
    assert scene.judged().answers["who"].state is not State.PASSED


@pytest.mark.parametrize("how", UNTRUSTED)
def test_a_line_of_trust_that_does_not_cover_the_signer_trusts_nobody(scene: Scene, how: str) -> None:
    (scene.trust / "allowed_signers").write_text(UNTRUSTED[how])
    assert scene.judged().answers["who"].state is not State.PASSED


@pytest.mark.parametrize("how", ["no purpose", "purpose not critical", "expired", "look-alike"])
def test_an_authority_unfit_to_stamp_dates_nothing(scene: Scene, how: str) -> None:
    unfit = {
        "no purpose": lambda: make_chain(usages=()),
        "purpose not critical": lambda: make_chain(usages=(ExtendedKeyUsageOID.TIME_STAMPING,), critical=False),
        "expired": lambda: make_chain(begins=OLD - timedelta(days=90), ends=OLD - timedelta(days=1)),
        "look-alike": lambda: scene.evil_chain,
    }[how]()
    if how != "look-alike":
        (scene.trust / "tsa" / "unfit.pem").write_bytes(pem(unfit.root))
    stamped(scene, unfit, Way())
    assert "not_later_than" not in scene.judged().answers["when"].facts


@pytest.mark.parametrize("way", [Way(nonce=7), Way(hash_oid="1.3.14.3.2.26"), Way(digest_over=b"other")])
def test_an_altered_token_dates_nothing(scene: Scene, way: Way) -> None:
    stamped(scene, scene.chain, way)
    assert "not_later_than" not in scene.judged().answers["when"].facts


def test_bytes_after_a_token_make_it_date_nothing(scene: Scene) -> None:
    stamped(scene, scene.chain, Way(), b"\x30\x00")
    assert "not_later_than" not in scene.judged().answers["when"].facts


def test_the_same_stamp_unaltered_dates_the_seal(scene: Scene) -> None:
    stamped(scene, scene.chain, Way())
    assert scene.judged().answers["when"].facts.get("not_later_than") == "2026-01-26T10:00:01Z"

"""Forgeries, by somebody who can write every file of bag and seal: none reads as trusted."""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive.seal.sign import write_seal
from archive.seal.stamping import make_renewal
from archive.ssh import signature as sshsig
from archive.ssh.encoding import string
from archive.ssh.keys import FileKey, PublicKey
from archive.timestamp.token import make_query
from archive.verify.result.verification import Verification
from archive.verify.run import verify
from archive_manifests.findings import State
from archive_manifests.seal import NAMESPACE
from tests.world.sealed_bag import PAYLOAD, SealedBag, facts_of, file_key, make_bag, make_sealed_bag
from tests.world.time_authority import NOW, Chain, Way, make_chain, make_reply, pem

ANNA, EVE = file_key(1), file_key(9)
FORGED = {**PAYLOAD, "data/report/text.txt": "شهادة — a forgery!\n".encode()}
OLD = NOW - timedelta(days=300)


@dataclass(frozen=True)
class Scene:
    """A bag sealed by Anna and stamped by the authority the reader trusts, and what a forger has at hand."""

    sealed: SealedBag
    other: SealedBag
    """Another sound bag, sealed and stamped by the same people."""
    trust: Path
    chain: Chain
    evil_chain: Chain

    @property
    def folder(self) -> Path:
        return self.sealed.folder

    @property
    def signature(self) -> Path:
        return self.folder / f"{ANNA.public_key.safe_name}.sig"

    def judged(self) -> Verification:
        return verify(self.sealed.bag, trust=self.trust, now=NOW, jobs=1)

    def forge_bag(self, payload: dict[str, bytes] | None = None) -> None:
        """Replace the payload and every manifest: plain BagIt finds nothing wrong."""
        shutil.rmtree(self.sealed.bag)
        make_bag(self.sealed.bag, payload or FORGED)

    def reseal(self) -> bytes:
        """Replace `seal.json` by one of the bag as it is now."""
        (self.folder / "seal.json").unlink(missing_ok=True)
        return write_seal(self.folder, facts_of(self.sealed.bag))

    def strip(self, pattern: str) -> None:
        for path in self.folder.glob(pattern):
            path.unlink()

    def sign_as(self, key: FileKey, content: bytes, name: str | None = None, namespace: str = NAMESPACE) -> None:
        place = self.folder / (name or f"{key.public_key.safe_name}.sig")
        place.write_bytes(sshsig.sign(content, namespace, key))

    def stamp(self, target: str, chain: Chain, time: datetime, way: Way | None = None) -> None:
        SealedBag(self.sealed.bag, self.folder, self.sealed.facts, b"").stamp(target, chain, way, time)


@pytest.fixture
def scene(tmp_path: Path, chain: Chain, other_chain: Chain) -> Scene:
    trust = tmp_path / "trust"
    (trust / "tsa").mkdir(parents=True)
    (trust / "tsa" / "root.pem").write_bytes(pem(chain.root))
    (trust / "allowed_signers").write_text(f'anna namespaces="{NAMESPACE}" {ANNA.public_key.text}\n')
    bags = []
    for name, payload in (("R1", PAYLOAD), ("R2", {"data/report/another.txt": b"another report"})):
        made = make_sealed_bag(tmp_path / name, payload)
        made.stamp(made.sign(ANNA), chain, time=OLD)
        bags.append(made)
    return Scene(bags[0], bags[1], trust, chain, other_chain)


FORGERIES: dict[str, Callable[[Scene], object]] = {}


def forgery(make: Callable[[Scene], object]) -> Callable[[Scene], object]:
    FORGERIES[make.__name__] = make
    return make


@forgery
def payload_replaced(scene: Scene) -> None:
    (scene.sealed.bag / "data/report/text.txt").write_bytes(FORGED["data/report/text.txt"])


@forgery
def payload_and_all_manifests_replaced(scene: Scene) -> None:
    scene.forge_bag()


@forgery
def replaced_by_payload_of_the_same_size(scene: Scene) -> None:
    scene.forge_bag({**PAYLOAD, "data/report/original.pdf": PAYLOAD["data/report/original.pdf"].swapcase()})


@forgery
def bag_and_seal_replaced_with_the_old_signature(scene: Scene) -> None:
    scene.forge_bag()
    scene.reseal()


@forgery
def bag_and_seal_replaced_and_signed_by_a_stranger(scene: Scene) -> None:
    scene.forge_bag()
    scene.strip("SHA256*")
    scene.sign_as(EVE, scene.reseal())


@forgery
def signed_by_a_stranger_under_a_trusted_keys_file_name(scene: Scene) -> None:
    scene.forge_bag()
    scene.sign_as(EVE, scene.reseal(), scene.signature.name)


@forgery
def signature_blob_naming_the_trusted_key_and_signed_by_another(scene: Scene) -> None:
    scene.forge_bag()
    content = scene.reseal()
    theirs = sshsig.parse(sshsig.sign(content, NAMESPACE, EVE))
    claimed = sshsig.Signature(ANNA.public_key, NAMESPACE, "sha512", theirs.algorithm, theirs.blob)
    scene.signature.write_bytes(sshsig.armoured(claimed))


@forgery
def signature_stripped(scene: Scene) -> None:
    scene.strip("SHA256*")


@forgery
def seal_stripped(scene: Scene) -> None:
    shutil.rmtree(scene.folder)


@forgery
def seal_json_stripped(scene: Scene) -> None:
    (scene.folder / "seal.json").unlink()


@forgery
def signed_by_the_trusted_key_for_another_purpose(scene: Scene) -> None:
    scene.forge_bag()
    scene.sign_as(ANNA, scene.reseal(), namespace="file")


@forgery
def signed_by_the_trusted_key_for_a_purpose_that_looks_alike(scene: Scene) -> None:
    scene.forge_bag()
    scene.sign_as(ANNA, scene.reseal(), namespace=f"{NAMESPACE}\0")


@forgery
def signature_of_another_bag(scene: Scene) -> None:
    scene.forge_bag()
    scene.reseal()
    shutil.copy(scene.other.folder / scene.signature.name, scene.signature)


@forgery
def whole_seal_of_another_bag(scene: Scene) -> None:
    shutil.rmtree(scene.folder)
    shutil.copytree(scene.other.folder, scene.folder)


@forgery
def strongest_tag_manifest_dropped(scene: Scene) -> None:
    (scene.sealed.bag / "tagmanifest-sha512.txt").unlink()


@forgery
def downgraded_to_md5(scene: Scene) -> None:
    scene.forge_bag()
    bag = scene.sealed.bag
    lines = "".join(f"{hashlib.md5(content).hexdigest()}  {path}\n" for path, content in sorted(FORGED.items()))
    for path in bag.glob("*manifest-sha*"):
        path.unlink()
    (bag / "manifest-md5.txt").write_text(lines)


@forgery
def signature_of_another_algorithm_naming_the_trusted_key(scene: Scene) -> None:
    content = scene.signature.read_bytes()
    blob = base64.b64decode(b"".join(content.split(b"\n")[1:-2]))
    changed = base64.b64encode(blob.replace(string(b"sha512"), string(b"sha256"))).decode()
    lines = [changed[at : at + 70] for at in range(0, len(changed), 70)]
    armour = ["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""]
    scene.signature.write_text("\n".join(armour))


@forgery
def signature_replaced_by_a_link_to_the_right_one(scene: Scene) -> None:
    away = scene.folder.with_name("away.sig")
    scene.signature.rename(away)
    scene.signature.symlink_to(away)


@forgery
def trust_put_into_the_bag_and_its_seal(scene: Scene) -> None:
    scene.forge_bag()
    scene.strip("SHA256*")
    scene.sign_as(EVE, scene.reseal())
    for place in (scene.folder, scene.sealed.bag):
        (place / "allowed_signers").write_text(f"anna {EVE.public_key.text}\n")


@forgery
def seal_in_another_spelling_of_the_same_json(scene: Scene) -> None:
    path = scene.folder / "seal.json"
    path.write_text(path.read_text().replace("\n ", "\n\t"))


BACKDATED: dict[str, Callable[[Scene], object]] = {}


def backdated(make: Callable[[Scene], object]) -> Callable[[Scene], object]:
    BACKDATED[make.__name__] = make
    return make


def start_over(scene: Scene) -> bytes:
    """A forged bag with a seal of its own, signed by a stranger today."""
    scene.forge_bag()
    scene.strip("SHA256*")
    content = scene.reseal()
    scene.sign_as(EVE, content)
    return content


@backdated
def token_of_another_bag(scene: Scene) -> None:
    start_over(scene)
    for path in scene.other.folder.glob("*.ts?"):
        shutil.copy(path, scene.folder / path.name.replace(scene.signature.stem, EVE.public_key.safe_name))


@backdated
def token_of_the_true_bag(scene: Scene) -> None:
    retained = {path.suffix: path.read_bytes() for path in scene.folder.glob("*.ts?")}
    start_over(scene)
    for suffix, content in retained.items():
        (scene.folder / f"seal.01{suffix}").write_bytes(content)
        (scene.folder / f"{EVE.public_key.safe_name}.01{suffix}").write_bytes(content)


@backdated
def token_of_an_authority_with_the_same_name(scene: Scene) -> None:
    start_over(scene)
    scene.stamp("seal.json", scene.evil_chain, OLD)


@backdated
def token_that_carries_the_trusted_root_beside_its_own(scene: Scene) -> None:
    start_over(scene)
    evil = scene.evil_chain
    scene.stamp("seal.json", evil, OLD, Way(time=OLD, certificates=(evil.leaf, evil.issuing, scene.chain.root)))


@backdated
def token_signed_by_a_stranger_in_the_authoritys_name(scene: Scene) -> None:
    start_over(scene)
    query = make_query((scene.folder / "seal.json").read_bytes())
    reply = make_reply(query, scene.chain, Way(time=OLD, key=scene.evil_chain.leaf_key))
    (scene.folder / "seal.01.tsr").write_bytes(reply)


@backdated
def true_token_with_another_time_written_into_it(scene: Scene) -> None:
    start_over(scene)
    query = make_query((scene.folder / "seal.json").read_bytes())
    reply = make_reply(query, scene.chain, Way(time=NOW))
    assert reply.count(f"{NOW:%Y%m%d%H%M%S}Z".encode()) == 1
    old = reply.replace(f"{NOW:%Y%m%d%H%M%S}Z".encode(), f"{OLD:%Y%m%d%H%M%S}Z".encode())
    (scene.folder / "seal.01.tsr").write_bytes(old)


@backdated
def token_of_a_certificate_for_another_purpose(scene: Scene) -> None:
    from cryptography.x509.oid import ExtendedKeyUsageOID

    start_over(scene)
    web = make_chain(usages=(ExtendedKeyUsageOID.SERVER_AUTH,))
    (scene.trust / "tsa" / "web.pem").write_bytes(pem(web.root))
    scene.stamp("seal.json", web, OLD)


@backdated
def old_token_over_a_signature_that_fits_every_message(scene: Scene) -> None:
    """A key of small order signs nothing and so everything: stamped long ago, made to speak for a bag of today."""
    identity = (1).to_bytes(32, "little")
    key = PublicKey.from_point(identity)
    start_over(scene)
    name = f"{key.safe_name}.sig"
    fits = sshsig.Signature(key, NAMESPACE, "sha512", "ssh-ed25519", string(identity + bytes(32)))
    (scene.folder / name).write_bytes(sshsig.armoured(fits))
    scene.stamp(name, scene.chain, OLD)


@backdated
def renewal_of_the_true_bag_stored_beside_a_forged_seal(scene: Scene) -> None:
    renewal = make_renewal(scene.folder)
    (scene.folder / renewal.name).write_bytes(renewal.content)
    scene.stamp(renewal.name, scene.chain, OLD)
    start_over(scene)


@backdated
def old_token_over_a_renewal_that_lists_what_came_later(scene: Scene) -> None:
    start_over(scene)
    digest = hashlib.sha512((scene.folder / "seal.json").read_bytes()).hexdigest()
    (scene.folder / "renewal-01.txt").write_text("an old list\n")
    scene.stamp("renewal-01.txt", scene.chain, OLD)
    (scene.folder / "renewal-01.txt").write_text(f"{digest}  seal.json\n")


def test_the_true_bag_reads_as_trusted(scene: Scene) -> None:
    found = scene.judged()
    states = {question: found.answers[question].state for question in ("structure", "fixity", "who", "when")}
    assert set(states.values()) == {State.PASSED}, states
    assert found.answers["when"].facts["not_later_than"] == "2026-01-26T10:00:01Z"


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_does_not_read_as_trusted(scene: Scene, name: str) -> None:
    FORGERIES[name](scene)
    found = scene.judged()
    states = {question: found.answers[question].state for question in ("structure", "fixity", "who")}
    assert set(states.values()) != {State.PASSED}, states
    if states["fixity"] is State.PASSED:
        assert states["who"] is not State.PASSED


@pytest.mark.parametrize("name", BACKDATED)
def test_a_forgery_is_not_dated_back(scene: Scene, name: str) -> None:
    BACKDATED[name](scene)
    found = scene.judged()
    assert found.answers["fixity"].state is State.PASSED, "the bag itself is a sound one"
    assert found.answers["who"].state is not State.PASSED
    assert found.answers["when"].state is not State.PASSED
    assert "not_later_than" not in found.answers["when"].facts


def test_there_are_enough_of_them() -> None:
    assert len(FORGERIES) + len(BACKDATED) >= 25

"""A WACZ, by itself and in a bag: every digest that it states, its WARCs, who signed it, what else it needs."""

from __future__ import annotations

import hashlib
import json
import tarfile
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from archive.errors import StatementError
from archive.verify.result.verification import Verification
from archive.verify.run import verify
from archive_manifests.tags import DECLARATION
from archive_manifests.wacz_requirements import UNNAMED
from tests.archive.bag.test_hostile_packages import write_zip
from tests.archive.timestamp.test_against_openssl import text
from tests.archive.timestamp.test_list_issuers import crl
from tests.archive.verify.sample_bags import observed
from tests.archive.warc.warc_bytes import record, zipped
from tests.world.time_authority import NOW, Chain, certify, make_chain, new_key
from tests.world.wacz_bytes import Files, Signing, description, signed, wacz_bytes, wacz_files, write_wacz

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello"
WARC = zipped([record("response", 1, PAGE)])
KEY = ec.generate_private_key(ec.SECP384R1())


def whole() -> Files:
    return signed(wacz_files({"data.warc.gz": WARC}))


def checked(tmp_path: Path, files: Files, **how: object) -> Verification:
    how = {"now": NOW + timedelta(days=1), **how}
    return verify(write_wacz(tmp_path / "x.wacz", files), jobs=1, **how)  # type: ignore[arg-type]


def states(found: Verification) -> dict[str, str]:
    return {question: str(answer.state) for question, answer in found.answers.items()}


def test_a_whole_wacz_is_intact(tmp_path: Path) -> None:
    found = checked(tmp_path, whole())
    assert observed(found) == []
    assert (found.is_complete, found.is_valid, found.files) == (True, True, 5)
    assert states(found) == {
        "structure": "passed",
        "fixity": "passed",
        "warc": "passed",
        "coverage": "absent",
        "who": "absent",
        "when": "absent",
    }


def changed(name: str, content: bytes) -> Callable[[Files], Files]:
    return lambda files: {**files, name: content}


def without(name: str) -> Callable[[Files], Files]:
    return lambda files: {path: content for path, content in files.items() if path != name}


def described(**more: object) -> Callable[[Files], Files]:
    return lambda files: signed(
        {**files, "datapackage.json": json.dumps(json.loads(files["datapackage.json"]) | more).encode()}
    )


def _old(files: Files) -> Files:
    """As WACZ 1.0 stated digests."""
    stated = json.loads(files["datapackage.json"])
    for one in stated["resources"]:
        one |= {"hashing": "sha256", "stats": {"hash": one.pop("hash").removeprefix("sha256:"), "bytes": one.pop("bytes")}}
    return signed({**files, "datapackage.json": json.dumps(stated).encode()})


def _undigested(files: Files) -> Files:
    stated = json.loads(files["datapackage.json"])
    del stated["resources"][0]["hash"]
    return signed({**files, "datapackage.json": json.dumps(stated).encode()})


CASES: dict[str, tuple[Callable[[Files], Files], list[str]]] = {
    "digests as in WACZ 1.0": (_old, []),
    "a page list that was altered": (changed("pages/pages.jsonl", b"{}\n"), ["wacz-file-altered pages/pages.jsonl"]),
    "a WARC that was altered": (
        changed("archive/data.warc.gz", zipped([record("response", 2, PAGE)])),
        ["wacz-file-altered archive/data.warc.gz"],
    ),
    "no WARC at all": (
        lambda _: signed(wacz_files({"data.warc": b"not a warc at all"})),
        ["warc-garbage archive/data.warc"],
    ),
    "a WARC that is missing": (
        without("archive/data.warc.gz"),
        ["wacz-file-missing archive/data.warc.gz"],
    ),
    "a file more": (changed("archive/more.txt", b"x"), ["(wacz-file-unlisted archive/more.txt)"]),
    "a digest less": (_undigested, ["(wacz-description)"]),
    "a description that was altered": (
        lambda files: {**files, "datapackage.json": files["datapackage.json"] + b"\n"},
        ["wacz-description-altered datapackage.json"],
    ),
    "a description that is none": (
        changed("datapackage.json", b"[]"),
        ["wacz-description-altered datapackage.json"],
    ),
    "no description": (without("datapackage.json"), ["wacz-description-missing datapackage.json"]),
    "another file that it needs": (
        described(relation={"requires": [{"filename": "first.wacz", "hash": f"sha256:{'0' * 64}"}]}),
        ["wacz-requires"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_wacz_states_is_compared_with_what_it_holds(tmp_path: Path, case: str) -> None:
    change, expected = CASES[case]
    found = checked(tmp_path, change(whole()))
    assert observed(found) == expected
    assert bool(found.errors) == (str(found.outcome) in ("damaged", "incomplete", "contradictory"))


def test_a_wacz_that_needs_another_is_never_called_complete(tmp_path: Path) -> None:
    found = checked(tmp_path, CASES["another file that it needs"][0](whole()))
    assert (found.is_complete, str(found.outcome)) == (False, "incomplete")


def _domain(domain: str = "sign.example") -> tuple[Chain, ec.EllipticCurvePrivateKey]:
    key = new_key("ec")
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    chain = make_chain(name="Web CA")
    leaf = certify(domain, key, "Web CA CA", chain.issuing_key, NOW - timedelta(days=1), NOW + timedelta(days=80), is_ca=False)
    return Chain(chain.root, chain.issuing, leaf, chain.root_key, chain.issuing_key, key), key


@pytest.mark.parametrize("is_raw", [True, False], ids=["r and s", "DER"])
def test_the_signature_of_a_bare_key_is_checked_and_says_nothing_of_who_has_it(tmp_path: Path, is_raw: bool) -> None:
    found = checked(tmp_path, signed(whole(), Signing(KEY, is_raw)))
    assert observed(found) == []
    who = found.answers["who"]
    assert str(who.state) == "not-checked"
    assert "says nothing of who has it" in str(who.why)


def test_a_domains_signature_and_its_timestamp_are_checked(tmp_path: Path) -> None:
    chain, key = _domain()
    time = make_chain()
    trust = tmp_path / "trust"
    (trust / "tsa").mkdir(parents=True)
    (trust / "tsa/root.pem").write_bytes(time.root_pem)
    for carries in (True, False):
        files = signed(whole(), Signing(key, domain="sign.example", chain=chain, time=time, time_carries_certificates=carries))
        found = checked(tmp_path, files, trust=trust)
        assert observed(found) == ["(wacz-domain-not-vouched datapackage-digest.json)"]
        (signer,) = found.answers["who"].facts["signers"]  # type: ignore[misc]
        assert (signer["domain"], signer["root"]) == ("sign.example", None)
        assert "anybody can make such a certificate" in str(found.answers["who"].why)
        assert str(found.answers["when"].state) == "passed"
        assert str(checked(tmp_path, files).answers["when"].state) == "not-checked"


def trusting(folder: Path, *lines: str) -> Path:
    """A trust folder that believes these signers of recordings."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "wacz_signers").write_text("# recordings\n" + "".join(f"{line}\n" for line in lines))
    return folder


def test_a_recording_signed_with_a_key_that_the_reader_trusts_has_a_known_signer(tmp_path: Path) -> None:
    files = signed(whole(), Signing(KEY, is_raw=True))
    (signer,) = checked(tmp_path, files).answers["who"].facts["signers"]  # type: ignore[misc]
    trust = trusting(tmp_path / "trust", f"{signer['key']} Collector 7 of the Sana team")
    found = checked(tmp_path, files, trust=trust, require=("who",))
    assert observed(found) == []
    assert str(found.answers["who"].state) == "passed"
    assert str(found.answers["who"].why).startswith("Collector 7 of the Sana team (sha256:")

    other = trusting(tmp_path / "other", f"sha256:{'0' * 64} somebody else")
    assert str(checked(tmp_path, files, trust=other).answers["who"].state) == "not-checked"
    altered = {**files, "datapackage.json": files["datapackage.json"].replace(b"x", b"y", 1) + b" "}
    assert str(checked(tmp_path, altered, trust=trust).answers["who"].state) == "failed"


def test_a_recording_signed_with_a_certificate_that_the_reader_trusts_has_a_known_signer(tmp_path: Path) -> None:
    chain, key = _domain()
    time = make_chain()
    files = signed(whole(), Signing(key, domain="sign.example", chain=chain, time=time))
    (signer,) = checked(tmp_path, files).answers["who"].facts["signers"]  # type: ignore[misc]
    trust = trusting(tmp_path / "trust", f"{signer['certificate']} The archive of the court")
    assert str(checked(tmp_path, files, trust=trust).answers["who"].state) == "passed"
    (trust / "tsa").mkdir()
    (trust / "tsa/root.pem").write_bytes(time.root_pem)
    assert "signed not later than" in str(checked(tmp_path, files, trust=trust).answers["who"].why)


def test_a_trusted_domain_counts_where_its_certificate_led_to_a_root_at_a_proven_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain, key = _domain()
    time = make_chain()
    files = signed(whole(), Signing(key, domain="sign.example", chain=chain, time=time))
    trust = trusting(tmp_path / "trust", "domain:sign.example The archive of the court")
    times: list[object] = []
    monkeypatch.setattr("archive.verify.foreign.wacz_signature._root_of", lambda _one, _chain, at: times.append(at) or "A root")
    assert str(checked(tmp_path, files, trust=trust).answers["who"].state) == "not-checked"  # its time is not proven
    (trust / "tsa").mkdir()
    (trust / "tsa/root.pem").write_bytes(time.root_pem)
    found = checked(tmp_path, files, trust=trust)
    assert str(found.answers["who"].state) == "passed"
    assert times[-1] == datetime.fromisoformat(str(found.answers["when"].facts["not_later_than"]))
    monkeypatch.setattr("archive.verify.foreign.wacz_signature._root_of", lambda *_: None)
    assert str(checked(tmp_path, files, trust=trust).answers["who"].state) == "not-checked"


def test_when_a_certificate_led_to_a_root_is_said_to_be_proven_or_stated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain, key = _domain()
    time = make_chain()
    files = signed(whole(), Signing(key, domain="sign.example", chain=chain, time=time))
    trust = tmp_path / "trust"
    (trust / "tsa").mkdir(parents=True)
    (trust / "tsa/root.pem").write_bytes(time.root_pem)
    monkeypatch.setattr("archive.verify.foreign.wacz_signature._root_of", lambda *_: "A root")
    assert "as the file states without a signature, its" in str(checked(tmp_path, files).answers["who"].why)
    assert "by the timestamp, its certificate led to A root" in str(checked(tmp_path, files, trust=trust).answers["who"].why)


@pytest.mark.parametrize(
    ("created", "others"),
    [
        ("2026-11-22T10:00:00Z", []),
        ("2026-11-22T12:00:00+02:00", []),
        ("2026-11-22T10:05:00Z", ["datapackage.json: 2026-11-22T10:00:00Z"]),
        ("2020-01-01T00:00:00Z", ["datapackage.json: 2026-11-22T10:00:00Z, timestamp: 2026-11-22T10:00:01Z"]),
    ],
    ids=["the same", "in another zone", "not the description's", "neither the description's nor the timestamp's"],
)
def test_the_unsigned_time_beside_a_signature_is_compared(tmp_path: Path, created: str, others: list[str]) -> None:
    chain, key = _domain()
    signing = Signing(key, domain="sign.example", chain=chain, time=make_chain())
    found = checked(tmp_path, signed(whole(), signing, created=created))
    assert {(one.code, one.expected, one.found) for one in found.findings} == {
        ("wacz-domain-not-vouched", None, "sign.example"),
        *(("wacz-created-differs", other, created) for other in others),
    }


def test_a_line_of_trust_in_recordings_that_is_none_is_an_error(tmp_path: Path) -> None:
    trust = trusting(tmp_path / "trust", "sha256:12 nobody")
    with pytest.raises(StatementError, match=r"wacz_signers, line 2: 'sha256:12 nobody'; expected sha256:HEX NAME"):
        checked(tmp_path, whole(), trust=trust)


FORGED: dict[str, tuple[dict[str, object], list[str]]] = {
    "a hash of something else": ({"hash": f"sha256:{'0' * 64}"}, ["wacz-signature-bad datapackage-digest.json"]),
    "a signature by another key": (
        {"signature": __import__("base64").b64encode(bytes(96)).decode()},
        ["wacz-signature-bad datapackage-digest.json"],
    ),
    "a signature that is no base64": ({"signature": "!"}, ["wacz-signature-bad datapackage-digest.json"]),
    "a key that cannot be read": ({"publicKey": "AAAA"}, ["(wacz-signature-unread datapackage-digest.json)"]),
    "no key": ({"publicKey": None}, ["(wacz-signature-unread datapackage-digest.json)"]),
    "a timestamp that is none": ({"timeSignature": "AAAA"}, ["wacz-stamp-bad datapackage-digest.json"]),
}


@pytest.mark.parametrize("case", FORGED)
def test_a_forged_signature_is_found(tmp_path: Path, case: str) -> None:
    changes, expected = FORGED[case]
    found = checked(tmp_path, signed(whole(), Signing(KEY, True), **changes))
    assert observed(found) == expected
    is_bad = expected == ["wacz-signature-bad datapackage-digest.json"]
    assert (str(found.answers["who"].state) == "failed") is is_bad


def test_a_certificate_for_another_domain_is_a_bad_signature(tmp_path: Path) -> None:
    chain, key = _domain("other.example")
    found = checked(tmp_path, signed(whole(), Signing(key, domain="sign.example", chain=chain)))
    assert observed(found) == ["wacz-signature-bad datapackage-digest.json"]


def test_a_timestamp_over_another_signature_is_bad(tmp_path: Path) -> None:
    chain, key = _domain()
    one = json.loads(signed(whole(), Signing(key, domain="sign.example", chain=chain, time=make_chain()))["datapackage-digest.json"])
    stamp = {name: one["signedData"][name] for name in ("timeSignature", "timestampCert")}
    found = checked(tmp_path, signed(whole(), Signing(key, domain="sign.example", chain=chain), **stamp))
    assert observed(found) == ["wacz-stamp-bad datapackage-digest.json"]


def timed(tmp_path: Path, files: Files, **lists: bytes) -> tuple[Files, Path]:
    """The files with a signature and a timestamp of `NOW`, and a trust folder that holds the authority's root."""
    chain, key = _domain()
    time = make_chain()
    trust = tmp_path / "trust"
    (trust / "tsa").mkdir(parents=True)
    (trust / "tsa/root.pem").write_bytes(time.root_pem)
    if lists:
        revoked = crl(time.issuing, time.issuing_key, time.leaf.serial_number)
        (trust / "tsa/a.crl").write_bytes(text(revoked))
    return signed(files, Signing(key, domain="sign.example", chain=chain, time=time)), trust


def test_a_timestamp_of_a_revoked_authority_or_from_the_future_proves_nothing(tmp_path: Path) -> None:
    files, trust = timed(tmp_path / "one", wacz_files({"data.warc.gz": WARC}))
    assert checked(tmp_path, files, trust=trust).answers["when"].state == "passed"
    early = checked(tmp_path, files, trust=trust, now=NOW - timedelta(days=1))
    assert (observed(early), early.answers["when"].state) == (["wacz-stamp-bad datapackage-digest.json"], "failed")
    files, trust = timed(tmp_path / "two", wacz_files({"data.warc.gz": WARC}), revoked=b"")
    for more in ({"trust": trust}, {"trust": trust, "now": NOW + timedelta(days=400)}):
        found = checked(tmp_path, files, **more)
        assert (observed(found), found.answers["when"].state) == (["wacz-stamp-bad datapackage-digest.json"], "failed")


def test_a_wacz_with_records_from_after_its_timestamp_contradicts_it(tmp_path: Path) -> None:
    later = zipped([record("response", 1, PAGE, WARC_Date="2026-11-22T12:00:00Z")])
    files, trust = timed(tmp_path, wacz_files({"data.warc.gz": later}))
    found = checked(tmp_path, files, trust=trust)
    domain = "(wacz-domain-not-vouched datapackage-digest.json)"
    expected = ["captured-after-stamp archive/data.warc.gz", domain]
    assert (observed(found), found.answers["when"].state) == (expected, "failed")
    assert observed(checked(tmp_path, files)) == [domain]


def test_a_timestamp_over_a_signature_that_does_not_hold_is_no_answer(tmp_path: Path) -> None:
    files, trust = timed(tmp_path, wacz_files({"data.warc.gz": WARC}))
    statement = json.loads(files["datapackage-digest.json"])
    statement["signedData"]["hash"] = f"sha256:{'0' * 64}"
    found = checked(tmp_path, {**files, "datapackage-digest.json": json.dumps(statement).encode()}, trust=trust)
    assert observed(found) == ["wacz-signature-bad datapackage-digest.json"]
    assert {found.answers[question].state for question in ("who", "when")} == {"failed"}


def bag_of(folder: Path, files: dict[str, bytes]) -> Path:
    (folder / "data").mkdir(parents=True)
    for name, content in files.items():
        (folder / "data" / name).write_bytes(content)
    lines = (f"{hashlib.sha256(content).hexdigest()}  data/{name}\n" for name, content in files.items())
    (folder / "manifest-sha256.txt").write_text("".join(lines))
    (folder / "bagit.txt").write_text(DECLARATION)
    return folder


def test_a_wacz_in_a_bag_is_checked_too(tmp_path: Path) -> None:
    bad = wacz_bytes(CASES["a page list that was altered"][0](whole()))
    found = verify(bag_of(tmp_path / "R1", {"good.wacz": wacz_bytes(whole()), "bad.wacz": bad}), jobs=1)
    assert observed(found) == ["(tagmanifest-absent)", "wacz-file-altered data/bad.wacz"]
    (altered,) = (one for one in found.findings if one.code == "wacz-file-altered")
    assert altered.note == "pages/pages.jsonl"
    # The bag's own manifest holds: two statements in the WACZ disagree, and nothing in the bag was altered.
    assert (altered.kind, altered.question, found.outcome) == ("contradiction", "warc", "contradictory")
    assert {name: str(found.answers[name].state) for name in ("structure", "fixity", "warc")} == {
        "structure": "passed",
        "fixity": "passed",
        "warc": "failed",
    }
    assert (found.is_complete, found.is_valid) == (True, True)


def test_a_wacz_that_was_altered_in_a_bag_is_damage(tmp_path: Path) -> None:
    bag = bag_of(tmp_path / "R1", {"visit.wacz": wacz_bytes(whole())})
    bad = wacz_bytes(CASES["a page list that was altered"][0](whole()))
    (bag / "data" / "visit.wacz").write_bytes(bad)
    found = verify(bag, jobs=1)
    assert {(one.code, str(one.kind)) for one in found.findings if one.severity == "error"} == {
        ("payload-altered", "damage"),
        ("wacz-file-altered", "damage"),
    }
    assert (found.outcome, found.is_valid) == ("damaged", False)


def _packed(bag: Path, ending: str) -> Path:
    if ending == "zip":
        return write_zip(bag.with_name("R1.zip"), bag)
    place = bag.with_name("R1.tar.gz")
    with tarfile.open(place, "w:gz") as packed:
        packed.add(bag, "R1")
    return place


@pytest.mark.parametrize("ending", ["zip", "tar.gz"])
def test_a_wacz_that_lies_compressed_in_a_package_is_checked_and_no_copy_is_left(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    bad = wacz_bytes(CASES["a page list that was altered"][0](whole()))
    files = {"good.wacz": wacz_bytes(whole()), "bad.wacz": bad, "none.wacz": b"no zip"}
    found = verify(_packed(bag_of(tmp_path / "R1", files), ending), jobs=1)
    assert observed(found) == [
        "(tagmanifest-absent)",
        "wacz-file-altered data/bad.wacz",
        "package-broken data/none.wacz",
    ]
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize("ending", ["zip", "tar.gz"])
def test_a_compressed_wacz_over_the_limit_is_not_called_checked(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.bag.temporary_copies.LIMIT", 64)
    found = verify(_packed(bag_of(tmp_path / "R1", {"good.wacz": wacz_bytes(whole())}), ending), jobs=1)
    assert observed(found) == ["(tagmanifest-absent)", "(wacz-unchecked data/good.wacz)"]
    assert found.answers["warc"].why == "could not be checked: data/good.wacz"


def test_a_wacz_in_a_bag_may_need_one_that_is_in_the_bag(tmp_path: Path) -> None:
    first = wacz_bytes(whole())
    needs = {"filename": "first.wacz", "hash": f"sha256:{hashlib.sha256(first).hexdigest()}"}
    second = wacz_bytes(described(relation={"requires": [needs]})(whole()))
    both = verify(bag_of(tmp_path / "R1", {"first.wacz": first, "second.wacz": second}), jobs=1)
    assert observed(both) == ["(tagmanifest-absent)"]
    alone = verify(bag_of(tmp_path / "R2", {"second.wacz": second}), jobs=1)
    assert observed(alone) == ["(tagmanifest-absent)", "(wacz-requires data/second.wacz)"]


def _flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :]


def _in_zip(name: str) -> Callable[[bytes, Files], bytes]:
    return lambda data, files: _flipped(data, data.index(files[name]) + len(files[name]) // 2)


DAMAGES: dict[str, tuple[Callable[[bytes, Files], bytes], str]] = {
    "a byte of the WARC": (_in_zip("archive/data.warc.gz"), "package-damaged archive/data.warc.gz"),
    "a byte of the description": (_in_zip("datapackage.json"), "package-damaged datapackage.json"),
    "a byte of the digest": (_in_zip("datapackage-digest.json"), "package-damaged datapackage-digest.json"),
    "a byte of the pages": (_in_zip("pages/pages.jsonl"), "package-damaged pages/pages.jsonl"),
    "the end cut off": (lambda data, _: data[:-10], "package-broken"),
    "half cut off": (lambda data, _: data[: len(data) // 2], "package-broken"),
}


@pytest.mark.parametrize("case", DAMAGES)
def test_one_damage_of_the_zip_is_one_finding_and_nothing_unread_is_called_passed(tmp_path: Path, case: str) -> None:
    damage, expected = DAMAGES[case]
    files = signed(whole(), Signing(ec.generate_private_key(ec.SECP384R1())))
    place = write_wacz(tmp_path / "a.wacz", files)
    place.write_bytes(damage(place.read_bytes(), files))
    found = verify(place)
    assert observed(found) == [expected]
    is_unread = "WARC" in case or "cut" in case
    assert (states(found)["warc"] == "passed") is not is_unread
    assert states(found)["fixity"] == "not-checked"


def test_where_one_of_the_warcs_cannot_be_read_the_others_do_not_pass_for_it(tmp_path: Path) -> None:
    files = signed(wacz_files({"data.warc.gz": WARC, "more.warc.gz": zipped([record("response", 2, PAGE)])}))
    place = write_wacz(tmp_path / "a.wacz", files)
    place.write_bytes(_in_zip("archive/more.warc.gz")(place.read_bytes(), files))
    found = verify(place)
    assert observed(found) == ["package-damaged archive/more.warc.gz"]
    assert {name: states(found)[name] for name in ("structure", "fixity", "warc")} == {
        "structure": "failed",
        "fixity": "not-checked",
        "warc": "not-checked",
    }
    assert found.answers["warc"].why == "could not be checked: archive/more.warc.gz"


ALTERED: dict[str, tuple[Callable[[Files], Files], str, str]] = {
    "a damaged WARC": (
        lambda files: {**files, "archive/data.warc.gz": _flipped(files["archive/data.warc.gz"], 200)},
        "wacz-file-altered archive/data.warc.gz",
        "warc",
    ),
    "a description that was signed": (
        lambda files: {**files, "datapackage.json": files["datapackage.json"] + b"\n"},
        "wacz-description-altered datapackage.json",
        "who",
    ),
    "a description that is none": (
        lambda files: {**files, "datapackage.json": b"{"},
        "wacz-description-altered datapackage.json",
        "who",
    ),
    "pages": (lambda files: {**files, "pages/pages.jsonl": b"x"}, "wacz-file-altered pages/pages.jsonl", "fixity"),
}


@pytest.mark.parametrize("case", ALTERED)
def test_one_altered_file_is_one_finding_and_each_answer_that_it_concerns_fails(tmp_path: Path, case: str) -> None:
    change, expected, question = ALTERED[case]
    found = checked(tmp_path, change(signed(whole(), Signing(ec.generate_private_key(ec.SECP384R1())))))
    assert observed(found) == [expected]
    assert (states(found)["fixity"], states(found)[question]) == ("failed", "failed")


def digest_of(**fields: str) -> Callable[[Files], Files]:
    def change(files: Files) -> Files:
        digest = hashlib.sha256(files["datapackage.json"]).hexdigest()
        stated = {key: value.replace("HEX", digest) for key, value in fields.items()}
        return {**files, "datapackage-digest.json": json.dumps(stated).encode()}

    return change


DIGESTS: dict[str, tuple[Callable[[Files], Files], list[str]]] = {
    "another": (
        digest_of(path="datapackage.json", hash=f"sha256:{'0' * 64}"),
        ["wacz-description-altered datapackage.json"],
    ),
    "nonsense": (digest_of(path="datapackage.json", hash="x"), ["wacz-description datapackage-digest.json"]),
    "none": (digest_of(path="datapackage.json"), ["wacz-description datapackage-digest.json"]),
    "bare hex": (digest_of(path="datapackage.json", hash="HEX"), ["(wacz-description)"]),
    "another bare hex": (
        digest_of(path="datapackage.json", hash="0" * 64),
        ["(wacz-description)", "wacz-description-altered datapackage.json"],
    ),
    "another path": (digest_of(path="x.json", hash="sha256:HEX"), ["(wacz-description)"]),
}


@pytest.mark.parametrize("case", DIGESTS)
def test_a_digest_file_must_state_the_digest_of_the_description(tmp_path: Path, case: str) -> None:
    change, expected = DIGESTS[case]
    assert observed(checked(tmp_path, change(whole()))) == expected


HEADING = b'{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}\n'
PAGE_LINE = b'{"url": "%s", "ts": "%s"}\n'
PAGE_LISTS: dict[str, tuple[bytes, list[str]]] = {
    "no heading": (PAGE_LINE % (b"https://sn4hr.org/a", b"2026-11-22T10:00:00Z"), []),
    "heading alone": (HEADING, []),
    "a fraction and an offset": (HEADING + PAGE_LINE % (b"https://sn4hr.org/a#x", b"2026-11-22T10:00:00.5+02:00"), []),
    "no JSON": (b"garbage\n", ["(wacz-pages pages/pages.jsonl)"]),
    "empty": (b"", ["(wacz-pages pages/pages.jsonl)"]),
    "no url": (HEADING + b'{"ts": "2026-11-22T10:00:00Z"}\n', ["(wacz-pages pages/pages.jsonl)"]),
    "an odd time": (HEADING + PAGE_LINE % (b"https://sn4hr.org/a", b"yesterday"), ["(wacz-pages pages/pages.jsonl)"]),
    "a list": (HEADING + b"[1]\n", ["(wacz-pages pages/pages.jsonl)"]),
    "a page that is nowhere": (
        HEADING + PAGE_LINE % (b"https://nowhere.example/", b"2026-11-22T10:00:00Z"),
        ["(wacz-page-unfounded pages/pages.jsonl)"],
    ),
}


@pytest.mark.parametrize("case", PAGE_LISTS)
def test_the_list_of_pages_is_of_its_form_and_every_page_is_recorded(tmp_path: Path, case: str) -> None:
    content, expected = PAGE_LISTS[case]
    files = {name: stored for name, stored in whole().items() if not name.startswith("datapackage")}
    files["pages/pages.jsonl"] = content
    files["datapackage.json"] = json.dumps(description(files)).encode()
    found = checked(tmp_path, signed(files))
    assert observed(found) == expected


@pytest.mark.parametrize("name", ["pages/pages.jsonl", "indexes/index.cdx"])
def test_a_wacz_without_its_pages_or_index_lacks_what_it_must_have(tmp_path: Path, name: str) -> None:
    files = {one: stored for one, stored in whole().items() if one != name and not one.startswith("datapackage")}
    files["datapackage.json"] = json.dumps(description(files)).encode()
    found = checked(tmp_path, signed(files))
    assert [(one.code, str(one.severity)) for one in found.findings] == [("wacz-layout", "warning")]
    assert [str(one.severity) for one in verify(tmp_path / "x.wacz", strict=True).findings] == ["error"]


REQUIRED: dict[str, tuple[dict[str, object], list[str]]] = {
    "a name": ({"relation": {"requires": "o.wacz"}}, ["o.wacz"]),
    "names": ({"relation": {"requires": ["o.wacz", "p.wacz"]}}, ["o.wacz", "p.wacz"]),
    "an object": ({"relation": {"requires": {"filename": "o.wacz"}}}, ["o.wacz"]),
    "objects with other keys": ({"relation": {"requires": [{"name": "o"}, {"path": "p"}, {"url": "u"}]}}, ["o", "p", "u"]),
    "a table": ({"relation": {"requires": {"o.wacz": f"sha256:{'0' * 64}", "p.wacz": None}}}, ["o.wacz", "p.wacz"]),
    "at the top": ({"requires": ["o.wacz"]}, ["o.wacz"]),
    "in the metadata": ({"metadata": {"relation": {"Requires": ["o.wacz"]}}}, ["o.wacz"]),
    "a digest alone": ({"relation": {"requires": [{"hash": f"sha256:{'0' * 64}"}]}}, [UNNAMED]),
    "what nobody can read": ({"relation": {"requires": [{}, 5]}}, [UNNAMED]),
    "nothing": ({"relation": {"requires": []}}, []),
}


@pytest.mark.parametrize("case", REQUIRED)
def test_whatever_form_a_need_has_the_wacz_is_not_complete(tmp_path: Path, case: str) -> None:
    more, names = REQUIRED[case]
    found = checked(tmp_path, described(**more)(whole()))
    assert [one.note for one in found.findings] == [f"needs {name}" for name in names]
    assert found.is_complete is not bool(names)


def test_a_file_without_a_known_digest_leaves_fixity_unchecked(tmp_path: Path) -> None:
    assert states(checked(tmp_path, _undigested(whole())))["fixity"] == "not-checked"


def test_a_collection_of_other_wacz_files_says_what_to_do(tmp_path: Path) -> None:
    inner = write_wacz(tmp_path / "inner.wacz", whole()).read_bytes()
    resource = {"name": "one.wacz", "path": "one.wacz", "hash": f"sha256:{hashlib.sha256(inner).hexdigest()}"}
    description = json.dumps({"profile": "multi-wacz-package", "resources": [resource]}).encode()
    found = checked(tmp_path, {"datapackage.json": description, "one.wacz": inner})
    (missing,) = (one for one in found.findings if one.code == "wacz-no-warc")
    assert missing.note == "a collection of other WACZ files (1): give each by itself; the first is one.wacz"
    assert str(found.outcome) == "incomplete"

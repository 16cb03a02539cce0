"""`archive keygen` and `archive sign` at the command line, and what `archive verify` says of what they made."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.ssh.keys import write_new_key
from archive_cli.main import main
from tests.world.sealed_bag import make_bag
from tests.world.time_authority import (
    NEEDS_OPENSSL,
    NEEDS_SSH_KEYGEN,
    OPENSSL,
    SSH_KEYGEN,
    by_hand,
    make_chain,
    make_reply,
    openssl_verifies,
    pem,
    serve,
    wall_clock,
)


def run(*arguments: str | Path, given: str | None = None, **environment: str) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments], input=given, env=environment)


def answer(*arguments: str | Path, code: int = 0) -> dict[str, Any]:
    done = run(*arguments, "--json")
    assert done.exit_code == code, done.output
    assert done.stdout.count("\n") == 1
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    return make_bag(tmp_path / "R1")


@pytest.fixture
def key(tmp_path: Path) -> Path:
    write_new_key(tmp_path / "key", None)
    return tmp_path / "key"


def test_a_new_key_is_reported_with_its_fingerprint_and_the_line_for_a_partner(tmp_path: Path) -> None:
    done = run("keygen", "-o", tmp_path / "k", "--no-passphrase", "--name", "anna@ngo.example")
    assert done.exit_code == 0
    fingerprint, line = done.stdout.splitlines()
    public = (tmp_path / "k.pub").read_text().strip()
    assert line == f'anna@ngo.example namespaces="archive-bag,archive-custody,archive-receipt,archive-corroboration" {public}'
    assert re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}", fingerprint)
    observed = answer("keygen", "-o", tmp_path / "k2", "--no-passphrase")
    assert observed["schema"] == "archive.keygen/1"
    assert observed["public"] == str(tmp_path / "k2.pub")


def test_a_key_silently_on_its_passphrase_is_not_made(tmp_path: Path) -> None:
    done = run("keygen", "-o", tmp_path / "k")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--passphrase-file, or --no-passphrase" in done.stderr
    (tmp_path / "p").write_text("secret\n")
    both = run("keygen", "-o", tmp_path / "k", "--no-passphrase", "--passphrase-file", tmp_path / "p")
    assert both.exit_code == 2
    assert not (tmp_path / "k").exists()


def test_a_passphrase_out_of_a_file_locks_a_key_and_opens_it_again(tmp_path: Path, bag: Path) -> None:
    (tmp_path / "p").write_text("عبارة مرور\r\nsecond line\n")
    assert run("keygen", "-o", tmp_path / "k", "--passphrase-file", tmp_path / "p").exit_code == 0
    locked = run("sign", bag, "--key", tmp_path / "k")
    assert (locked.exit_code, locked.stdout) == (2, "")
    assert "encrypted; give its passphrase with --passphrase-file" in locked.stderr
    assert not (tmp_path / "R1.seal").exists(), "nothing is written before every key is open"
    (tmp_path / "wrong").write_text("other")
    assert run("sign", bag, "--key", tmp_path / "k", "--passphrase-file", tmp_path / "wrong").exit_code == 2
    assert run("sign", bag, "--key", tmp_path / "k", "--passphrase-file", tmp_path / "p").exit_code == 0


def test_what_is_signed_and_stamped_is_what_verify_and_others_find(tmp_path: Path, bag: Path) -> None:
    """The whole way: two keys, two authorities, then verify with trust, ssh-keygen and openssl."""
    chain, other = make_chain(name="One Time"), make_chain(name="Other Time")
    trust = tmp_path / "trust"
    (trust / "tsa").mkdir(parents=True)
    (trust / "tsa" / "roots.pem").write_bytes(pem(chain.root, other.root))
    lines = [
        answer("keygen", "-o", tmp_path / name, "--no-passphrase", "--name", f"{name}@ngo.example")["allowed_signers"]
        for name in ("anna", "omar")
    ]
    (trust / "allowed_signers").write_text("".join(f"{line}\n" for line in lines))
    before = {path: path.read_bytes() for path in bag.rglob("*") if path.is_file()}
    now = wall_clock()
    with serve(by_hand(chain, time=now)) as one, serve(by_hand(other, time=now)) as two:
        keys = ("--key", tmp_path / "anna", "--key", tmp_path / "omar")
        observed = answer("sign", bag, *keys, "--tsa", one.url, "--tsa", two.url, "--trust", trust, "--allow-private")
    folder = tmp_path / "R1.seal"
    assert observed["schema"] == "archive.sign/1"
    assert (observed["bag"], observed["seal"]) == (str(bag), str(folder))
    assert len(observed["signed"]) == 2
    assert [(stamp["problem"], stamp["authority"]) for stamp in observed["stamps"]] == [
        (None, "One Time (Loopback)"),
        (None, "Other Time (Loopback)"),
    ] * 2
    assert {path: path.read_bytes() for path in bag.rglob("*") if path.is_file()} == before, "the bag is not touched"
    found = answer("verify", bag, "--trust", trust, "--require", "who,when")
    assert found["answers"]["who"]["state"] == found["answers"]["when"]["state"] == "passed"
    assert found["findings"] == []
    if SSH_KEYGEN is not None:
        for stamp, name in zip(observed["stamps"][::2], ("anna", "omar"), strict=True):
            command = [SSH_KEYGEN, "-Y", "verify", "-f", trust / "allowed_signers", "-I", f"{name}@ngo.example"]
            command += ["-n", "archive-bag", "-s", folder / stamp["over"]]
            subprocess.run(command, input=(folder / "seal.json").read_bytes(), check=True, capture_output=True)
    if OPENSSL is not None:
        for stamp, root in zip(observed["stamps"], [chain.root, other.root] * 2, strict=True):
            reply, data = (folder / stamp["stored"]).read_bytes(), (folder / stamp["over"]).read_bytes()
            assert openssl_verifies(tmp_path / "openssl", root, reply, data, now)


@pytest.mark.skipif(SSH_KEYGEN is None, reason=NEEDS_SSH_KEYGEN)
def test_the_tools_of_others_were_there_to_be_requested() -> None:
    if OPENSSL is None:
        pytest.skip(NEEDS_OPENSSL)


def test_signing_again_adds_and_never_replaces(tmp_path: Path, bag: Path, key: Path) -> None:
    assert run("sign", bag, "--key", key).exit_code == 0
    folder = tmp_path / "R1.seal"
    first = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "statement.html"}
    log = first.pop("custody.jsonl")
    write_new_key(tmp_path / "second", None)
    assert run("sign", bag, "--key", tmp_path / "second", "--key", key).exit_code == 0
    now = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert first.items() <= now.items()
    assert now["custody.jsonl"].startswith(log)
    assert [json.loads(line)["outcome"] for line in now["custody.jsonl"].splitlines()] == ["sealed"] * 2
    assert run("sign", bag, "--key", key).exit_code == 0
    assert (folder / "custody.jsonl").read_bytes() == now["custody.jsonl"]
    assert len([name for name in now if name.startswith("SHA256-")]) == 2


def proofs(folder: Path) -> dict[str, bytes]:
    """All but the custody log, which holds the time of signing."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith("custody")}


def test_a_bag_is_signed_as_a_package_too_and_has_the_same_seal(tmp_path: Path, bag: Path, key: Path) -> None:
    assert run("sign", bag, "--key", key).exit_code == 0
    seal = proofs(tmp_path / "R1.seal")
    shutil.rmtree(tmp_path / "R1.seal")
    shutil.make_archive(str(bag), "tar", tmp_path, "R1")
    assert run("sign", tmp_path / "R1.tar", "--key", key).exit_code == 0
    assert proofs(tmp_path / "R1.seal") == seal


def test_an_authority_that_fails_leaves_the_signature_and_exit_code_1(tmp_path: Path, bag: Path, key: Path) -> None:
    with serve(by_hand(make_chain()), "error") as authority:
        done = run("sign", bag, "--key", key, "--tsa", authority.url, "--allow-private")
    assert done.exit_code == 1
    assert f"archive: no timestamp: {authority.url}: responded with 500\n" in done.stderr
    assert sorted(path.suffix for path in (tmp_path / "R1.seal").iterdir()) == [".html", ".json", ".jsonl", ".sig", ".sig"]


def test_connect_to_leads_an_authoritys_name_elsewhere(bag: Path, key: Path) -> None:
    with serve(by_hand(make_chain(), time=wall_clock())) as authority:
        port = authority.url.split(":")[2].split("/")[0]
        routed = ("--connect-to", f"tsa.example:80:127.0.0.1:{port}")
        observed = answer("sign", bag, "--key", key, "--tsa", "http://tsa.example/tsa", *routed)
        assert len(authority.queries) == 1
    assert observed["stamps"][0]["problem"] is None
    assert observed["answers"]["when"]["state"] == "not-checked"


def test_queries_go_out_on_a_stick_and_answers_come_back(tmp_path: Path, bag: Path, key: Path) -> None:
    chain = make_chain()
    observed = answer("sign", bag, "--key", key, "--queue", "--tsa", "http://a.example/", "--tsa", "http://b.example/")
    assert len(observed["queued"]) == 2
    assert observed["answers"]["when"] == {"state": "absent", "why": "no timestamp; queries that wait for an answer: 2"}
    answers = []
    for number, name in enumerate(observed["queued"]):
        query = (tmp_path / "R1.seal" / name).read_bytes()
        stick = tmp_path / f"answer{number}"
        stick.write_bytes(make_reply(query, chain))
        answers += ["--import", stick]
    observed = answer("sign", bag, *answers)
    assert [stamp["problem"] for stamp in observed["stamps"]] == [None, None]
    assert observed["answers"]["when"]["state"] == "not-checked"
    again = answer("sign", bag, *answers, code=1)
    assert "imported already" in again["stamps"][0]["problem"]


def test_renewing_stamps_everything_again(tmp_path: Path, bag: Path, key: Path) -> None:
    chain = make_chain()
    with serve(by_hand(chain, time=wall_clock())) as authority:
        network = ("--tsa", authority.url, "--allow-private")
        assert run("sign", bag, "--key", key, *network).exit_code == 0
        observed = answer("sign", bag, "--renew", *network)
    assert [stamp["over"] for stamp in observed["stamps"]] == ["renewal-01.txt"]
    assert (tmp_path / "R1.seal" / "renewal-01.01.tsr").exists()


def test_certificates_that_end_soon_are_reported_when_signing(tmp_path: Path, bag: Path, key: Path) -> None:
    from datetime import timedelta

    chain = make_chain(ends=wall_clock() + timedelta(days=100))
    (tmp_path / "trust" / "tsa").mkdir(parents=True)
    (tmp_path / "trust" / "tsa" / "root.pem").write_bytes(pem(chain.root))
    with serve(by_hand(chain, time=wall_clock())) as authority:
        network = ("--tsa", authority.url, "--allow-private", "--trust", tmp_path / "trust")
        done = run("sign", bag, "--key", key, *network)
    assert done.exit_code == 0
    assert "warning: stamp-renewal-due: a certificate of Loopback Time ends on" in done.stderr


def test_a_key_for_logging_in_is_warned_of(tmp_path: Path, bag: Path) -> None:
    (tmp_path / "home" / ".ssh").mkdir(parents=True)
    write_new_key(tmp_path / "home" / ".ssh" / "id_ed25519", None)
    write_new_key(tmp_path / "home" / ".ssh" / "bags", None)
    home = {"HOME": str(tmp_path / "home"), "USERPROFILE": str(tmp_path / "home")}
    warned = run("sign", bag, "--key", tmp_path / "home" / ".ssh" / "id_ed25519", **home)
    assert warned.exit_code == 0
    assert "is a key for logging in elsewhere" in warned.stderr
    assert "archive keygen" in warned.stderr
    assert "logging in" not in run("sign", bag, "--key", tmp_path / "home" / ".ssh" / "bags", **home).stderr


def test_a_public_key_signs_by_the_agent_or_says_that_none_runs(tmp_path: Path, bag: Path, key: Path) -> None:
    done = CliRunner().invoke(main, ["sign", str(bag), "--key", f"{key}.pub"], env={"SSH_AUTH_SOCK": None})
    assert done.exit_code == 2
    assert "no ssh-agent is running" in done.stderr
    assert not (tmp_path / "R1.seal").exists()


@pytest.mark.parametrize(
    ("arguments", "observed"),
    [
        ((), "nothing to do; give --key to sign"),
        (("--renew",), "nothing to do"),
        (("--renew", "--key", "KEY"), "--renew stamps anew, so it needs an authority"),
        (("--key", "nothing"), "nothing: no such key file; make a key with `archive keygen`"),
        (("--key", "BAG/bagit.txt"), "not a private key in OpenSSH's format"),
        (("--key", "KEY", "--trust", "nothing"), "no such trust folder"),
        (("--key", "KEY", "--tsa", "nosuch"), "nosuch: no authority of this name; there are "),
        (("--key", "KEY", "--tsa", "ftp://x.example"), "an authority has an http or https address"),
        (("--key", "KEY", "--tsa", "http://"), "http://: no web address; write https://HOST/PATH, or a name: freetsa"),
        (("--key", "KEY", "--tsa", "https://bad host/"), "https://bad host/: no web address"),
        (("--key", "KEY", "--tsa", "http://x.example:99999/"), "http://x.example:99999/: no web address"),
        (("--key", "KEY", "--tsa", "http://x.example", "--connect-to", "x"), "--connect-to x: expected"),
    ],
)
def test_wrong_usage_is_reported_in_a_line_with_exit_code_2(
    bag: Path, key: Path, arguments: tuple[str, ...], observed: str
) -> None:
    filled = [one.replace("KEY", str(key)).replace("BAG", str(bag)) for one in arguments]
    done = run("sign", bag, *filled)
    assert (done.exit_code, done.stdout) == (2, "")
    assert observed in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_no_bag_is_not_sealed(tmp_path: Path, key: Path) -> None:
    (tmp_path / "folder").mkdir()
    done = run("sign", tmp_path / "folder", "--key", key)
    assert done.exit_code == 2
    assert "nothing was sealed" in done.stderr
    assert not (tmp_path / "folder.seal").exists()
    assert run("sign", tmp_path / "nothing", "--key", key).exit_code == 3


def test_nothing_of_the_machine_or_its_user_gets_into_a_seal(tmp_path: Path, bag: Path) -> None:
    """Planted names: user, home, host, time zone."""
    canaries = {"USER": "canary-user", "LOGNAME": "canary-user", "HOME": "/home/canary-home", "TZ": "Asia/Damascus"}
    canaries |= {"HOSTNAME": "canary-host", "LC_ALL": "ar_SY.UTF-8"}
    assert run("keygen", "-o", tmp_path / "k", "--no-passphrase", **canaries).exit_code == 0
    assert run("sign", bag, "--key", tmp_path / "k", "--queue", **canaries).exit_code == 0
    written = b"".join(path.read_bytes() for path in (tmp_path / "R1.seal").iterdir())
    written += (tmp_path / "k.pub").read_bytes()
    for name in (b"canary", b"Damascus", b"ar_SY", os.fsencode(tmp_path), os.uname().nodename.encode() + b"\n"):
        assert name not in written


def test_the_answer_says_in_plain_words_what_is_shown_and_what_not(tmp_path: Path, bag: Path, key: Path) -> None:
    done = run("sign", bag, "--key", key)
    page = (tmp_path / "R1.seal" / "statement.html").read_text()
    for sentence in (
        "That what the pages say is true",
        "That a site signed anything",
        "Since when nothing has changed",
    ):
        assert sentence in done.stdout
        assert sentence in page


def test_an_authority_that_is_named_is_known_by_the_digest_of_its_root(tmp_path: Path, bag: Path, key: Path) -> None:
    from archive.timestamp.presets import presets

    done = run("sign", bag, "--key", key, "--tsa", "FreeTSA", "--queue")
    assert done.exit_code == 0
    (root,) = presets()["freetsa"].roots
    assert f"to trust freetsa: put its root certificate into FOLDER/tsa; its SHA-256 is {root}\n" in done.stderr
    assert len(list((tmp_path / "R1.seal").glob("*.tsq"))) == 1


@pytest.mark.parametrize("command", [["sign", "--key"], ["pack", "-o"]], ids=["sign", "pack"])
def test_a_refusal_names_the_altered_file_beside_the_sum_that_differs(
    tmp_path: Path, bag: Path, key: Path, command: list[str]
) -> None:
    altered = next(path for path in sorted((bag / "data").rglob("*")) if path.is_file())
    altered.write_bytes(altered.read_bytes() + b"x")
    name, option = command
    done = run(name, bag, option, key if name == "sign" else tmp_path / "out")
    assert done.exit_code != 0
    assert "2 errors:" in done.stderr and "oxum-differs bag-info.txt" in done.stderr
    assert f"payload-altered {altered.relative_to(bag)}" in done.stderr
    assert not (tmp_path / "out").exists() and not (tmp_path / "R1.seal").exists()

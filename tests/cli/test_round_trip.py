"""Sender, partner, receipt, sender again: through the command line alone."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from archive.version import AGENT
from tests.cli.invoke import answer, run
from tests.world.sealed_bag import make_bag


def contents(folder: Path) -> dict[str, bytes]:
    return {os.fspath(place.relative_to(folder)): place.read_bytes() for place in folder.rglob("*") if place.is_file()}


def trusting(folder: Path, *lines: str) -> Path:
    folder.mkdir()
    (folder / "allowed_signers").write_text("".join(f"{line}\n" for line in lines))
    return folder


def test_a_bag_goes_to_a_partner_and_the_receipt_comes_back(tmp_path: Path) -> None:
    sender, partner, line = tmp_path / "sender", tmp_path / "partner", tmp_path / "line"
    for folder in (sender, partner, line):
        folder.mkdir()
    bag = make_bag(sender / "R1")
    sealer = answer("keygen", "-o", sender / "k", "--no-passphrase", "--name", "collector-7")
    receiver = answer("keygen", "-o", partner / "k", "--no-passphrase", "--name", "archive-3")
    at_partner = trusting(partner / "trust", sealer["allowed_signers"])
    at_sender = trusting(sender / "trust", receiver["allowed_signers"], sealer["allowed_signers"])

    assert run("sign", bag, "--key", sender / "k").exit_code == 0
    packed = answer("pack", bag, "-o", line, "--by", "collector-7")
    assert [one["name"] for one in packed["files"]] == ["R1.tar", "R1.seal.tar"]
    subprocess.run(["sha256sum", "-c", "--quiet", "R1.tar.sha256"], cwd=line, check=True)

    said = ("--trust", at_partner, "--key", partner / "k", "--by", "archive-3")
    received = answer("receive", line / "R1.tar", "--into", partner / "store", *said)
    assert received["verification"]["answers"]["who"]["state"] == "passed"
    assert contents(partner / "store" / "R1") == contents(bag)
    # The partner's bag vouches for itself, with the seal that came along.
    assert answer("verify", partner / "store" / "R1", "--trust", at_partner)["answers"]["who"]["state"] == "passed"

    back = sender / "back"
    back.mkdir()
    for path in map(Path, received["receipt_files"]):
        (back / path.name).write_bytes(path.read_bytes())
    checked = answer("verify", bag, "--trust", at_sender, "--receipt", back / "R1.receipt.json")
    assert checked["findings"] == []
    assert checked["receipt"]["signer"].startswith("archive-3 (SHA256:")
    assert checked["receipt"]["by"] == "archive-3"
    # Both logs say what each has done, and the partner's continues where the sender's ended.
    logs = [[json.loads(text) for text in place.read_text().splitlines()] for place in (
        sender / "R1.seal" / "custody.jsonl", partner / "store" / "R1.seal" / "custody.jsonl")]
    assert [(one["agent"], one["outcome"]) for one in logs[0]] == [
        (AGENT, "sealed"),
        ("collector-7", "packed"),
    ]
    assert logs[1][:2] == logs[0]
    assert [(one["agent"], one["outcome"]) for one in logs[1][2:]] == [("archive-3", "received")]

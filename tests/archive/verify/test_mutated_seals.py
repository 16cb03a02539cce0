"""Seal folders with flipped, swapped and doubled files, compared with ssh-keygen and openssl.

Where an answer is `passed`, the referees accept the files it rests on, and it says no more than the whole folder did.
"""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from archive.seal.sealing import SealOrder, seal_bag
from archive.ssh.allowed_signers import entry_line, parse
from archive.trust.anchors import Anchors
from archive.trust.custody_signatures import check_custody
from archive.verify.seal.when import answer_when
from archive.verify.seal.who import answer_who
from archive_manifests.findings import State
from tests.world.sealed_bag import file_key, make_sealed_bag
from tests.world.time_authority import (
    NEEDS_OPENSSL,
    NEEDS_SSH_KEYGEN,
    NOW,
    OPENSSL,
    SSH_KEYGEN,
    Chain,
    openssl_verifies,
)

pytestmark = [
    pytest.mark.skipif(SSH_KEYGEN is None, reason=NEEDS_SSH_KEYGEN),
    pytest.mark.skipif(OPENSSL is None, reason=NEEDS_OPENSSL),
]
ANNA, EVE = file_key(1), file_key(9)


def mutate(folder: Path, chance: random.Random, strange: bytes) -> None:
    """One to three changes to any files of the folder."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        names = sorted(path.name for path in folder.iterdir() if path.is_file())
        place = folder / chance.choice(names)
        content = bytearray(place.read_bytes())
        match chance.randrange(6):
            case 0 | 1 if content:
                content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
                place.write_bytes(content)
            case 2:
                place.write_bytes(bytes(content[: chance.randrange(len(content) + 1)]))
            case 3:
                place.write_bytes(bytes(content) + chance.choice([b"\n", b"\0", b" ", strange]))
            case 4:
                (folder / chance.choice(names)).write_bytes(bytes(content))
            case _:
                place.unlink()
        if not any(folder.iterdir()):
            return


def ssh_keygen_accepts(folder: Path, allowed: Path, name: str) -> bool:
    command = [str(SSH_KEYGEN), "-Y", "verify", "-f", str(allowed), "-I", "anna", "-n", "archive-bag", "-s", name]
    message = (folder / "seal.json").read_bytes()
    return subprocess.run(command, input=message, cwd=folder, capture_output=True, check=False).returncode == 0


def test_no_mutation_of_a_seal_makes_more_of_it(tmp_path: Path, chain: Chain) -> None:
    made = make_sealed_bag(tmp_path / "R1")
    made.stamp(made.sign(ANNA), chain)
    seal_bag(made.bag, made.folder, SealOrder((ANNA,)), None, None, NOW)
    (made.folder / f"{EVE.public_key.safe_name}.sig").write_bytes(b"junk")
    line = f"{entry_line('anna')(ANNA.public_key)}\n"
    (tmp_path / "allowed").write_text(line)
    anchors = Anchors(parse(line.encode()), (chain.root,))
    signature = f"{ANNA.public_key.safe_name}.sig"
    chance = random.Random(20261122)
    passed = {"who": 0, "when": 0}
    for number in range(160):
        folder = tmp_path / "mutated" / "R1.seal"
        shutil.rmtree(folder.parent, ignore_errors=True)
        shutil.copytree(made.folder, folder)
        mutate(folder, chance, made.content)
        who, _ = answer_who(folder, made.facts, anchors, NOW)
        when, _ = answer_when(folder, made.facts, anchors, NOW)
        custody = check_custody(folder, made.facts.events_head, anchors, NOW)
        if who.state is State.PASSED:
            passed["who"] += 1
            assert ssh_keygen_accepts(folder, tmp_path / "allowed", signature), number
        if when.state is State.PASSED:
            passed["when"] += 1
            assert when.facts["not_later_than"] == "2026-11-22T10:00:01Z"
            (good,) = {one["file"] for one in when.facts["stamps"] if one["state"] == "trusted"}  # type: ignore[attr-defined]
            reply, data = (folder / good).read_bytes(), (folder / signature).read_bytes()
            assert openssl_verifies(tmp_path / "openssl", chain.root, reply, data, NOW), number
        assert custody.signed_lines <= 1
    assert min(passed.values()) > 10, "some mutations touch what an answer does not rest on"
    assert max(passed.values()) < 155

"""Whom the reader trusts: OpenSSH's file, read as OpenSSH reads it."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.errors import StatementError, UsageProblem
from archive.ssh import signature
from archive.ssh.allowed_signers import entry_line, matches, parse
from archive.trust.anchors import load_anchors
from tests.world.sealed_bag import file_key
from tests.world.time_authority import NEEDS_SSH_KEYGEN, SSH_KEYGEN, make_chain, pem

ANNA, OMAR = file_key(1).public_key, file_key(2).public_key
NAMESPACE = "archive-bag"


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def test_every_form_of_an_entry_is_read() -> None:
    text = (
        "# whom we know\n"
        "\n"
        f"anna@ngo.example {ANNA.text} her laptop\n"
        f'  "omar@a.example,omar@b.example" namespaces="archive-*,file",Valid-After="20200101Z" {OMAR.text}\r\n'
        f"ca@x.example cert-authority {ANNA.text}\n"
        f'old@x.example valid-before="202106011200Z",valid-after="20200101123456" {ANNA.text}\n'
    )
    entries = parse(text.encode())
    assert [entry.principals for entry in entries] == [
        "anna@ngo.example",
        "omar@a.example,omar@b.example",
        "ca@x.example",
        "old@x.example",
    ]
    assert entries[0].key == ANNA
    assert entries[1].namespaces == "archive-*,file"
    assert entries[1].valid_after == at(2020, 1, 1)
    assert entries[2].is_authority
    assert entries[3].valid_before == at(2021, 6, 1, 12)
    assert entries[3].valid_after == at(2020, 1, 1, 12, 34, 56)


def test_a_key_speaks_only_for_its_namespaces_and_never_as_an_authority() -> None:
    text = (
        f'a {ANNA.text}\nb namespaces="{NAMESPACE}" {ANNA.text}\nc namespaces="file" {ANNA.text}\n'
        f"d cert-authority {ANNA.text}\n"
    )
    plain, bound, other, authority = parse(text.encode())
    assert [one.speaks_for(ANNA, NAMESPACE) for one in (plain, bound, other, authority)] == [True, True, False, False]
    assert not plain.speaks_for(OMAR, NAMESPACE)


def test_both_ends_of_a_span_belong_to_it() -> None:
    (entry,) = parse(f'a valid-after="20200101Z",valid-before="20210101Z" {ANNA.text}\n'.encode())
    assert entry.is_valid_at(at(2020, 1, 1))
    assert entry.is_valid_at(at(2021, 1, 1))
    assert not entry.is_valid_at(at(2019, 12, 31, 23, 59, 59))
    assert not entry.is_valid_at(at(2021, 1, 1, 0, 0, 1))


@pytest.mark.parametrize(
    ("line", "observed"),
    [
        ("anna", "no key after the principals"),
        ("anna ssh-ed25519", "options not understood"),
        (f"anna nonsense {ANNA.text}", "options not understood: 'nonsense'"),
        (f"anna namespaces=a {ANNA.text}", "options not understood: 'namespaces=a'"),
        (f'anna namespaces="a",namespaces="b" {ANNA.text}', "'namespaces' given twice"),
        (f'anna valid-after="2020" {ANNA.text}', "not a time"),
        (f'anna valid-after="20201399" {ANNA.text}', "line 2"),
        (f'anna namespaces="a {ANNA.text}', "options not understood"),
        ("a " * 40_000, "longer than any entry"),
    ],
)
def test_a_line_that_is_no_entry_is_reported_by_its_number(line: str, observed: str) -> None:
    with pytest.raises(StatementError, match=observed) as caught:
        parse(f"# list\n{line}\n".encode())
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("patterns", "accepted"),
    [
        ("archive-bag", True),
        ("archive-*", True),
        ("archive-ba?", True),
        ("*,!archive-bag", False),
        ("file,archive-bag", True),
        ("archive.bag", False),
        ("ARCHIVE-BAG", False),
        ("", False),
    ],
)
def test_patterns_match_as_openssh_matches_them(patterns: str, accepted: bool) -> None:
    assert matches(NAMESPACE, patterns) is accepted


@pytest.mark.skipif(SSH_KEYGEN is None, reason=NEEDS_SSH_KEYGEN)
@pytest.mark.parametrize(
    "options",
    [
        "",
        'namespaces="archive-bag" ',
        'namespaces="file" ',
        'namespaces="*,!archive-bag" ',
        'valid-before="20200101Z" ',
        'valid-after="20200101Z" ',
        'namespaces="archive-*",valid-after="20200101Z" ',
    ],
)
def test_ssh_keygen_and_we_agree_on_an_entry(tmp_path: Path, options: str) -> None:
    line = f"anna {options}{ANNA.text}\n"
    (tmp_path / "allowed").write_text(line)
    (tmp_path / "sig").write_bytes(signature.sign(b"seal", NAMESPACE, file_key(1)))
    command = [SSH_KEYGEN, "-Y", "verify", "-f", "allowed", "-I", "anna", "-n", NAMESPACE, "-s", "sig"]
    command.append("-Overify-time=20230601Z")
    observed = subprocess.run(command, input=b"seal", cwd=tmp_path, capture_output=True, timeout=30, check=False)  # type: ignore[arg-type]
    (entry,) = parse(line.encode())
    ours = entry.speaks_for(ANNA, NAMESPACE) and entry.is_valid_at(at(2023, 6, 1))
    assert ours is (observed.returncode == 0)


@pytest.mark.skipif(SSH_KEYGEN is None, reason=NEEDS_SSH_KEYGEN)
@pytest.mark.parametrize(
    ("principals", "names", "is_good"),
    [
        ("anna", True, True),
        ("anna,!eve", True, True),
        ("!anna", False, False),
        ("anna,!anna", False, False),
        ("*,!an*", False, False),
        ("*", False, True),  # OpenSSH gets the name to try; here the line is where the name is read
    ],
)
def test_whom_a_line_names_is_never_more_than_ssh_keygen_accepts(
    tmp_path: Path, principals: str, names: bool, is_good: bool
) -> None:
    line = f"{principals} {ANNA.text}\n"
    (tmp_path / "allowed").write_text(line)
    (tmp_path / "sig").write_bytes(signature.sign(b"seal", NAMESPACE, file_key(1)))
    command = [SSH_KEYGEN, "-Y", "verify", "-f", "allowed", "-I", "anna", "-n", NAMESPACE, "-s", "sig"]
    observed = subprocess.run(command, input=b"seal", cwd=tmp_path, capture_output=True, timeout=30, check=False)  # type: ignore[arg-type]
    (entry,) = parse(line.encode())
    assert (entry.speaks_for(ANNA, NAMESPACE), observed.returncode == 0) == (names, is_good)


def test_the_line_of_a_new_key_is_an_entry_for_bags_and_receipts_alone() -> None:
    (entry,) = parse(entry_line("anna@ngo.example")(ANNA).encode())
    assert (entry.principals, entry.namespaces, entry.key) == ("anna@ngo.example", f"{NAMESPACE},archive-custody,archive-receipt,archive-corroboration", ANNA)


@pytest.mark.parametrize("name", ["", "a b", "a,b", 'a"b', "a\nb", "#a", "!a", "a*"])
def test_a_name_that_would_mean_something_else_in_the_file_is_refused(name: str) -> None:
    with pytest.raises(StatementError, match="a signer's name"):
        entry_line(name)


def test_a_trust_folder_gives_signers_and_roots(tmp_path: Path) -> None:
    one, other = make_chain(name="One"), make_chain(name="Other")
    (tmp_path / "tsa").mkdir()
    (tmp_path / "tsa" / "both.pem").write_bytes(b"# two roots\n" + pem(one.root, other.root))
    (tmp_path / "tsa" / "note.txt").write_bytes(b"not read")
    (tmp_path / "allowed_signers").write_text(f"anna {ANNA.text}\n")
    anchors = load_anchors(tmp_path)
    assert anchors.roots == (one.root, other.root)
    assert anchors.entries_for(ANNA, NAMESPACE) == anchors.signers


@pytest.mark.parametrize(
    ("name", "content", "observed"),
    [
        ("allowed_signers", b"anna\n", "line 1"),
        ("allowed_signers", b"\xff\xfe", "line 1"),
        ("tsa/root.pem", b"no certificate", "no certificates in PEM"),
        ("tsa/root.pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no certificates in PEM"),
        ("other", b"", "trusts nobody"),
    ],
)
def test_a_trust_folder_that_says_nothing_usable_is_an_error(
    tmp_path: Path, name: str, content: bytes, observed: str
) -> None:
    (tmp_path / "tsa").mkdir()
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StatementError, match=observed):
        load_anchors(tmp_path)


def test_a_trust_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="no such trust folder"):
        load_anchors(tmp_path / "nothing")


def test_a_file_with_a_byte_order_mark_is_an_error_that_says_what_to_do() -> None:
    """ssh-keygen takes the mark for a part of the name, so that the line is nobody's."""
    with pytest.raises(StatementError, match=r"line 1: begins with a byte order mark, .*; save the file without one"):
        parse(f"\ufeffanna {ANNA.text}\n".encode())

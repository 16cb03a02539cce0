"""The seal folder: found beside a bag however it is packed, read without trust, written whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archive.errors import StatementError
from archive.seal.sign import write_seal
from archive.trust.proofs import renewal_lines
from archive.trust.seal_folder import (
    FileRefused,
    Listing,
    SealUnwritable,
    list_folder,
    read_file,
    seal_folder,
    target_of,
    write_file,
)
from tests.world.sealed_bag import facts_of, file_key, make_bag, make_sealed_bag


@pytest.mark.parametrize("name", ["R1", "R1.tar", "R1.tar.gz", "R1.tgz", "R1.zip", "R1.TAR.GZ"])
def test_the_seal_is_beside_the_bag_however_it_is_packed(name: str) -> None:
    assert seal_folder(Path("/bags") / name) == Path("/bags/R1.seal")


def test_a_name_with_dots_keeps_them_and_the_folder_one_stands_in_has_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert seal_folder(Path("bags/R1.v2")) == Path("bags/R1.v2.seal")
    (tmp_path / "R1").mkdir()
    monkeypatch.chdir(tmp_path / "R1")
    assert seal_folder(Path()) == tmp_path / "R1.seal"


def test_only_names_of_the_grammar_belong_into_a_seal(tmp_path: Path) -> None:
    key = f"SHA256-{'a' * 43}"
    known = [
        "seal.json",
        f"{key}.sig",
        f"{key}.01.tsq",
        f"{key}.01.tsr",
        "seal.02.tsr",
        "renewal-01.txt",
        "renewal-01.01.tsr",
        "statement.html",
        "custody.jsonl",
        "receipts",
    ]
    strange = ["seal.json.bak", "x.sig", "SHA256-a.sig", f"{key}.1.tsr", "evil.html", ".seal.json.part", f"{key}.sig\n"]
    for name in known + strange:
        (tmp_path / name).write_bytes(b"") if name != "receipts" else (tmp_path / name).mkdir()
    listing = list_folder(tmp_path)
    assert listing is not None
    assert sorted(listing.unknown) == sorted(strange)
    assert listing.replies == tuple(sorted([f"{key}.01.tsr", "renewal-01.01.tsr", "seal.02.tsr"]))
    assert [target_of(name) for name in listing.replies] == [f"{key}.sig", "renewal-01.txt", "seal.json"]


@pytest.mark.parametrize("name", ["statement.html", "identity.age", "custody.jsonl", "renewal-01.txt", "other", "receipts/x"])
def test_a_folder_in_the_place_of_a_file_is_strange(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir(parents=True)
    listing = list_folder(tmp_path)
    assert listing is not None
    assert listing.unknown == (name,)


def test_what_lies_among_the_receipts_and_is_none_is_strange(tmp_path: Path) -> None:
    (tmp_path / "receipts").mkdir()
    for name in ("R1.receipt.json", "R1.receipt.json.sig", "R1.receipt.txt", "note.html"):
        (tmp_path / "receipts" / name).write_bytes(b"")
    listing = list_folder(tmp_path)
    assert listing is not None
    assert listing.unknown == ("receipts/note.html",)
    (tmp_path / "receipts").rename(tmp_path.with_name("elsewhere"))
    (tmp_path / "receipts").symlink_to(tmp_path.with_name("elsewhere"))
    listing = list_folder(tmp_path)
    assert listing is not None
    assert listing.unknown == ("receipts",)


def test_a_folder_that_is_not_there_is_no_seal_and_a_link_to_one_is_followed(tmp_path: Path) -> None:
    assert list_folder(tmp_path / "nothing") is None
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert list_folder(tmp_path / "link") == Listing()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this machine")
def test_links_pipes_folders_and_giants_are_refused_and_block_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    with (tmp_path / "giant").open("wb") as stream:
        stream.truncate(20 << 30)
    for name in ("link", "pipe", "folder", "giant", "nothing"):
        with pytest.raises(FileRefused):
            read_file(tmp_path, name)
    assert read_file(tmp_path, "secret") == b"secret"


def test_sealing_again_leaves_the_seal_as_it_is(tmp_path: Path) -> None:
    sealed = make_sealed_bag(tmp_path / "R1")
    name = sealed.sign(file_key(1))
    before = {path.name: path.read_bytes() for path in sealed.folder.iterdir()}
    assert write_seal(sealed.folder, facts_of(sealed.bag)) == sealed.content
    assert sealed.sign(file_key(1)) == name
    assert {path.name: path.read_bytes() for path in sealed.folder.iterdir()} == before
    assert len({sealed.sign(file_key(seed)) for seed in range(1, 6)}) == 5


def test_what_a_write_that_was_cut_off_has_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    sealed = make_sealed_bag(tmp_path / "R1")
    for name in (".seal.01.tsr.part", ".seal.json.part", ".mine.part", "seal.01.tsr.part"):
        (sealed.folder / name).write_bytes(b"cut o")
    write_seal(sealed.folder, sealed.facts)
    assert sorted(path.name for path in sealed.folder.iterdir()) == [".mine.part", "seal.01.tsr.part", "seal.json"]


def test_a_file_in_the_place_of_the_seal_is_reported(tmp_path: Path) -> None:
    facts = facts_of(make_bag(tmp_path / "R1"))
    (tmp_path / "R1.seal").write_bytes(b"x")
    with pytest.raises(SealUnwritable, match="no folder"):
        write_seal(tmp_path / "R1.seal", facts)


def test_another_bags_or_a_damaged_seal_is_not_written_over(tmp_path: Path) -> None:
    sealed = make_sealed_bag(tmp_path / "R1")
    other = facts_of(make_bag(tmp_path / "R2", {"data/x": b"y"}))
    with pytest.raises(SealUnwritable, match=r"another bag's .*bag_id.*; nothing was sealed"):
        write_seal(sealed.folder, other)
    (sealed.folder / "seal.json").write_bytes(sealed.content + b" ")
    with pytest.raises(SealUnwritable, match="damaged"):
        write_seal(sealed.folder, sealed.facts)
    assert (sealed.folder / "seal.json").read_bytes() == sealed.content + b" "


def test_a_signature_in_a_keys_name_that_is_not_its_own_is_not_written_over(tmp_path: Path) -> None:
    sealed = make_sealed_bag(tmp_path / "R1")
    name = sealed.sign(file_key(1))
    (sealed.folder / name).write_bytes(b"something else")
    with pytest.raises(SealUnwritable, match="not this key's signature"):
        sealed.sign(file_key(1))
    assert (sealed.folder / name).read_bytes() == b"something else"


def test_a_write_that_fails_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_file(tmp_path, "seal.json", b"old")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        write_file(tmp_path, "seal.json", b"new")
    assert (tmp_path / "seal.json").read_bytes() == b"old"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "x\n",
        f"{'a' * 128}  ../../etc/passwd\n",
        f"{'a' * 128}  a/b\n",
        f"{'a' * 128} *seal.json\n",
        f"{'a' * 64}  seal.json\n",
        f"{'a' * 128}  seal.json",
        f"{'a' * 128}  .hidden\n",
    ],
)
def test_a_renewal_lists_plain_names_of_its_folder_alone(line: str) -> None:
    good = f"{'0' * 128}  seal.json\n"
    assert list(renewal_lines(good.encode())) == [("seal.json", "0" * 128)]
    if line:
        with pytest.raises(StatementError, match="renewal line 2"):
            list(renewal_lines((good + line).encode()))

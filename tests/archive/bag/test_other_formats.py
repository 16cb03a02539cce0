"""Files that are no package of a bag: what they are is said, and nothing is called damaged."""

from __future__ import annotations

import bz2
import gzip
import lzma
from pathlib import Path

import pytest

from archive.bag.open import open_bag
from archive.bag.tar import TarBag
from archive.bag.tar_gz import TarGzBag
from archive.errors import BagUnsupported
from archive.verify.run import verify
from tests.archive.handover.packages import bag_files, members, tar

WARC = b"WARC/1.1\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
ARC = b"filedesc://crawl.arc 0.0.0.0 20080430204825 text/plain 77\n1 0 InternetArchive\n"

OTHER: dict[str, tuple[str, bytes, str]] = {
    "a WARC": ("crawl.warc", WARC, "a WARC, not a bag; `archive import FILE"),
    "a WARC under another name": ("crawl.bin", WARC, "a WARC, not a bag"),
    "a gzipped WARC": ("crawl.warc.gz", gzip.compress(WARC), "a WARC, not a bag; `archive import FILE"),
    "a gzipped WARC that is called a tar": ("crawl.tar.gz", gzip.compress(WARC), "a WARC, not a bag"),
    "a gzipped WARC whose gzip is damaged": ("crawl.warc.gz", b"\x1f\x8b\x08\0" + b"\xff" * 60, "a WARC, not a bag"),
    "an ARC": ("crawl.arc", ARC, "an ARC, the format of web archives before WARC"),
    "a gzipped ARC": ("crawl.arc.gz", gzip.compress(ARC) + gzip.compress(b"x" * 900), "warcio recompress FILE"),
    "a page saved as MHTML": ("page.mhtml", b"From: <Saved by Blink>\r\nSnapshot-Content-Location: a:b\r\n", "MHTML"),
    "a page saved as MHTML, its type first": (
        "page.mhtml",
        b'Content-Type: multipart/related; boundary="b"\nMIME-Version: 1.0\nFrom: <Saved by Blink>\n',
        "a page saved as MHTML, not a bag; `archive import FILE",
    ),
    "a short gzipped text": ("notes.txt.gz", gzip.compress(b"words"), "a gzip file with something else in it"),
    "a gzipped text": ("notes.txt.gz", gzip.compress(b"words " * 200), "a gzip file with something else in it"),
    "a HAR": ("visit.har", b'{\n  "log": {"version": "1.2"}}', "a HAR, a browser's log of requests and responses, not a bag"),
    "a WARC in Zstandard": ("crawl.warc.zst", b"\x28\xb5\x2f\xfd" + bytes(60), "unzstd FILE, then `archive import` or"),
    "a WARC in LZ4": ("crawl.warc.lz4", b"\x04\x22\x4d\x18" + bytes(60), "unlz4 FILE, then `archive import` or"),
    "a WARC in bzip2": ("crawl.warc.bz2", b"BZh9" + bytes(60), "bunzip2 --keep FILE, then `archive import` or"),
    "a WARC in xz": ("crawl.warc.xz", b"\xfd7zXZ\0" + bytes(60), "unxz --keep FILE, then `archive import` or"),
    "a page": ("page.html", b"<!DOCTYPE html><html></html>", "an HTML file, not a bag"),
    "a PDF": ("report.pdf", b"%PDF-1.7\n", "a PDF, not a bag; `archive fetch FILE`"),
    "a 7-Zip archive": ("R1.7z", b"7z\xbc\xaf\x27\x1c" + bytes(40), "a 7-Zip archive, which is not read here"),
    "a RAR archive": ("R1.rar", b"Rar!\x1a\x07\x01\x00" + bytes(40), "a RAR archive, which is not read here"),
    "a file encrypted with age": ("R1.tar.age", b"age-encryption.org/v1\n", "`archive receive FILE --identity"),
    "a file encrypted with PGP": ("R1.tar.asc", b"-----BEGIN PGP MESSAGE-----\n", "decrypt it first: gpg --decrypt"),
}


@pytest.mark.parametrize("case", OTHER)
def test_other_formats_are_named_and_nothing_is_called_damaged(case: str, tmp_path: Path) -> None:
    name, content, said = OTHER[case]
    place = tmp_path / name
    place.write_bytes(content)
    with pytest.raises(BagUnsupported) as caught:
        open_bag(place)
    assert str(caught.value).startswith(f"{place}: ")
    assert said in str(caught.value)
    assert "damaged" not in str(caught.value)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(("suffix", "compress"), [("bz2", bz2.compress), ("xz", lzma.compress)])
def test_a_tar_compressed_otherwise_names_what_undoes_it(suffix: str, compress: object, tmp_path: Path) -> None:
    sound = tar(tmp_path / "R1.tar", members(bag_files())).read_bytes()
    for name in (f"R1.tar.{suffix}", "R2.tar", "R3.tar.gz"):
        place = tmp_path / name
        place.write_bytes(compress(sound))  # type: ignore[operator]
        with pytest.raises(BagUnsupported, match=r"which is not read here; undo that first: (bunzip2|unxz)"):
            verify(place)


@pytest.mark.parametrize("top", ["WARC", "BZh9", "LZIP", "%PDF-", "Rar!", "<html>"])
def test_a_tar_is_a_tar_whatever_its_first_name_looks_like(top: str, tmp_path: Path) -> None:
    """A tar begins with the name of its first member."""
    place = tar(tmp_path / "R1.tar", members(bag_files(), top))
    packed = tmp_path / "R2.tar.gz"
    packed.write_bytes(gzip.compress(place.read_bytes()))
    with open_bag(place) as bag, open_bag(packed) as other:
        assert (type(bag), type(other)) == (TarBag, TarGzBag)
        assert bag.name == other.name == top


LIKE: dict[str, tuple[list[str], str]] = {
    "an unpacked WACZ": (["datapackage.json", "archive/data.warc.gz", "indexes/index.cdx"], "an unpacked WACZ: put"),
    "a folder of recordings": (["notes.txt", "crawls/a.warc.gz"], "it has recordings (crawls/a.warc.gz): `archive import"),
    "a folder of WACZ files": (["visit.WACZ"], "it has recordings (visit.WACZ): `archive import"),
    "a folder of files": (["a.pdf"], "it looks like a folder of files: `archive fetch REPORT`"),
    "a bag that lost its declaration": (["manifest-sha256.txt", "data/a.txt"], "it has a manifest: the file may"),
    "a bag one folder deeper": (["R1/bagit.txt", "R1/data/a"], "the bag lies deeper, in R1; name that folder"),
}


@pytest.mark.parametrize("case", LIKE)
def test_a_folder_without_a_declaration_is_named_for_what_it_looks_like(tmp_path: Path, case: str) -> None:
    names, hint = LIKE[case]
    for name in names:
        (tmp_path / "X" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "X" / name).write_bytes(b"x")
    (missing,) = (one for one in verify(tmp_path / "X", jobs=1).findings if one.code == "declaration-missing")
    assert hint in (missing.note or "")

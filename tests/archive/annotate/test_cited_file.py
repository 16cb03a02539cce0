"""Exhibits of sources that are files themselves: stamped where they are for paper, and always beside it as they are."""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from pypdf import PdfReader

from archive.annotate.annotate import AnnotationOrder, annotate
from archive.annotate.exhibits.write import ExhibitOrder
from archive.fetch.fetch import fetch
from tests.archive.fetch.test_pilot import settings_for
from tests.world import World, media_bytes, video_bytes
from tests.world.site import Page, Site, file, html

HOST = "files.example"
FILES: dict[str, tuple[bytes, str]] = {
    "/annex-7.pdf": (media_bytes.pdf("Annex 7", 3), "application/pdf"),
    "/broken.pdf": (b"%PDF-1.7\nnot really", "application/pdf"),
    "/clip.mp4": (video_bytes.sounding("clip", 20), "video/mp4"),
    "/map.png": (media_bytes.png("map", 300, 200), "image/png"),
    "/letter.docx": (media_bytes.docx("A letter"), "application/octet-stream"),
    "/tool.exe": (b"MZ" + bytes(500), "application/octet-stream"),
}
SUFFIXES = (".pdf", ".pdf", ".mp4", ".png", ".docx", ".bin")


class Files(Site):
    hosts = (HOST,)

    def pages(self, host: str) -> Mapping[str, Page]:
        found: dict[str, Page] = {path: file(*content) for path, content in FILES.items()}
        return found | {"/page": html("<title>A page</title>" + "<p>Some words of a page. " * 50)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exhibits of a report that cites each of the files, a page, and nothing that is there."""
    folder = tmp_path_factory.mktemp("files")
    addresses = [f"https://{HOST}{path}" for path in (*FILES, "/page", "/none.pdf")]
    (folder / "report.txt").write_text("A report.\n" + "".join(f"See {address} there.\n" for address in addresses))
    with World([Files()]) as world:
        bag = fetch(folder / "report.txt", folder / "R1", settings_for(world, media=False)).bag
    annotate(AnnotationOrder(bag, folder / "plain", exhibits=ExhibitOrder()))
    annotate(AnnotationOrder(bag, folder / "out", shows_digests=True, exhibits=ExhibitOrder()))
    return folder / "out"


def confirming(folder: Path) -> set[str]:
    """The files of the site that a list of the folder confirms to whoever has them, or address and file."""
    lists = b"".join(place.read_bytes() for place in folder.iterdir() if place.is_file())
    found = set()
    for path, (content, _) in FILES.items():
        digests = [hashlib.new(name, content).hexdigest() for name in ("md5", "sha1", "sha256", "sha512")]
        joined = [hashlib.sha256(f"https://{HOST}{path}{between}{digest}".encode()).hexdigest() for digest in digests for between in ("", "\0")]
        found |= {path for guess in (*digests, *joined) if guess.encode() in lists}
    return found


def test_lists_of_exhibits_confirm_no_file_unless_digests_are_wanted(made: Path) -> None:
    assert confirming(made.with_name("plain")) == set()
    assert confirming(made) == set(FILES)  # the control


def test_a_run_over_another_bag_of_the_report_gives_the_same_numbers(made: Path, tmp_path: Path) -> None:
    """The second bag has a seed of its own; what is the same is known by the files of the first run."""
    shutil.copytree(made.with_name("plain"), tmp_path / "out")
    report = made.with_name("report.txt")
    with World([Files()]) as world:
        bag = fetch(report, tmp_path / "R1", settings_for(world, media=False)).bag
    annotate(AnnotationOrder(bag, tmp_path / "out", exhibits=ExhibitOrder()))
    for name in ("/annex-7.pdf", "/map.png", "/clip.mp4", "/none.pdf"):
        before, after = ([row["BEGBATES"] for row in rows_of(folder, name)] for folder in (made.with_name("plain"), tmp_path / "out"))
        assert before == after


def rows_of(made: Path, path: str) -> list[dict[str, str]]:
    with (made / "exhibits.csv").open(encoding="utf-8-sig", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["CITEDURL"].endswith(path)]


@pytest.mark.parametrize(("path", "suffix"), list(zip(FILES, SUFFIXES, strict=True)), ids=FILES)
def test_a_cited_file_lies_beside_its_sheet_byte_for_byte(made: Path, path: str, suffix: str) -> None:
    sheet, native = rows_of(made, path)
    content = (made / native["NATIVEPATH"]).read_bytes()
    assert content == FILES[path][0] and native["NATIVEPATH"].endswith(suffix)
    assert native["SHA256HASH"] == hashlib.sha256(content).hexdigest()
    assert (sheet["BEGATTACH"], sheet["ENDATTACH"]) == (sheet["BEGBATES"], native["ENDBATES"])
    assert native["WARCRECORD"].startswith("urn:uuid:") and native["DOCTYPE"] == "native"


@pytest.mark.parametrize(
    ("path", "kind", "pages"),
    [("/annex-7.pdf", "print", 3), ("/map.png", "picture", 1), ("/clip.mp4", "slip-sheet", 1), ("/broken.pdf", "slip-sheet", 1)],
)
def test_what_is_for_paper_is_stamped(made: Path, path: str, kind: str, pages: int) -> None:
    sheet = rows_of(made, path)[0]
    reader = PdfReader(made / "exhibits" / sheet["FILENAME"])
    assert (sheet["DOCTYPE"], len(reader.pages), sheet["PAGECOUNT"]) == (kind, pages, str(pages))
    assert all("R1-" in page.extract_text() or "report-" in page.extract_text() for page in reader.pages)


@pytest.mark.parametrize("path", ["/page", "/none.pdf"])
def test_pages_and_gaps_have_no_file(made: Path, path: str) -> None:
    assert len(rows_of(made, path)) == 1

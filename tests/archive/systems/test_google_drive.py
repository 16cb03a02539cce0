"""Google Drive: only the file is a capture; what stands before it is distinguished."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from archive.http import Head
from archive.systems.google_drive import DriveFile, drive_file_at, is_file
from archive.urls import parse
from archive.workfolder.recorded import Recorded
from tests.archive.systems.fetch_sources import fetched
from tests.note_texts import text_of, texts_of
from tests.world import World, media_bytes
from tests.world.replies import Reply, Request
from tests.world.site import Page, Site, file, html, redirect
from tests.world.sites import all_sites, drive

CITED = f"https://{drive.HOST}{drive.VIEW}"
UC = f"https://{drive.HOST}{drive.UC}"
DOWNLOAD = f"https://{drive.CONTENT}{drive.DOWNLOAD}"


def test_the_file_behind_the_viewer_is_the_capture(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, CITED)
    assert made.verdict == ("captured", None)
    assert made.entry.facets.media.present
    copy = made.copy("live")
    assert copy.files == ("data/media/s01/file.jpg",)
    assert (made.bag / copy.files[0]).read_bytes() == drive.PICTURE
    assert any(drive.NAME in note for note in texts_of(made.entry.notes))
    assert [url for url in made.urls() if url in (CITED, UC, DOWNLOAD)] == [CITED, UC, DOWNLOAD]
    assert drive.PICTURE in world.sent(DOWNLOAD)


def test_the_form_before_an_unscanned_file_is_sent_with_all_its_fields(world: World, tmp_path: Path) -> None:
    world.set_mode(drive.HOST, "virus")
    made = fetched(world, tmp_path, CITED)
    assert made.verdict == ("captured", None)
    confirmed = [url for url in made.urls(drive.CONTENT) if url != DOWNLOAD]
    assert confirmed == [f"https://{drive.CONTENT}{drive.CONFIRMED.replace('1:1', '1%3A1')}"]
    assert (made.bag / "data/media/s01/file.jpg").read_bytes() == drive.PICTURE


@pytest.mark.parametrize(
    ("mode", "verdict", "said"),
    [
        ("quota", ("blocked", "rate"), "Too many users have viewed or downloaded"),
        ("login", ("blocked", "login"), "accounts.google.com"),
        ("deleted", ("gone", "not-found"), "status 404"),
    ],
)
def test_what_stands_before_the_file_has_its_verdict(
    world: World, tmp_path: Path, mode: str, verdict: tuple[str, str], said: str
) -> None:
    world.set_mode(drive.HOST, mode)
    made = fetched(world, tmp_path, CITED)
    assert made.verdict == verdict
    assert said in text_of(made.entry.detail)
    assert not made.entry.facets.media.present
    assert not (made.bag / "data/media").exists()


def test_a_viewer_without_its_file_is_partial(world: World, tmp_path: Path) -> None:
    world.set_mode(drive.CONTENT, "500")
    made = fetched(world, tmp_path, CITED, tries=1)
    assert made.verdict == ("partial", "media")
    assert "status 500" in text_of(made.entry.detail)


def test_a_page_sent_as_the_file_is_no_file(world: World, tmp_path: Path) -> None:
    world.set_mode(drive.CONTENT, "catch-all")
    made = fetched(world, tmp_path, CITED)
    assert made.verdict == ("partial", "media")
    assert not (made.bag / "data/media").exists()


def test_what_drive_itself_does_not_call_the_file_is_none(world: World, tmp_path: Path) -> None:
    world.set_mode(drive.CONTENT, "wrong-type")
    made = fetched(world, tmp_path, CITED)
    assert made.verdict == ("partial", "media")
    assert "something else arrived instead of the file" in text_of(made.entry.detail)
    assert not (made.bag / "data/media").exists()


def test_a_file_that_breaks_off_is_not_laid_down(world: World, tmp_path: Path) -> None:
    world.set_mode(drive.CONTENT, "truncated")
    made = fetched(world, tmp_path, CITED, tries=1)
    assert made.verdict == ("partial", "media")
    assert not (made.bag / "data/media").exists()


def test_a_direct_download_link_is_captured_as_the_file(world: World, tmp_path: Path) -> None:
    made = fetched(world, tmp_path, UC)
    assert made.verdict == ("captured", None)
    assert made.copy("live").files == ("data/media/s01/file.jpg",)


class Docs(Site):
    """docs.google.com: a document, a table that has no PDF, a form that leads nowhere."""

    hosts = ("docs.google.com",)
    PDF, DOCX = media_bytes.pdf("Names"), b"PK\x03\x04 a document in the format of Word"

    def pages(self, host: str) -> Mapping[str, Page]:
        view = html("<!DOCTYPE html><title>قائمة الأسماء - Google Docs</title><p>Names of the detained, by place</p>")
        arabic = "%D8%A3%D8%B3%D9%85%D8%A7%D8%A1.docx"
        named = (("Content-Disposition", f"attachment; filename=\"x\"; filename*=UTF-8''{arabic}"),)
        at = "/document/d/1AbCdEfGhIjKlMnOpQrStUvWxYz"
        table = "/spreadsheets/d/1TbCdEfGhIjKlMnOpQrStUvWxYz"
        attachment = (("Content-Disposition", "attachment"),)
        return {
            f"{at}/edit": view,
            f"{at}/export?format=pdf": file(self.PDF, "application/pdf", attachment),
            f"{at}/export?format=docx": file(self.DOCX, "application/vnd.openxmlformats", named),
            f"{table}/edit": view,
            f"{table}/export?format=xlsx": file(b"PK\x03\x04 table", "application/vnd.ms-excel", attachment),
        }


class Opening(drive.Drive):
    """`open?id=` of a document leads to the editor."""

    def reply(self, request: Request) -> Reply:
        if request.target == "/open?id=1AbCdEfGhIjKlMnOpQrStUvWxYz":
            return redirect("https://docs.google.com/document/d/1AbCdEfGhIjKlMnOpQrStUvWxYz/edit", 302)
        return super().reply(request)


@pytest.mark.parametrize(
    "cited",
    [
        "https://docs.google.com/document/d/1AbCdEfGhIjKlMnOpQrStUvWxYz/edit",
        "https://drive.google.com/open?id=1AbCdEfGhIjKlMnOpQrStUvWxYz",
    ],
)
def test_a_document_is_taken_as_pdf_and_in_its_own_format(tmp_path: Path, cited: str) -> None:
    with World([*[site for site in all_sites() if drive.HOST not in site.hosts], Docs(), Opening()]) as world:
        made = fetched(world, tmp_path, cited)
    assert made.verdict == ("captured", None)
    files = made.copy("live").files
    assert [(made.bag / path).read_bytes() for path in files] == [Docs.PDF, Docs.DOCX]
    assert files == ("data/media/s01/export-pdf.pdf", "data/media/s01/export-docx.docx")
    assert any("أسماء.docx" in note for note in texts_of(made.entry.notes))


def test_a_document_of_which_one_form_is_missing_is_partial(tmp_path: Path) -> None:
    with World([*all_sites(), Docs()]) as world:
        made = fetched(world, tmp_path, "https://docs.google.com/spreadsheets/d/1TbCdEfGhIjKlMnOpQrStUvWxYz/edit")
    assert made.verdict == ("partial", "media")
    assert len(made.copy("live").files) == 1


def test_a_file_that_the_archive_holds_is_found_under_its_own_address(world: World, tmp_path: Path) -> None:
    from tests.world.sites import wayback

    world.set_mode(drive.HOST, "deleted")
    said = (("Content-Disposition", 'attachment; filename="x.jpg"'),)
    world.sites[wayback.HOST].retained = [  # type: ignore[attr-defined]
        wayback.StoredCapture("20210401000000", UC, Reply(200, drive.PICTURE, "image/jpeg", said))
    ]
    made = fetched(world, tmp_path, CITED)
    assert made.verdict == ("memento", None)
    assert any("the file behind the viewer" in note for note in texts_of(made.entry.notes))
    record = made.record(made.copy("memento").records[-1])
    assert record.block.endswith(drive.PICTURE)


@pytest.mark.parametrize(
    ("address", "thing"),
    [
        (CITED, DriveFile(drive.ID, "file")),
        (f"https://drive.google.com/a/snhr.org/file/d/{drive.ID}/preview?usp=sharing", DriveFile(drive.ID, "file")),
        (f"https://drive.google.com/open?id={drive.ID}&resourcekey=0-AbC", DriveFile(drive.ID, "file", "0-AbC")),
        (f"https://docs.google.com/presentation/d/{drive.ID}/edit#slide=id.p", DriveFile(drive.ID, "presentation")),
        (f"https://docs.google.com/uc?id={drive.ID}&export=download", DriveFile(drive.ID, "file")),
        ("https://docs.google.com/document/d/e/2PACX-1vT0000000000000000/pub", None),
        ("https://drive.google.com/drive/folders/1AbCdEfGhIjKlMnOpQrStUv", None),
        ("https://drive.google.com/drive/my-drive", None),
        (f"https://drive.example/file/d/{drive.ID}/view", None),
    ],
)
def test_what_an_address_names(address: str, thing: DriveFile | None) -> None:
    assert drive_file_at(parse(address)) == thing


def test_the_resource_key_of_an_old_file_goes_along() -> None:
    thing = drive_file_at(parse(f"{CITED}?resourcekey=0-AbC_d"))
    assert thing is not None
    assert [url.href for _, url in thing.downloads()] == [f"{UC}&resourcekey=0-AbC_d"]


def test_a_form_that_leads_to_a_stranger_is_not_sent() -> None:
    from archive.systems.google_drive import confirmation

    def page(action: str) -> Recorded:
        text = f'<form id="download-form" action="{action}"><input type="hidden" name="confirm" value="t"></form>'
        head = Head("1.1", 200, "OK", (("Content-Type", "text/html"),), True)
        return Recorded(
            parse(DOWNLOAD), "GET", "a", head, None, None, "", "", 0, _payload=lambda: iter([text.encode()])
        )

    good = confirmation(page("https://drive.usercontent.google.com/download"))
    assert good is not None and good.href == "https://drive.usercontent.google.com/download?confirm=t"
    assert confirmation(page("https://evil.example/download")) is None
    assert confirmation(page("http://drive.usercontent.google.com/download")) is None


@pytest.mark.parametrize(
    ("name", "media_type", "body", "is_one"),
    [
        ("report.pdf", "application/pdf", b"%PDF-1.7", True),
        ("report.pdf", "application/pdf", b"<!doctype html><title>Sign in</title>", False),
        ("report.pdf", "text/html", b"\xef\xbb\xbf<html><title>Sign in</title>", False),
        ("page.html", "text/html", b"<!doctype html><title>A page that somebody stored</title>", True),
        ("notes.txt", "text/plain", b"<html> is how a page begins", True),
        ("no suffix", "application/octet-stream", b"<html>", False),
    ],
)
def test_a_page_attached_under_the_name_of_a_file_is_no_file(
    name: str, media_type: str, body: bytes, is_one: bool
) -> None:
    fields = (("Content-Type", media_type), ("Content-Disposition", f'attachment; filename="{name}"'))
    head = Head("1.1", 200, "OK", fields, True)
    recorded = Recorded(parse(DOWNLOAD), "GET", "a", head, None, None, "", "", 0, _payload=lambda: iter([body]))
    assert is_file(recorded) is is_one

"""The folder for a web server: page and annotated report, no script, no digest, nothing else of the bag."""

from __future__ import annotations

import json
import re
import zlib
from pathlib import Path

import pytest

from archive.annotate.check import check_annotation
from archive.annotate.publishable import could_run, quiet_page, without_quiet_head
from archive.annotate.site import SiteOrder, make_site
from archive.words import load
from tests.archive.annotate import bags


def test_site_has_page_report_and_no_digest_of_a_record(tmp_path: Path) -> None:
    bag = bags.bag_of(tmp_path, "pdf")
    made = make_site(SiteOrder(bag, tmp_path / "site"))
    assert set(made.files) == {"annotation.json", "index.html", "report/report.annotated.pdf", "robots.txt"}
    page = (made.folder / "index.html").read_text("utf-8")
    assert "<script" not in page and '<meta name="robots" content="noindex' in page
    assert 'href="report/report.annotated.pdf"' in page and bags.GAP in page
    words = load("en")
    assert words.sentence("card.no_files_published") in page and words.sentence("check.lead_published") in page
    inside = (bag / "data/index.html").read_text("utf-8")
    assert words.sentence("check.lead") in inside and words.sentence("check.lead_published") not in inside
    log = [json.loads(line) for line in (bag / "data/provenance/records.jsonl").read_text().splitlines()]
    digests = {line["sha256"] for line in log} | set(re.findall("[0-9a-f]{64}", (bag / "manifest-sha256.txt").read_text()))
    seed = (bag / "data/provenance/seed.txt").read_text().strip()
    report = next(line for line in (bag / "manifest-sha256.txt").read_text().splitlines() if "original.pdf" in line)[:64]
    for file in made.files:
        content = (made.folder / file).read_bytes()
        assert [digest for digest in digests - {report} if digest.encode() in content] == []
        assert seed.encode() not in content


def test_a_report_that_browsers_do_not_show_is_linked_too(tmp_path: Path) -> None:
    made = make_site(SiteOrder(bags.bag_of(tmp_path, "docx"), tmp_path / "site"))
    assert made.has_report
    assert 'href="report/report.annotated.docx"' in (made.folder / "index.html").read_text("utf-8")


@pytest.mark.parametrize("script", ["<script>alert(1)</script>", "<p onclick = 'x()'>x</p>", "<iframe src='x'></iframe>"])
def test_a_report_that_could_run_a_program_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    page = bags.html().replace(b"</body>", script.encode() + b"</body>")
    monkeypatch.setitem(bags.REPORTS, "html", lambda: page)
    bag = bags.bag_of(tmp_path, "html")
    made = make_site(SiteOrder(bag, tmp_path / "site"))
    assert not made.has_report and set(made.files) == {"annotation.json", "index.html", "robots.txt"}


def test_an_html_report_is_published_so_that_it_loads_nothing_and_is_still_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = bags.html().replace(b"</body>", b"<img src=//tracker.example/x.gif></body>")
    monkeypatch.setitem(bags.REPORTS, "html", lambda: page)
    bag = bags.bag_of(tmp_path, "html")
    (tmp_path / "site/views/s09").mkdir(parents=True)
    for earlier in ("annotation.json", "views/s09/screenshot.png", "mine.css"):
        (tmp_path / "site" / earlier).write_text("{}")
    made = make_site(SiteOrder(bag, tmp_path / "site"))
    assert (made.folder / "mine.css").exists() and not (made.folder / "views/s09/screenshot.png").exists()
    report = made.folder / "report/report.annotated.html"
    content = report.read_bytes()
    assert content.startswith(b'<!doctype html><meta charset="utf-8"><meta name="robots" content="noindex')
    assert b"default-src 'none'" in content[:400]
    assert check_annotation(report, bag).is_true
    report.write_bytes(content.replace(b"img-src data:", b"img-src *", 1))
    assert [each.code for each in check_annotation(report, bag).differences] == ["report-altered"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", "<p>x".encode("utf-16")),
        ("a.html", b"<scr\x1b(Bipt>"),
        ("a.html", b"<svg/onload=x()>"),
        ("a.htm", b"<a href='javascript :x'>"),
        ("a.html", b"<frameset><frame src=x>"),
        ("a.html", b"<base href=//x>"),
        ("a.html", b"<link rel=preconnect href=//x>"),
        ("a.xhtml", b"<html/>"),
        ("a.svg", b"<svg/>"),
        ("a.md", b"<img src=x onerror=x()>"),
        ("a.pdf", b"%PDF-1.4 1 0 obj <</S /JavaScript /JS (x)>>"),
        ("a.pdf", b"%PDF-1.4 1 0 obj <</S /Java#53cript /JS (x)>>"),
        ("a.PDF", b"%PDF-1.4 1 0 obj <</S /URI /URI (javascript:x())>>"),
        ("a.pdf", b"%PDF-1.5 stream\n" + zlib.compress(b"<</S /Launch /F (x)>>")),
    ],
)
def test_a_file_that_could_run_or_load_something_is_known(name: str, content: bytes) -> None:
    assert could_run(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", bags.html()), ("a.md", bags.markdown()), ("a.pdf", bags.pdf()), ("a.txt", b"<script>"),
        ("a.html", b"<p>All once = one; the only section</p>".replace(b"once =", b"once is")),
        ("a.pdf", b"%PDF-1.4 (javascript: what it is, and what /JS means)"),
    ],
)  # fmt: skip
def test_a_file_that_only_shows_something_is_published(name: str, content: bytes) -> None:
    assert not could_run(name, content)


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"<!DOCTYPE html>\n", b"\n<!doctype html PUBLIC 'x'>"])
def test_what_makes_a_page_quiet_stands_first_and_comes_off_again(start: bytes) -> None:
    page = start + b"<html><head><meta charset=windows-1256><title>Some words</title><p>And more of them."
    quiet = quiet_page(page)
    assert quiet.startswith(start + b"<meta charset=") and without_quiet_head(quiet) == page

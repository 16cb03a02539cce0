"""The folder for a web server: page and annotated report, no script, no digest, nothing else of the bag."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from archive.annotate.site import SiteOrder, make_site
from tests.archive.annotate import bags


def test_site_has_page_report_and_no_digest_of_a_record(tmp_path: Path) -> None:
    bag = bags.bag_of(tmp_path, "pdf")
    made = make_site(SiteOrder(bag, tmp_path / "site"))
    assert set(made.files) == {"annotation.json", "index.html", "report/report.annotated.pdf", "robots.txt"}
    page = (made.folder / "index.html").read_text("utf-8")
    assert "<script" not in page and '<meta name="robots" content="noindex' in page
    assert 'href="report/report.annotated.pdf"' in page and bags.GAP in page
    log = [json.loads(line) for line in (bag / "data/provenance/records.jsonl").read_text().splitlines()]
    digests = {line["sha256"] for line in log} | set(re.findall("[0-9a-f]{64}", (bag / "manifest-sha256.txt").read_text()))
    seed = (bag / "data/provenance/seed.txt").read_text().strip()
    report = next(line for line in (bag / "manifest-sha256.txt").read_text().splitlines() if "original.pdf" in line)[:64]
    for file in made.files:
        content = (made.folder / file).read_bytes()
        assert [digest for digest in digests - {report} if digest.encode() in content] == []
        assert seed.encode() not in content


@pytest.mark.parametrize("script", ["<script>alert(1)</script>", "<p onclick = 'x()'>x</p>", "<iframe src='x'></iframe>"])
def test_a_report_that_could_run_a_program_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    page = bags.html().replace(b"</body>", script.encode() + b"</body>")
    monkeypatch.setitem(bags.REPORTS, "html", lambda: page)
    bag = bags.bag_of(tmp_path, "html")
    made = make_site(SiteOrder(bag, tmp_path / "site"))
    assert not made.has_report and set(made.files) == {"annotation.json", "index.html", "robots.txt"}

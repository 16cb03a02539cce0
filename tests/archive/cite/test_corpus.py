"""A folder of PDFs from elsewhere: none breaks the reader, and no address that pdftotext shows is lost."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from archive.cite import read_report
from archive.errors import ReportUnreadable

ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"“”]+", re.IGNORECASE)
JUSTIFIED = {
    "issue17730.pdf": {"https://www.antennahouse.com/)：external-destination="},  # code in Japanese brackets
    "pr12564.pdf": {"http://www.cusdk8.org/dilworth#"},  # the empty fragment is read, and is punctuation here
}
"""What pdftotext alone shows, each looked at by a person."""


def plain(address: str) -> str:
    """The address without what two readers spell differently."""
    return address.lower().partition("://")[2].removeprefix("www.").rstrip("/") or address.lower().removeprefix("www.")


@pytest.mark.torture
@pytest.mark.timeout(0)
def test_every_address_that_pdftotext_shows_is_a_reading_or_passed_over() -> None:
    folder, other = os.environ.get("PDF_CORPUS"), shutil.which("pdftotext")
    if folder is None or other is None:
        pytest.skip("set PDF_CORPUS to a folder of PDFs, and install pdftotext (poppler-utils)")
    lost: dict[str, set[str]] = {}
    for path in sorted(Path(folder).glob("*.pdf")):
        try:
            report = read_report(path)
        except ReportUnreadable as refused:
            assert str(refused).startswith(f"{path.name}: ")
            continue
        done = subprocess.run([other, "-layout", str(path), "-"], capture_output=True, timeout=300, check=False)
        shown = {found.rstrip(".,;:)]'>") for found in ADDRESS.findall(done.stdout.decode("utf-8", "replace"))}
        known = [plain(text) for source in report.sources for text in (source.cited, *source.candidates)]
        known += [plain(one.target) for one in report.passed_over]
        missing = {each for each in shown if len(each) > 10 and not any(k.startswith(plain(each)) for k in known)}
        if missing - JUSTIFIED.get(path.name, set()):
            lost[path.name] = missing
    assert lost == {}

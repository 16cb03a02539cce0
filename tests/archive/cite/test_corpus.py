"""A folder of PDFs from elsewhere: none breaks the reader, and no address that pdftotext shows is lost."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from archive.cite import CitedReport, read_report
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


SDISTS = Path(__file__).parents[3] / "build" / "sdists"
"""Where `make build/sdists` puts them. Those of pdfminer.six and pdfplumber carry no PDF any more."""
ONLY_ELSEWHERE: dict[str, set[str]] = {}
"""File -> what pdftotext alone shows, each with its reason; none today."""
ONLY_HERE = {
    "issue-604.pdf": {  # each continues in the next line, where pdftotext shows its beginning alone
        "cap.objects.frb.io/protocols/cp-thyroid-17protocol-4000.pdf",
        "fda.gov/drugs/informationondrugs/approveddrugs/ucm606708.htm",
        "fda.gov/drugs/informationondrugs/approveddrugs/ucm626720.htm",
        "jacr.org/article/s1546-1440(17)30186-2/pdf",
        "nccn.org/clinical_trials/member_institutions.aspx",
    },
}
"""File -> what only this reader takes from the printed words, each with its reason."""
PROTECTED = {
    "crazyones-encrypted-256.pdf", "encrypted-file.pdf", "libreoffice-writer-password.pdf", "r2-user-password.pdf",
    "r3-user-password.pdf", "r4-aes-user-password.pdf", "r4-user-password.pdf", "r6-both-passwords.pdf",
    "r6-cleartext-metadata.pdf",
}
"""Refused by both: their pages cannot be read without a password."""


def printed_elsewhere(other: str, path: Path) -> set[str]:
    """The addresses that pdftotext shows, in the order of the page or in that of the file."""
    shown: set[str] = set()
    for order in ("-layout", "-raw"):
        done = subprocess.run([other, order, str(path), "-"], capture_output=True, timeout=300, check=False)
        text = done.stdout.decode("utf-8", "replace")
        shown |= {plain(found.rstrip(".,;:)]'>")) for found in ADDRESS.findall(text)}
    return {address for address in shown if len(address) > 6}


def printed_here(report: CitedReport) -> set[str]:
    """First readings of printed words; a link whose words are no address is not printed."""
    return {
        plain(source.cited)
        for source in report.sources
        if any(citation.found_by != "annotation" for citation in source.citations)
    }


@pytest.mark.torture
@pytest.mark.timeout(0)
def test_this_reader_and_pdftotext_find_the_same_in_the_pdfs_that_pypdf_is_tested_with(tmp_path: Path) -> None:
    other, sdist = shutil.which("pdftotext"), next(SDISTS.glob("pypdf-*.tar.gz"), None)
    if other is None or sdist is None:
        pytest.skip("run `make build/sdists` where a package index can be reached, and install pdftotext (poppler-utils)")
    with tarfile.open(sdist) as packed:
        packed.extractall(tmp_path, [one for one in packed if one.name.endswith(".pdf")], filter="data")
    paths = sorted(tmp_path.rglob("*.pdf"))
    assert len(paths) == 72
    refused: set[str] = set()
    differing: dict[str, tuple[set[str], set[str]]] = {}
    for path in paths:
        shown = printed_elsewhere(other, path)
        try:
            report = read_report(path)
        except ReportUnreadable:
            refused.add(path.name)
            if shown:
                differing[path.name] = shown, set()
            continue
        here = printed_here(report)
        known = here | {plain(other) for source in report.sources for other in (source.cited, *source.candidates)}
        known |= {plain(one.target) for one in report.passed_over}
        missing = {address for address in shown if not any(one.startswith(address) for one in known)}
        lacks, adds = missing - ONLY_ELSEWHERE.get(path.name, set()), here - shown - ONLY_HERE.get(path.name, set())
        if lacks or adds:
            differing[path.name] = lacks, adds
    assert (refused, differing) == (PROTECTED, {})

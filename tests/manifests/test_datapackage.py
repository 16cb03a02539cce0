"""The data package, and the whole unpacked WACZ under `wacz validate`."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from archive_manifests.cdxj import index_cdx
from archive_manifests.datapackage import datapackage_json, parse_datapackage
from archive_manifests.errors import StatementError
from archive_manifests.pages import pages_jsonl
from tests.manifests.test_cdxj import write_warc
from tests.manifests.test_pages import entry, ledger

CREATED = "2026-11-22T10:00:00Z"
EMPTY = hashlib.sha256(b"").hexdigest()


def package(*resources: tuple[str, str, int, str]) -> str:
    return datapackage_json("R210517", CREATED, "evidence-archive 0.1.0", resources)


def test_resources_are_listed_by_path_whatever_order_they_come_in() -> None:
    first, second = ("index.cdx", "indexes/index.cdx", 0, EMPTY), ("s01.warc.gz", "archive/s01.warc.gz", 0, EMPTY)
    assert package(first, second) == package(second, first)
    assert [resource.path for resource in parse_datapackage(package(first, second)).resources] == [
        "archive/s01.warc.gz",
        "indexes/index.cdx",
    ]


def test_the_document_reads_as_written() -> None:
    assert package(("s01.warc.gz", "archive/s01.warc.gz", 7, EMPTY)) == (
        '{\n "profile": "data-package",\n "wacz_version": "1.1.1",\n "title": "R210517",\n'
        f' "created": "{CREATED}",\n "software": "evidence-archive 0.1.0",\n "resources": [\n  {{\n'
        f'   "name": "s01.warc.gz",\n   "path": "archive/s01.warc.gz",\n   "hash": "sha256:{EMPTY}",\n'
        '   "bytes": 7\n  }\n ]\n}\n'
    )


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        (("S01.warc.gz", "archive/S01.warc.gz", 0, EMPTY), "lower-case"),
        (("صورة", "archive/a", 0, EMPTY), "lower-case"),
        (("sources.json", "sources.json", 0, EMPTY), "archive/, indexes/ or pages/"),
        (("a", "archive/../a", 0, EMPTY), "archive/, indexes/ or pages/"),
        (("a", "archive/a", 0, "beef"), "not a digest"),
    ],
)
def test_a_resource_that_wacz_readers_refuse_is_refused(listed: tuple[str, str, int, str], said: str) -> None:
    with pytest.raises(StatementError, match=re.escape(said)):
        package(listed)


@pytest.mark.parametrize("twin", [("a", "archive/b", 0, EMPTY), ("b", "archive/a", 0, EMPTY)])
def test_two_resources_of_one_name_or_path_are_refused(twin: tuple[str, str, int, str]) -> None:
    with pytest.raises(StatementError, match="given twice"):
        package(("a", "archive/a", 0, EMPTY), twin)


def test_a_document_with_a_path_outside_is_refused_when_read() -> None:
    good = package(("a", "archive/a", 0, EMPTY))
    with pytest.raises(StatementError, match=re.escape("archive/, indexes/ or pages/")):
        parse_datapackage(good.replace('"archive/a"', '"../a"'))
    with pytest.raises(StatementError, match=r"datapackage\.json"):
        parse_datapackage(good.replace('"bytes": 0', '"bytes": "0"'))


def zipped(folder: Path, wacz: Path) -> Path:
    with zipfile.ZipFile(wacz, "w", zipfile.ZIP_STORED) as package_:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                package_.write(file, file.relative_to(folder).as_posix())
    return wacz


def unpacked(folder: Path) -> Path:
    """The web archive part of a bag, made of the texts under test."""
    for name in ("archive", "indexes", "pages"):
        (folder / name).mkdir(parents=True)
    lines = write_warc(folder / "archive" / "s01.warc.gz", ["https://sn4hr.org/", "https://sn4hr.org/صورة"])
    source = entry(exchanges=(lines[0].id,), final_url="https://sn4hr.org/")
    (folder / "indexes" / "index.cdx").write_text(index_cdx(lines))
    (folder / "pages" / "pages.jsonl").write_text(pages_jsonl(ledger(source), lines))
    files = [file for file in folder.rglob("*") if file.is_file()]
    (folder / "datapackage.json").write_text(package(*(resource(folder, file) for file in files)))
    return folder


def resource(folder: Path, file: Path) -> tuple[str, str, int, str]:
    data = file.read_bytes()
    return file.name, file.relative_to(folder).as_posix(), len(data), hashlib.sha256(data).hexdigest()


def validate(wacz: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "import sys; from wacz.main import main; sys.exit(main(sys.argv[1:]))"]
    return subprocess.run([*command, "validate", "-f", str(wacz)], capture_output=True, text=True, check=False)


def test_the_zipped_web_archive_part_passes_wacz_validate(tmp_path: Path) -> None:
    judged = validate(zipped(unpacked(tmp_path / "data"), tmp_path / "R210517.wacz"))
    assert (judged.returncode, judged.stderr) == (0, ""), judged.stdout


def test_wacz_validate_sees_an_altered_page_list(tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "data")
    pages = folder / "pages" / "pages.jsonl"
    pages.write_text(pages.read_text().replace("SNHR", "snhr"))
    assert validate(zipped(folder, tmp_path / "R210517.wacz")).returncode == 1

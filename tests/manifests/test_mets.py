"""What a METS file states of a package's files, read leniently and safely."""

from __future__ import annotations

import io
from typing import NamedTuple

import pytest

from archive_manifests.errors import StatementError
from archive_manifests.fixity import Fixity
from archive_manifests.mets import MetsFile, read_mets

HEAD = b'<mets xmlns="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink"><fileSec><fileGrp>'
TAIL = b"</fileGrp></fileSec></mets>"
DIGEST = "ab" * 32


class Read(NamedTuple):
    files: list[MetsFile]
    problems: list[str]


def read(text: bytes) -> Read:
    files = list[MetsFile]()
    return Read(files, read_mets(io.BytesIO(text), files.append).problems)


def _mets(inside: str) -> bytes:
    return HEAD + inside.encode() + TAIL


def _file(href: str, facts: str = f'CHECKSUMTYPE="SHA-256" CHECKSUM="{DIGEST}" SIZE="3"') -> str:
    return f'<file ID="f" {facts}><FLocat LOCTYPE="URL" xlink:href="{href}"/></file>'


@pytest.mark.parametrize("href", ["a%20b/c.txt", "./a%20b/c.txt", "file:a%20b/c.txt", "a%20b/x/../c.txt"])
def test_a_file_is_named_by_its_decoded_address(href: str) -> None:
    found = read(_mets(_file(href)))
    assert found.files == [MetsFile("a b/c.txt", Fixity("sha256", DIGEST), 3)]
    assert found.problems == []


def test_mets_2_names_files_by_locref() -> None:
    text = f'<mets xmlns="http://www.loc.gov/METS/v2"><file CHECKSUMTYPE="SHA-256" CHECKSUM="{DIGEST}"><FLocat LOCREF="a"/></file></mets>'  # noqa: E501
    assert read(text.encode()).files == [MetsFile("a", Fixity("sha256", DIGEST), None)]


@pytest.mark.parametrize("href", ["../a", "/etc/passwd", "https://a.example/x", "file:///etc/passwd", "", "a/../.."])
def test_an_address_outside_the_package_is_a_problem_and_no_file(href: str) -> None:
    found = read(_mets(_file(href)))
    assert found.files == []
    assert len(found.problems) == 1


@pytest.mark.parametrize("facts", ["", 'CHECKSUMTYPE="CRC32" CHECKSUM="aa"', 'CHECKSUMTYPE="SHA-256" CHECKSUM="aa"'])
def test_a_file_without_a_known_digest_is_listed_with_a_problem(facts: str) -> None:
    found = read(_mets(_file("a", facts)))
    assert found.files == [MetsFile("a", None, None)]
    assert len(found.problems) == 1


@pytest.mark.parametrize("text", [b"", b"no xml", b"<html/>", _mets("")[:-7], b"\0" * 40])
def test_what_is_no_mets_raises(text: bytes) -> None:
    with pytest.raises(StatementError, match=r"^METS\.xml: "):
        read(text)


def test_an_outside_entity_is_not_opened() -> None:
    dtd = b'<!DOCTYPE mets [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    found = read(dtd + _mets("<note>&file;</note>" + _file("a")))
    assert [one.path for one in found.files] == ["a"]


def test_entities_that_multiply_are_refused() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    dtd = f'<!DOCTYPE mets [<!ENTITY e0 "x">{bomb}]>'
    with pytest.raises(StatementError, match="amplification"):
        read(dtd.encode() + _mets("<note>&e11;</note>"))

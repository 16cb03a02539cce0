"""A ZIP file of XML parts, as office files are, opened with bounds."""

from __future__ import annotations

import zipfile
import zlib
from typing import BinaryIO

from lxml import etree

from archive.errors import ReportUnreadable
from archive_manifests.plain_text import plain_reason

LARGEST_PART = 64 * 1024 * 1024
"""Bytes of one XML part unpacked; a thousand pages are about ten million."""
LARGEST_IN_ALL = 160 * 1024 * 1024
MOST_ENTRIES = 20_000


class OfficeParts:
    """The parts of one file, read by name."""

    def __init__(self, stream: BinaryIO) -> None:
        try:
            self._zip = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
            raise ReportUnreadable(
                "is a damaged DOCX or ODT file: it begins like one, and its table of parts cannot be read, as where a "
                "copy broke off; copy or download it again, or save it once more in the program that made it"
            ) from error
        if len(self._zip.filelist) > MOST_ENTRIES:
            raise ReportUnreadable(f"holds {len(self._zip.filelist):,} entries, which no document does")
        self._read = 0

    def names(self) -> list[str]:
        return self._zip.namelist()

    def data(self, name: str) -> bytes | None:
        """A part's bytes; None where there is no such part. What the ZIP states of its size is not believed."""
        try:
            info = self._zip.getinfo(name)
        except KeyError:
            return None
        try:
            with self._zip.open(info) as part:
                data = part.read(LARGEST_PART + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
            raise ReportUnreadable(f"{name} in it cannot be unpacked: {plain_reason(error)}") from error
        self._read += len(data)
        if len(data) > LARGEST_PART or self._read > LARGEST_IN_ALL:
            raise ReportUnreadable(f"{name} in it unpacks to more than a document can need; it may be a ZIP bomb")
        return data

    def xml(self, name: str) -> etree._Element | None:
        """A part as XML, entities and external things left alone."""
        data = self.data(name)
        return None if data is None else parse_xml(data, name)


def parse_xml(data: bytes, name: str) -> etree._Element:
    """Parse XML that comes from outside. Raises `ReportUnreadable`, also for any document type declaration."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ReportUnreadable(f"{name} in it is not well-formed XML: {str(error)[:200]}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ReportUnreadable(f"{name} in it declares a document type, which office files never do")
    return root


def local(element: etree._Element) -> str:
    """An element's name without its namespace; empty for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """The attribute of that local name in any namespace: strict and transitional OOXML differ in it."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), None)

"""What a disclosure copy has that was made for it, made again from what it discloses: page, index, list of pages."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from archive.bag.tagfiles import TagFiles
from archive.verify.files.control_files import ControlFiles
from archive.verify.seal.active_page import runs_or_loads
from archive.version import AGENT
from archive.warc.report import ScannedRecord, WarcReport, record_lines
from archive_manifests import layout
from archive_manifests.cdxj import IndexLine, index_line, is_indexed, parse_index
from archive_manifests.datapackage import datapackage_json, parse_datapackage, title_of
from archive_manifests.disclosed_ledger import disclosed_ledger
from archive_manifests.disclosure_copy import FOLDER, Withheld, described, info_fields
from archive_manifests.errors import StatementError
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, Severity
from archive_manifests.ledger import Ledger
from archive_manifests.pages import pages_jsonl
from archive_manifests.paths import BagPath
from archive_manifests.records import RecordLine
from archive_manifests.tags import Oxum, format_bag_info

_SEAL = re.compile(rb"<code>([^<]{1,1000})\.seal</code>")
"""Where the page names the copy's own folder."""
_NOTE = "made for the copy, and not what the disclosed part gives"


class _Copy(Struct, frozen=True):
    """The disclosed part, as it was read."""

    control: ControlFiles
    tags: TagFiles
    ledger: Ledger
    withheld: Withheld
    lines: Sequence[RecordLine]
    requested: frozenset[str]
    """Ids of the records whose requests are here."""


def check_derived(
    control: ControlFiles, tags: TagFiles, reports: Mapping[BagPath, WarcReport], withheld: Withheld
) -> Iterator[Finding]:
    """Yield every derived file that is not what comes out when it is made again.

    Where another version of the program made the copy, that is a warning: its page may rightly look otherwise.
    """
    try:
        ledger = disclosed_ledger(withheld, lambda path: control.read(path) or b"")
    except StatementError:
        return  # reported already: an entry that is not whole
    lines, requested = _record_lines(reports)
    copy = _Copy(control, tags, ledger, withheld, lines, requested)
    found = [*_index(copy), *_pages(copy), *_package(copy), *_page(copy), *_bag_info(copy)]
    other = _made_by_another(control)
    for finding in found:
        path = str(finding.path)
        is_other = other is not None and path != layout.INDEX and not _is_active(control, path)
        yield replace(finding, severity=Severity.WARNING, note=f"{_NOTE}; made by {other}") if is_other else finding


def _differs(path: str) -> Finding:
    return make_finding("origin-unproven", BagPath(path), note=_NOTE)


def _made_by_another(control: ControlFiles) -> str | None:
    try:
        stated = parse_datapackage(control.read(layout.DATA_PACKAGE) or b"").software
    except StatementError:
        return None
    return None if stated == AGENT else stated[:80]


def _record_lines(reports: Mapping[BagPath, WarcReport]) -> tuple[list[RecordLine], frozenset[str]]:
    """The lines of a log about the records, each answer with its request's method."""
    lines: list[RecordLine] = []
    requested: set[str] = set()
    for path in sorted(reports):
        if not path.text.startswith(layout.ARCHIVE):
            continue
        requests = {one.id: one for one in reports[path].records() if one.type == "request"}
        for record, line in zip(reports[path].records(), record_lines(reports[path]), strict=True):
            request = _request_of(record, requests)
            if request is not None:
                requested.add(record.id)
                line = replace(line, method=None if request.method == "GET" else request.method)
            lines.append(line)
    return lines, frozenset(requested)


def _request_of(record: ScannedRecord, requests: Mapping[str, ScannedRecord]) -> ScannedRecord | None:
    if record.type not in ("response", "resource"):
        return None
    return next((requests[each] for each in record.concurrent if each in requests), None)


def _index(copy: _Copy) -> Iterator[Finding]:
    """The index names each answer that is here, once, as it is; one whose request is withheld may be left out."""
    data = copy.control.read(layout.INDEX)
    if data is None:
        return
    made = {(line.file.rpartition("/")[2], str(line.offset)): line for line in copy.lines if is_indexed(line)}
    try:
        found = list(parse_index(data.decode("utf-8")))
    except (StatementError, UnicodeDecodeError):
        yield _differs(layout.INDEX)
        return
    places = [_place(line) for line in found]
    left = {place for place, line in made.items() if line.id in copy.requested} - set(places)
    is_once = len(set(places)) == len(places) and [*map(str, found)] == sorted(map(str, found))
    if left or not is_once or not all(_is_of(line, made.get(_place(line))) for line in found):
        yield _differs(layout.INDEX)


def _place(line: IndexLine) -> tuple[str, str]:
    fields = dict(line.fields)
    return fields.get("filename", ""), fields.get("offset", "")


def _is_of(line: IndexLine, record: RecordLine | None) -> bool:
    """True where a line says of a record what the record says, as far as it could be read."""
    if record is None:
        return False
    made, fields = index_line(record), dict(line.fields)
    known = dict(made.fields)
    unread = {"mime", "digest"} - set(known)
    return (
        (line.key, line.timestamp) == (made.key, made.timestamp)
        and known.items() <= fields.items()
        and (set(fields) - set(known) <= unread)
    )


def _pages(copy: _Copy) -> Iterator[Finding]:
    data = copy.control.read(layout.PAGES)
    if data is not None and data != pages_jsonl(copy.ledger, copy.lines).encode("utf-8", "surrogatepass"):
        yield _differs(layout.PAGES)


def _package(copy: _Copy) -> Iterator[Finding]:
    """The data package lists just what is there."""
    data = copy.control.read(layout.DATA_PACKAGE)
    if data is None:
        return
    try:
        stated = parse_datapackage(data)
        made = datapackage_json(title_of(copy.ledger), stated.created, stated.software, _resources(copy)).encode()
    except StatementError:
        made = b""
    if data != made:
        yield _differs(layout.DATA_PACKAGE)


def _bag_info(copy: _Copy) -> Iterator[Finding]:
    """What describes the bag is what was written for this copy; of a partner's version, what it says of the content."""
    stated, title, count = copy.ledger.report.stated, title_of(copy.ledger), len(copy.ledger.sources)
    data, control = copy.tags.texts.get(layout.BAG_INFO, b""), copy.control
    if copy.tags.is_version:
        text = data.decode("utf-8", "replace").splitlines()
        fields = described(title, stated.access, stated.id, count)
        differs = any([line for line in text if line.startswith(f"{name}:")] != [f"{name}: {v}"] for name, v in fields)
    else:
        day = next(iter(copy.tags.info.values("Bagging-Date")), "") if copy.tags.info is not None else ""
        payload = Oxum(sum(control.sizes.values()), len(control.sizes))
        agent = _made_by_another(control) or AGENT
        differs = not _is_made_of(data, info_fields(stated, title, count, payload, day, agent))
    if differs:
        yield _differs(layout.BAG_INFO)


def _is_made_of(data: bytes, fields: Iterable[tuple[str, str]]) -> bool:
    try:
        return data == format_bag_info(fields).encode("utf-8", "surrogatepass")
    except StatementError:
        return False


def _is_active(control: ControlFiles, path: str) -> bool:
    """True of a page that could run or load something: no version writes one."""
    data = control.read(path) if path.endswith(".html") else None
    return data is not None and runs_or_loads(data)


def _resources(copy: _Copy) -> list[tuple[str, str, int, str]]:
    paths = [path for path in sorted(copy.control.sizes) if path.split("/")[1] in ("archive", "indexes", "pages")]
    return [
        (path.rpartition("/")[2].lower(), path.removeprefix(layout.PAYLOAD), copy.control.sizes[path], digest)
        for path in paths
        if (digest := _digest(copy.tags, path)) is not None
    ]


def _digest(tags: TagFiles, path: str) -> str | None:
    row = tags.table.row_of.get(path)
    return None if row is None else tags.table.digest(tags.table.column("sha256"), row).hex()


def _page(copy: _Copy) -> Iterator[Finding]:
    """The page, and those of the sources where it has some."""
    data = copy.control.read(layout.PAGE)
    if data is None:
        return
    from archive.page.page import render_page
    from archive.page.page_content import PageContent
    from archive.page.source_pages import render_source_pages

    ids = [entry.id for entry in copy.ledger.sources]
    own = {layout.PAGE, *layout.source_pages(ids)}
    others = {path for path in copy.control.sizes if path not in own and not path.startswith(FOLDER)}
    files = {path: copy.control.sizes[path] for path in sorted(others)}
    stated = _SEAL.search(data)
    name = html.unescape(stated[1].decode("utf-8", "replace")) if stated else None
    content = PageContent(
        ledger=copy.ledger, records=copy.lines, files=files, name=name, withheld=copy.withheld
    )
    made = render_page(content)
    if made.encode("utf-8", "surrogatepass") != data:
        # Another version of the library that renders it may escape a character otherwise.
        is_same_text = html.unescape(made) == html.unescape(data.decode("utf-8", "replace"))
        yield replace(_differs(layout.PAGE), severity=Severity.WARNING if is_same_text else Severity.ERROR)
    yield from _source_pages(copy, render_source_pages(content))


def _source_pages(copy: _Copy, pages: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    for path, page in pages:
        if _digest(copy.tags, path) != hashlib.sha256(page.encode("utf-8", "surrogatepass")).hexdigest():
            yield _differs(path)

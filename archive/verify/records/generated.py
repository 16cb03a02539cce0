"""What else of our bags is made from the ledger and the logs, made again: the page, PREMIS, bag-info, the readme.

What another version of the program made may rightly look otherwise: that is a warning, and never makes a bag unsound.
Index, pages and data package are no matter of looks: they lead to the records, and are held to their form always.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from importlib import metadata
from itertools import islice

from msgspec.structs import replace

from archive.bag.interface import Broken
from archive.bag.manifest_table import ManifestTable
from archive.bag.tagfiles import README, TagFiles
from archive.verify.files.control_files import ControlFiles
from archive.verify.records.disclosure import check_disclosure
from archive.verify.records.generated_texts import answers_of, first_difference, first_different_line
from archive.verify.records.warc_log import LOG, read_log
from archive.version import AGENT, PRODUCT, __version__
from archive_manifests import canonical, layout, records
from archive_manifests.custody import Event
from archive_manifests.errors import StatementError
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, Severity
from archive_manifests.ledger import Ledger
from archive_manifests.paths import BagPath
from archive_manifests.premis import PATH, premis_lines
from archive_manifests.records import RecordLine
from archive_manifests.tags import Oxum, format_bag_info

SOFTWARE = BagPath(layout.SOFTWARE)


RECORDINGS_SINCE = (0, 4, 0)
"""The version since which recordings that do not hold their source fill no gap."""


def as_made(control: ControlFiles, finding: Finding) -> Finding:
    """A finding as grave as it is: a difference in what another version generated is a warning.

    What is said to people is no question of the WARCs, whichever it is of the catalogue's codes.
    """
    finding = replace(finding, question="coverage")
    other = made_by_another(control) if finding.code == "generated-differs" else None
    if other is None or finding.path == BAG_INFO:  # no version words a label of it otherwise
        return finding
    return replace(finding, severity=Severity.WARNING, note=f"made by {other}; this is {PRODUCT} {__version__}")


def made_by_another(control: ControlFiles) -> str | None:
    """The program and version that a bag says it was made by, where it is not this one."""
    stated = software(control)
    product, version = stated.get("product"), stated.get("version")
    if version is None or (product, version) == (PRODUCT, __version__):
        return None
    return f"{product} {version}"[:80]


def is_earlier(made_by: str, version: tuple[int, ...]) -> bool:
    """True of a version of this program, named as `made_by_another` does, before another one."""
    release = _release(made_by)
    return release is not None and release < version


def is_written_since(made_by: str, version: tuple[int, ...]) -> bool:
    """True of a version of this program from another one on, up to this one: what later ones write is not known."""
    release, own = _release(made_by), _release(AGENT)
    return release is not None and own is not None and version <= release <= own


def made_by_later(control: ControlFiles) -> str | None:
    """The program and version that a bag says it was made by, where that is a later version of this program."""
    made_by, own = made_by_another(control), _release(AGENT)
    release = _release(made_by) if made_by is not None else None
    return made_by if release is not None and own is not None and release > own else None


@lru_cache(maxsize=64)
def _release(agent: str) -> tuple[int, ...] | None:
    """The numbers of a release of this program; None for anything else."""
    product, _, stated = agent.rpartition(" ")
    parts = stated.split(".")
    is_release = product == PRODUCT and all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts)
    return tuple(map(int, parts)) if is_release else None


def may_be_of_earlier(control: ControlFiles) -> bool:
    """True of a bag of a version before 0.4.0, and of one that took sources over from an older bag."""
    took_over = control.ledger is not None and control.ledger.predecessor is not None
    made_by = made_by_another(control)
    return took_over or (made_by is not None and is_earlier(made_by, RECORDINGS_SINCE))


def software(control: ControlFiles) -> dict[str, object]:
    """What `software.json` states, read once for a bag; empty where it cannot be read."""
    if not control.software_read:
        try:
            stated = canonical.parse(control.read(SOFTWARE) or b"{}", dict[str, object], what="software.json")
        except StatementError:
            stated = {}
        control.software_read.append(stated)
    return control.software_read[0]


LEDGER = BagPath(layout.LEDGER)
PAGE = BagPath(layout.PAGE)
BAG_INFO = BagPath(layout.BAG_INFO)
PREMIS = BagPath(PATH)
TEXT = BagPath(layout.REPORT_TEXT)

MOST_OF_LEDGER = 32 << 20
"""Bytes of a ledger whose page is rendered again: it takes a hundred times as long as reading the ledger."""

_MISSING = "web-archive-part-missing"
_FIRST_LINES = 100
"""Of PREMIS: they name the bag."""
_NAME = re.compile(
    rb"<objectIdentifierType>bag</objectIdentifierType>\n<objectIdentifierValue>([^<]*)</objectIdentifierValue>"
)


def check_generated(control: ControlFiles, tags: TagFiles, name: str) -> list[Finding]:
    """Hold what is made from others against what comes out when it is made again. `name` is the bag's folder's.

    For a bag of ours in which nothing else is wrong: where something is, what is made from it differs of course.
    """
    ledger = control.ledger
    if ledger is None:
        return []  # reported already
    try:
        events = control.parse_events()
        name = _name(control) or name
        found = [*_check_premis(control, tags, ledger, events, name)]
        found += _check_page(control, tags.table, ledger, events, name)
    except StatementError:
        return []  # already reported
    if not any(finding.code == _MISSING for finding in found):  # else the payload is not that of bag-info.txt
        found += _check_tag_files(control, tags, ledger, events, name)
    judged = [as_made(control, finding) for finding in found]
    if not any(finding.severity is Severity.ERROR for finding in judged):  # else it differs of course
        judged += check_disclosure(control, tags, ledger)
    return judged


def _name(control: ControlFiles) -> str | None:
    """What the bag was called when it was made: it may have been renamed since, and only PREMIS says it."""
    data, again = control.read(PREMIS), control.lines(PREMIS)
    try:
        stated = _NAME.search(b"".join(islice(again, _FIRST_LINES)) if again is not None else data or b"")
    except Broken:
        return None  # whoever compares it reports it
    return html.unescape(stated[1].decode("utf-8", "replace")) if stated else None


def _check_premis(
    control: ControlFiles, tags: TagFiles, ledger: Ledger, events: Sequence[Event], name: str
) -> Iterator[Finding]:
    data, again = control.read(PREMIS), control.lines(PREMIS)
    lines = partial(premis_lines, ledger, events, name=name)
    if again is not None:
        if _has_stated_digest(tags.table, PREMIS, lines(_stated(control, tags.table))):
            return
        made = lines(_stated(control, tags.table))
        try:
            differs = first_different_line(PREMIS, _encoded_lines(made), again)
            yield from () if differs is None else (differs,)
        except Broken as broken:
            yield make_finding("generated-unchecked", PREMIS, note=broken.note)
    elif PREMIS in control.too_large:
        yield make_finding("generated-unchecked", PREMIS)
    elif data is None:
        yield make_finding(_MISSING, PREMIS)
    else:
        if not canonical.is_joined(lines(_stated(control, tags.table)), data):
            yield from _compared(PREMIS, lines(_stated(control, tags.table)), data)


def _has_stated_digest(stated: ManifestTable, path: BagPath, pieces: Iterable[str]) -> bool:
    """True where a text that was made again has the digest of the file in the manifest, which the file itself has."""
    row = stated.row_of.get(path.text)
    made = hashlib.sha256()
    for piece in pieces:
        made.update(piece.encode("utf-8", "surrogatepass"))
    return row is not None and made.digest() == stated.digest(stated.column("sha256"), row)


def _encoded_lines(pieces: Iterable[str]) -> Iterator[bytes]:
    """The lines of a text that is made piece by piece, each with its LF."""
    rest = ""
    for piece in pieces:
        *lines, rest = (rest + piece).split("\n")
        yield from (f"{line}\n".encode("utf-8", "surrogatepass") for line in lines)
    if rest:
        yield rest.encode("utf-8", "surrogatepass")


def _stated(control: ControlFiles, stated: ManifestTable) -> Iterator[tuple[str, int, str, str]]:
    """Path, octets and both digests of every payload file, in the order of the manifests."""
    first, second = (stated.column(algorithm) for algorithm in ("sha256", "sha512"))
    for path in sorted(control.sizes):
        row = stated.row_of.get(path)
        if row is None:
            continue  # there in another spelling of its name, which none of ours has
        yield path, control.sizes[path], stated.digest(first, row).hex(), stated.digest(second, row).hex()


def _check_page(
    control: ControlFiles, stated: ManifestTable, ledger: Ledger, events: Sequence[Event], name: str
) -> Iterator[Finding]:
    data = control.read(PAGE)
    if control.too_large & {PAGE, TEXT} or len(control.read(LEDGER) or b"") > MOST_OF_LEDGER:
        yield make_finding("generated-unchecked", PAGE)
    elif data is None:
        yield make_finding(_MISSING, PAGE)
    else:
        from archive.page.page import render_page
        from archive.page.page_content import PageContent
        from archive.page.source_pages import render_source_pages

        text = _report_text(control)
        try:
            lines = _answers(control, ledger)
        except Broken as broken:
            yield make_finding("generated-unchecked", PAGE, note=broken.note)
            return
        files = {path: control.sizes[path] for path in sorted(control.sizes) if path != PAGE.text}
        content = PageContent(ledger=ledger, text=text, records=lines, events=events, files=files, name=name)
        found = [*_check_source_pages(stated, render_source_pages(content))]
        made = render_page(content)
        yield from found if _has_same_renderer(control) else _as_warnings(found)
        differs = _compared(PAGE, [made], data)
        yield from _as_warnings(differs) if _escapes_otherwise(control, made, data) else differs


def _report_text(control: ControlFiles) -> str | None:
    """The report's text, read as a text file is: line ends of any kind are one."""
    text = control.read(TEXT)
    return None if text is None else re.sub("\r\n?", "\n", text.decode("utf-8", "replace"))


def _check_source_pages(stated: ManifestTable, pages: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Hold the page of each source against its digest in the manifest: thousands of them would fill the memory."""
    for path, page in pages:
        row = stated.row_of.get(path)
        if row is None:
            yield make_finding(_MISSING, BagPath(path))
            continue
        made = hashlib.sha256(page.encode("utf-8", "surrogatepass")).digest()
        there = stated.digest(stated.column("sha256"), row)
        if made != there:
            facts = {"expected": f"sha256:{made.hex()}", "found": f"sha256:{there.hex()}"}
            yield make_finding("generated-differs", BagPath(path), **facts)


def _answers(control: ControlFiles, ledger: Ledger) -> list[RecordLine]:
    """The records that the page speaks of: those on which the verdicts rest. Raises `Broken`, `StatementError`."""
    wanted = {name for entry in ledger.sources for name in answers_of(entry)}
    again = control.lines(LOG)
    if again is None:
        return [line for line in read_log(control)[0] or () if line.id in wanted]
    parsed = (records.parse_line(text, number) for number, text in enumerate(again, start=1))
    return [line for line in parsed if line.id in wanted]


def _has_same_renderer(control: ControlFiles) -> bool:
    """True where the page was made with the library that makes it here: another may escape a character otherwise."""
    libraries = software(control).get("libraries")
    stated = libraries.get("jinja2") if isinstance(libraries, dict) else None
    return stated in (None, metadata.version("jinja2"))


def _escapes_otherwise(control: ControlFiles, made: str, found: bytes) -> bool:
    """True where another version of the library made the page, and only the escapes of characters differ."""
    return not _has_same_renderer(control) and html.unescape(made) == html.unescape(found.decode("utf-8", "replace"))


def _as_warnings(findings: Iterable[Finding]) -> Iterator[Finding]:
    return (replace(finding, severity=Severity.WARNING) for finding in findings)


def _check_tag_files(
    control: ControlFiles, tags: TagFiles, ledger: Ledger, events: Sequence[Event], name: str
) -> Iterator[Finding]:
    from archive.page.bag_info import info_fields
    from archive.page.readme import readme_verify

    if README in tags.texts:
        made = readme_verify(name, demonstration=ledger.conditions.demonstration)
        yield from _compared(BagPath(README), [made], tags.texts[README])
    if tags.is_version:
        return
    manifest = tags.digests.get(layout.PAYLOAD_MANIFEST, {}).get("sha256")
    if manifest and events and layout.BAG_INFO in tags.texts:
        agent = made_by_another(control) or AGENT
        payload = Oxum(sum(control.sizes.values()), len(control.sizes))
        fields = info_fields(ledger, payload, manifest, events[-1].time[:10], agent)
        yield from _compared(BAG_INFO, [format_bag_info(fields)], tags.texts[layout.BAG_INFO])


def _compared(path: BagPath, made: Iterable[str], found: bytes) -> Iterator[Finding]:
    again = "".join(made).encode("utf-8", "surrogatepass")
    if again != found:
        yield first_difference(path, again, found)

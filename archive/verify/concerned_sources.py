"""What a finding means: which cited source it concerns, and where the report cites that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from msgspec import Struct, field
from msgspec.structs import replace

from archive.verify.files.control_files import ControlFiles, is_control_file
from archive.verify.records.warc_log import log_lines
from archive_manifests import layout
from archive_manifests.findings import QUESTIONS, Finding
from archive_manifests.ledger import Ledger, SourceEntry
from archive_manifests.paths import BagPath
from archive_manifests.records import RecordLine
from archive_manifests.sources import Citation

_PLACES, _MAX_CITED = 10, 500
_SHOWN = 4
_OF_SOURCES = (layout.MEDIA, layout.VIEWS)
"""Folders with one folder for each source."""


class Meaning(Struct):
    """Which sources each record and each file of a bag concerns."""

    ledger: Ledger
    lines: Callable[[], Iterator[RecordLine]]
    """Reads the lines of the records log."""
    _sources: dict[str, SourceEntry] = field(default_factory=dict)
    _by_record: dict[str, dict[str, str]] = field(default_factory=dict)
    """Record id -> the sources it is for, and what it is to each: `page`, `image`, `style`…"""
    _by_uri: dict[str, dict[str, str]] = field(default_factory=dict)
    _by_file: dict[BagPath, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.ledger.sources:
            self._sources[entry.id] = entry
            for requisite in entry.requisites:
                for name in (requisite.record, *requisite.hops):
                    self._note(name, requisite.url, entry.id, requisite.kind)
            for name in (*entry.exchanges, *(name for copy in entry.copies for name in copy.records)):
                self._note(name, entry.final_url, entry.id, "page")

    def _note(self, name: str | None, uri: str | None, source: str, role: str) -> None:
        if name is not None:
            self._by_record.setdefault(name, {})[source] = role
        if uri is not None:
            self._by_uri.setdefault(uri, {})[source] = role

    def of(self, finding: Finding) -> dict[str, str]:
        """The sources that a finding concerns, and what it is about to each."""
        if finding.source is not None and finding.source in self._sources:
            return {finding.source: "page"}
        if finding.record is not None and finding.record in self._by_record:
            return self._by_record[finding.record]
        if finding.path is None or not _is_about_content(finding):
            return {}
        return self._by_file.get(finding.path, {})

    def look_up(self, names: set[str], paths: set[BagPath]) -> None:
        """Find out about records that the ledger does not name, a request being for what its URL is for; and files."""
        others = names - self._by_record.keys()
        for line in self.lines() if others else ():
            if line.id in others and line.uri in self._by_uri:
                self._by_record[line.id] = self._by_uri[line.uri]
        self._by_file = {path: self._by_folder(path) for path in paths}
        logged = {path.text: self._by_file[path] for path in paths if not is_control_file(path.text)}
        for line in self.lines() if logged else ():
            if (found := logged.get(line.file)) is not None:
                for source, role in self._by_record.get(line.id, {}).items():
                    if found.get(source) != "page":
                        found[source] = role
        for entry in self.ledger.sources:
            for copy in entry.copies:
                for path in {BagPath(file) for file in copy.files} & paths:
                    self._by_file[path][entry.id] = "supplied file" if copy.kind == "supplied" else "file"

    def _by_folder(self, path: BagPath) -> dict[str, str]:
        """The source whose folder a file is in."""
        for folder in _OF_SOURCES:
            source = path.text.removeprefix(folder).partition("/")[0]
            if path.text.startswith(folder) and source in self._sources:
                return {source: folder.split("/")[1]}
        return {}

    def describe(self, roles: dict[str, str]) -> str:
        """A sentence on sources for a person: which they are, and where the report cites them."""
        parts = [self._one(source, role) for source, role in sorted(roles.items())[:_SHOWN]]
        more = f"and {len(roles) - _SHOWN} more sources" if len(roles) > _SHOWN else ""
        return "; ".join([*parts, more] if more else parts)

    def _one(self, source: str, role: str) -> str:
        entry = self._sources[source]
        what = "" if role == "page" else f"{role} of "
        return f"{what}{source} {entry.cited[:_MAX_CITED]}, {_cited(entry.citations)}"


def _cited(citations: Iterable[Citation]) -> str:
    pages = sorted({citation.page for citation in citations if citation.page is not None})
    lines = sorted({citation.line for citation in citations if citation.line is not None})
    word, places = ("page", pages) if pages else ("line", lines)
    if not places:
        return "cited in the report"
    shown = [*map(str, places[:_PLACES]), *(["…"] if len(places) > _PLACES else [])]
    return f"cited on {word}{'s' if len(places) > 1 else ''} {', '.join(shown)} of the report"


def meaning(control: ControlFiles) -> Meaning | None:
    """What a bag's files and records mean; None where it has no ledger that can be read."""
    ledger = control.ledger
    return Meaning(ledger, partial(log_lines, control)) if ledger is not None else None


def explain(control: ControlFiles, findings: Iterable[Finding]) -> list[Finding]:
    """The findings, each with the sources that it concerns, where it concerns some."""
    waiting = list(findings)
    if not any(_is_about_content(finding) for finding in waiting):
        return waiting
    known = meaning(control)
    return waiting if known is None else list(_explained(known, waiting))


def _is_about_content(finding: Finding) -> bool:
    return finding.path is not None and finding.path.is_payload and finding.question in QUESTIONS[:4]


def _explained(known: Meaning, findings: list[Finding]) -> Iterator[Finding]:
    about = {finding.path for finding in findings if finding.path is not None and _is_about_content(finding)}
    known.look_up({finding.record for finding in findings if finding.record is not None}, about)
    for finding in findings:
        roles = known.of(finding)
        if not roles:
            yield finding
            continue
        note = f"{finding.note}; {known.describe(roles)}" if finding.note else known.describe(roles)
        yield replace(finding, source=finding.source or ",".join(sorted(roles)), note=note)

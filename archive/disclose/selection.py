"""What a disclosure copy contains: the entries that are not withheld, with every record and file that they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from archive.errors import UsageProblem
from archive_manifests import disclosure, layout
from archive_manifests.ledger import Ledger, SourceEntry, files_of, records_of
from archive_manifests.records import RecordLine


class Selection(Struct, frozen=True):
    """The parts of a bag that a copy discloses."""

    entries: tuple[SourceEntry, ...]
    withheld: tuple[SourceEntry, ...]
    records: tuple[RecordLine, ...]
    """In the order of the records log."""
    companions: frozenset[str]
    """Ids of records that only go with others: requests, metadata. The copy is whole without them."""
    files: tuple[str, ...]
    """Payload paths."""
    names_report: bool = True
    """The head of the ledger that names the report, by title, digest and size, goes along."""

    def head_parts(self, ledger: Ledger) -> list[tuple[str, bytes]]:
        """Kind and canonical bytes of the parts of the ledger's head that go along."""
        left_out = {"passed-over"} if self.names_report else {"passed-over", "report"}
        return [(kind, part) for kind, part in disclosure.head_parts(ledger) if kind not in left_out]


def select(
    ledger: Ledger,
    log: Iterable[RecordLine],
    ties: Mapping[str, Collection[str]],
    files: Iterable[str],
    withhold: Collection[str],
) -> Selection:
    """Choose what is disclosed; `ties` are the record ids that each record refers to by its WARC header.

    A requisite stored with a withheld source is disclosed where a disclosed source needs it.
    Raises `UsageProblem` for an unknown source, or where nothing would be left.
    """
    known = {entry.id for entry in ledger.sources}
    unknown = sorted(set(withhold) - known)
    if unknown:
        raise UsageProblem(f"--withhold {','.join(unknown)}: no such source; there are {', '.join(sorted(known))}")
    entries = tuple(entry for entry in ledger.sources if entry.id not in withhold)
    if not entries:
        raise UsageProblem("--withhold names every source; nothing would be left to disclose")
    lines = list(log)
    named = {record for entry in entries for record in records_of(entry)}
    companions = _companions(lines, ties, named)
    withheld = tuple(entry for entry in ledger.sources if entry.id in withhold)
    return Selection(
        entries,
        withheld,
        tuple(line for line in lines if line.id in named or line.id in companions),
        frozenset(companions),
        tuple(sorted(_files_to_disclose(files, entries, withheld))),
    )


def _files_to_disclose(
    files: Iterable[str], disclosed: Sequence[SourceEntry], withheld: Sequence[SourceEntry]
) -> Iterator[str]:
    """The files that disclosed sources name, in whatever folder, and what else lies in theirs and is nobody's.

    A recording that covers several sources lies in the folder of one.
    """
    named = {path for entry in disclosed for path in files_of(entry)}
    others = {path for entry in withheld for path in files_of(entry)} - named
    return (path for path in files if path in named or (path not in others and _is_of(path, disclosed)))


def _is_of(path: str, entries: Iterable[SourceEntry]) -> bool:
    return any(path.startswith((layout.media_of(entry.id), layout.views_of(entry.id))) for entry in entries)


def _companions(lines: list[RecordLine], ties: Mapping[str, Collection[str]], named: set[str]) -> set[str]:
    """Records that refer to a disclosed record and to no other: its request, what describes it, its warcinfo."""
    found: set[str] = set()
    referring = defaultdict(set)
    for record, others in ties.items():
        for other in others:
            referring[other].add(record)
    waiting = list(named)
    while waiting:
        for record in referring[waiting.pop()] - named - found:
            if set(ties[record]) <= named | found:
                found.add(record)
                waiting.append(record)
    files = {line.file for line in lines if line.id in named or line.id in found}
    return found | {line.id for line in lines if line.type == "warcinfo" and line.file in files}

"""Copies that other archives have, as earlier observers: compared with the live captures and with each other.

One archive alone is "one archive says". An archive that is known to have altered captures is named so, with the source
of that statement, and is no second archive.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import combinations

from archive.corroborate.compare.pair import status_of_copies
from archive.corroborate.pages.evidence import CopyEvidence, SourceEvidence, is_shown, memento_time
from archive.urls import UrlError, parse
from archive_manifests.corroboration import ArchiveCopy, ArchiveEvidence, ArchivePair
from archive_manifests.ledger import Copy

_DATA = "altered_archives.toml"
MOST_PAIRS = 200


@dataclass(frozen=True, slots=True)
class AlteredArchive:
    """An archive that altered captures, by what is documented."""

    code: str
    name: str
    hosts: tuple[str, ...]
    statement: str
    sources: tuple[str, ...]


@cache
def altered_archives() -> tuple[AlteredArchive, ...]:
    """The list, from the data file."""
    text = (resources.files("archive.corroborate") / _DATA).read_text(encoding="utf-8")
    return tuple(
        AlteredArchive(one["code"], one["name"], tuple(one["hosts"]), one["statement"], tuple(one["sources"]))
        for one in tomllib.loads(text)["archive"]
    )


def warning_of(host: str) -> str | None:
    """The code of the list for an archive, by its host or a host below it; None for all others."""
    for one in altered_archives():
        if any(host == each or host.endswith(f".{each}") for each in one.hosts):
            return one.code
    return None


def altered_archive(code: str) -> AlteredArchive | None:
    return next((one for one in altered_archives() if one.code == code), None)


def archive_evidence(evidence: Mapping[str, SourceEvidence]) -> ArchiveEvidence:
    """What archives had of a source, by the copies in the observers' bags."""
    copies = [(_copy(name, copy, found), found) for name, each in evidence.items() for copy, found in each.mementos]
    state = state_of_copies([one for one, _ in copies])
    distinct = {(one.archive, one.payload_sha256): (one, found) for one, found in reversed(copies)}
    pairs = [pair for pair, _ in zip(_pairs(list(distinct.values())[::-1], evidence), range(MOST_PAIRS), strict=False)]
    return ArchiveEvidence(state, tuple(one for one, _ in copies), tuple(pairs))


def state_of_copies(copies: Sequence[ArchiveCopy]) -> str:
    """How many archives speak: one that is known to have altered captures is no second one."""
    sound = {_family(one.archive) for one in copies if one.warning is None}
    return "none" if not copies else "several-archives" if len(sound) > 1 else "one-archive"


def _copy(name: str, copy: Copy, found: CopyEvidence) -> ArchiveCopy:
    host = _host(copy.url or found.url) or copy.holder or ""
    return ArchiveCopy(
        archive=host,
        observer=name,
        url=copy.url or found.url,
        datetime=memento_time(copy),
        payload_sha256=found.payload_sha256,
        text_sha256=found.text_sha256,
        warning=warning_of(host),
    )


def _host(url: str) -> str:
    try:
        return parse(url).host
    except UrlError:
        return ""


def _family(host: str) -> str:
    """An archive by its registered name, so that two of its hosts are one."""
    return ".".join(host.split(".")[-2:])


def _pairs(
    copies: list[tuple[ArchiveCopy, CopyEvidence]], evidence: Mapping[str, SourceEvidence]
) -> Iterator[ArchivePair]:
    """Each archive's copy beside each live capture, then the copies of different archives beside each other."""
    for copy, found in copies:
        for name, each in evidence.items():
            if each.live is not None and is_shown(each.entry):
                compared = status_of_copies(found, each.live)
                yield ArchivePair(copy.archive, name, compared.status, compared.differences)
    for (copy, found), (other, there) in combinations(copies, 2):
        if _family(copy.archive) != _family(other.archive):
            compared = status_of_copies(found, there)
            yield ArchivePair(copy.archive, other.archive, compared.status, compared.differences)

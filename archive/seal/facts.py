"""What a seal states of a bag, computed from the bag itself, wherever it is. Payload is counted, not read."""

from __future__ import annotations

from archive.bag.identity import facts_of
from archive.bag.interface import Bag, Broken, Entry
from archive.bag.sealed_part import covers_payload, not_sealed
from archive.bag.system_files import advice_on, unlisted_payload
from archive.bag.tagfiles import TagFiles, list_tag_files, read_tag_files
from archive.errors import UsageProblem
from archive.verify.files.control_files import CONTROL_FILE_LIMIT
from archive.verify.files.fixity import check_tag_fixity
from archive.verify.files.structure import check_oxum, check_structure
from archive.verify.result.error_list import as_text, errors_in
from archive_manifests.seal import EVENTS, SealedFacts


class NotSealable(UsageProblem):
    """What is there is no bag that a seal could vouch for."""


def read_facts(bag: Bag) -> SealedFacts:
    """Compute what a seal states, and a receipt binds. Raises `NotSealable` for an unsound bag.

    Unsound is whatever `verify` calls an error and sees without reading payload: nobody is to vouch for a bag whose
    own lists contradict each other.
    """
    tags = list_tag_files(bag)
    read_tag_files(tags, bag.reader())
    check_structure(bag, tags)
    octets, files, events = 0, 0, None
    system_files: dict[str, int] = {}
    for entry in bag.payload_entries():  # never a list of them: a bag may have a million
        octets, files = octets + entry.size, files + 1
        if advice_on(entry.path) is not None and entry.path not in tags.table.row_of:
            system_files[entry.path] = entry.size
            tags.findings.append(unlisted_payload(entry.path))
        events = entry if entry.path == EVENTS else events
    check_oxum(tags, octets, files, system_files)
    _refuse_unsound(bag, tags)
    return facts_of(bag, tags, _events(bag, events))


def require_sealable(bag: Bag, facts: SealedFacts) -> None:
    """Raise `NotSealable` where a seal of these facts would leave files open that a reader takes for sealed.

    Payload that is listed in MD5 or SHA-1 alone can be replaced; and a partner's version of a bag has tag files of its
    own, which the seal of the bag does not cover: whoever signs it would seem to vouch for them.
    """
    tags = list_tag_files(bag)
    read_tag_files(tags, bag.reader())
    if not covers_payload(bag, tags, facts):
        raise NotSealable(
            f"{bag.location}: no manifest stronger than SHA-1 lists every file, so a seal would cover nothing"
        )
    if left_out := not_sealed(bag, tags, facts):
        names = ", ".join(one.name for one in left_out)
        raise NotSealable(f"{bag.location}: the seal would not cover {names}; sign the bag that this is a version of")


def _refuse_unsound(bag: Bag, tags: TagFiles) -> None:
    if errors := errors_in([*bag.findings, *tags.findings, *check_tag_fixity(tags)]):
        raise NotSealable(f"{bag.location}: nothing was sealed: {as_text(errors)}\n`archive verify` checks the rest")


def _events(bag: Bag, entry: Entry | None) -> bytes | None:
    """The events log, whole."""
    if entry is None:
        return None
    try:
        events = bag.reader().small(entry, CONTROL_FILE_LIMIT)
    except Broken as broken:
        raise NotSealable(f"{bag.location}: {EVENTS}: {broken.note}") from broken
    if events is None:
        limit = f"over {CONTROL_FILE_LIMIT:,} bytes, more than `archive verify` keeps"
        raise NotSealable(f"{bag.location}: {EVENTS}: {limit}")
    return events

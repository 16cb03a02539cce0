"""Looks at one copy: is every byte what it was? Where not, the whole verification says what is wrong.

All use that the audit makes of `archive verify` is in this module.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from archive.audit.bag_facts import bag_facts, manifest_digests, tag_digests
from archive.audit.content import DIGESTS, Content, ContentChanged, Pace, of_digests, of_file, of_folder
from archive.audit.discover import is_package
from archive.audit.look import (
    BROKEN_FILE,
    FINDINGS_LIMIT,
    STALLED,
    Baseline,
    CopyOutcome,
    CopyProblem,
    Look,
    Pin,
    Rules,
    SealDeadline,
    fingerprint_of,
    is_damage,
    key_of,
)
from archive.audit.place import is_local, path_of
from archive.audit.stall import Stalled, within
from archive.audit.store_copy import exists_in_store, of_store, seal_in_store
from archive.bag.interface import Bag
from archive.bag.open import open_bag
from archive.bag.store.place import StorePlace
from archive.errors import ArchiveError
from archive.progress import Progress
from archive.trust.seal_folder import seal_folder
from archive.trust.store_seal import seal_beside
from archive.verify.result.verification import Verification
from archive.verify.run import verify
from archive_manifests.findings import Finding

SEAL_MARK = "beside the bag: "
"""Begins the name of a file of the seal among the tag files."""

SEAL_GROWS = frozenset({"custody.jsonl", "statement.html", ".lock"})
"""Files of a seal that are written again."""

BY_CONTENT = "content "
"""Begins the fingerprint of what has no manifest."""

STALLS = 2
"""Copies of one store that are waited for in vain in one batch: each took minutes."""

UNREAD = frozenset({"unreadable", "reader-died", "check-failed"})
"""Findings that say that a file could not be read, or a source not be checked, not that it is wrong."""


Place = Path | StorePlace


def check_batch(pins: tuple[Pin, ...], rules: Rules) -> list[Look]:
    """Look at copies one after the other; those not begun in time, or of a store that hangs, are left out."""
    pace = Pace(rules.bytes_per_second)
    looks = []
    stalled: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    for pin in pins:
        if rules.until is not None and time.time() >= rules.until:
            break
        is_off = rules.stop_after is not None and unread[pin.store] >= rules.stop_after
        if is_off or stalled[pin.store] >= STALLS:
            continue
        look = check_copy(pin, rules, pace)
        stalled[pin.store] += any(one.code == STALLED for one in look.problems)
        unread[pin.store] += look.outcome is CopyOutcome.UNREADABLE
        looks.append(look)
    return looks


def check_copy(pin: Pin, rules: Rules, pace: Pace) -> Look:
    """Look at one copy. Writes nothing; never raises for what is wrong with a copy, a disk or a store."""
    began = time.monotonic()
    pace = pace.of_copy()
    try:
        look = within(rules.stall, partial(_check, pin, rules, pace), lambda: pace.progress)
    except Stalled as error:
        pace.abandon()
        look = _unreadable(pin, STALLED, str(error))
    except OSError as error:
        what = error.strerror or str(error)
        look = _unreadable(pin, "unreadable", f"{error.filename}: {what}" if error.filename else what)
    except ArchiveError as error:
        look = _unreadable(pin, "unreadable", str(error))
    except Exception as error:  # noqa: BLE001 -- one copy must not end the run; what happened is in the event
        look = _unreadable(pin, "fault", f"{type(error).__name__}: {error}")
    return replace(look, seconds=round(time.monotonic() - began, 3), attempt=pin.attempt)


def _check(pin: Pin, rules: Rules, pace: Pace) -> Look:
    place = _place(pin.url)
    if not isinstance(place, StorePlace) and not os.path.lexists(place):
        return _missing(pin, place)
    seal = read_seal(place)
    if pin.content and pin.seal == seal.digest and not rules.thorough:
        content = _content(place, pin.content.partition(":")[0], pace)
        if content is not None and content.digest == pin.content:
            return _unchanged(pin, content)
    if isinstance(place, StorePlace) and not exists_in_store(place):  # late: it is one more request
        return _gone(pin)
    return _verified(pin, place, seal, pace)


def _place(url: str) -> Place:
    return path_of(url) if is_local(url) else StorePlace.parse(url)


def _unchanged(pin: Pin, content: Content) -> Look:
    """Every byte is what it was, so the bag is what the last verification found."""
    outcome = CopyOutcome.DAMAGED if pin.baseline.is_failing else CopyOutcome.SOUND
    known = sum(pin.baseline.codes.values())
    return Look(
        pin.copy_id, outcome, findings=known, fingerprint=pin.fingerprint, content=content.digest, seal=pin.seal,
        octets=content.octets, files=content.files,
    )  # fmt: skip


def _verified(pin: Pin, place: Place, seal: _Seal, pace: Pace) -> Look:
    """The whole verification, compared with pin and baseline."""
    found = verify(str(place) if isinstance(place, StorePlace) else place, jobs=1, progress=_Paced(pace))
    with open_bag(str(place) if isinstance(place, StorePlace) else place) as bag:
        tags = tag_digests(bag)
        facts = bag_facts(bag, pin.url) if pin.fingerprint is None else None
        content = content_of(place, bag, tags, found, pace)
    problems = [_problem(finding) for finding in found.findings]
    fingerprint = fingerprint_of(tags) or _of_content(pin, content)
    tags |= seal.files
    look = judge(pin, problems, fingerprint, tags, is_valid=found.is_valid and not found.errors)
    return replace(
        look, content=content, seal=seal.digest, octets=found.octets, files=found.files, is_verified=True, facts=facts,
        deadlines=_deadlines(place) if seal.digest else (),
    )  # fmt: skip


def _of_content(pin: Pin, content: str | None) -> str | None:
    """What a WACZ, or a bag that had no manifest when it was added, is recognised by: all its bytes."""
    if content is None or not (pin.fingerprint or BY_CONTENT).startswith(BY_CONTENT):
        return None
    return f"{BY_CONTENT}{content}"


def _deadlines(place: Place) -> tuple[SealDeadline, ...]:
    from archive.audit.seal_deadlines import seal_deadlines

    with seal_beside(cast(Path, place)) as folder:
        return seal_deadlines(folder)


def judge(
    pin: Pin, problems: list[CopyProblem], fingerprint: str | None, tags: dict[str, str], *, is_valid: bool
) -> Look:
    """The outcome: what a verification found, compared with pin and baseline. A pure function."""
    if pin.fingerprint is not None:
        named = {one.path for one in problems if one.severity == "error" and one.path}
        problems = [*problems, *(one for one in _against_pin(pin, fingerprint, tags) if one.path not in named)]
    judged = [replace(one, is_new=key_of(one) not in pin.baseline.keys) for one in problems]
    judged.sort(key=lambda one: (not one.is_new, one.severity != "error", one.code not in BROKEN_FILE))
    new = sum(one.is_new for one in judged)
    return Look(
        pin.copy_id,
        _outcome(pin, judged, fingerprint, is_valid=is_valid),
        problems=tuple(judged[:FINDINGS_LIMIT]),
        findings=len(judged),
        new_findings=new,
        fingerprint=fingerprint,
        tags=tags,
        baseline=Baseline.of(judged),
    )


def _outcome(pin: Pin, judged: list[CopyProblem], fingerprint: str | None, *, is_valid: bool) -> CopyOutcome:
    errors = [one for one in judged if one.severity == "error" and one.code != "pin-differs"]
    is_other = pin.fingerprint is not None and fingerprint != pin.fingerprint
    if is_other and (is_valid or not any(one.is_new for one in errors)):
        return CopyOutcome.SUBSTITUTED
    if errors and all(one.code in UNREAD for one in errors if one.is_new or is_damage(one)):
        unread = [one for one in errors if one.code in UNREAD]
        if unread:
            return CopyOutcome.UNREADABLE
    is_wrong = any(is_damage(one) or one.is_new for one in errors)
    return CopyOutcome.DAMAGED if is_wrong or is_other else CopyOutcome.SOUND


def _against_pin(pin: Pin, fingerprint: str | None, tags: dict[str, str]) -> Iterable[CopyProblem]:
    """What no manifest says, and the catalogue knows: another bag, and tag files that no manifest lists."""
    if fingerprint != pin.fingerprint:
        yield CopyProblem(
            "pin-differs", "error", None, pin.fingerprint, fingerprint or "no manifest", kind="contradiction"
        )
        return
    for path in sorted(pin.tags.keys() | tags.keys()):
        before, after = pin.tags.get(path), tags.get(path)
        if path.startswith(SEAL_MARK):
            if before is not None and before != after:  # a seal may grow, and loses nothing
                yield CopyProblem("seal-file-changed", "error", path, _digest(before), _digest(after), kind="damage")
        elif before != after:
            yield CopyProblem("tag-file-changed", "error", path, _digest(before), _digest(after), kind="damage")


def _digest(value: str | None) -> str:
    return f"sha256:{value}" if value else "no such file"


def _missing(pin: Pin, place: Path) -> Look:
    """Nothing is there. Beside other things it is lost; in an empty folder the disk may just not be mounted."""
    try:
        with os.scandir(place.parent) as beside:
            is_lost = next(beside, None) is not None
    except OSError as error:
        return _unreadable(pin, "unreadable", f"{place.parent}: {error.strerror or error}")
    if not is_lost:
        return _unreadable(pin, "unreadable", f"{place.parent}: is empty; is the disk mounted?")
    return _gone(pin)


def _gone(pin: Pin) -> Look:
    problem = CopyProblem("bag-gone", "error", found="no such path", kind="missing")
    problem = replace(problem, is_new=key_of(problem) not in pin.baseline.keys)
    return Look(
        pin.copy_id, CopyOutcome.DAMAGED, (problem,), 1, int(problem.is_new), baseline=Baseline.of([problem]),
        is_verified=True,
    )  # fmt: skip


def _unreadable(pin: Pin, code: str, note: str) -> Look:
    problem = CopyProblem(code, "error", note=note[:2000], kind=None)
    return Look(pin.copy_id, CopyOutcome.UNREADABLE, (problem,), 1, 1)


def died(pin: Pin, note: str) -> Look:
    """A copy whose reading ended the worker that read it, each time."""
    return replace(_unreadable(pin, "reader-died", note), attempt=pin.attempt)


def _problem(finding: Finding) -> CopyProblem:
    kind = getattr(finding, "kind", None)
    found = finding.found[:1000] if finding.found else finding.found
    if finding.more:  # the number is all that is known of them: another number is another finding
        found = ", ".join(part for part in (found, f"and {finding.more:,} more") if part)
    return CopyProblem(
        code=finding.code,
        severity=str(finding.severity),
        path=str(finding.path) if finding.path is not None else None,
        expected=finding.expected,
        found=found,
        source=finding.source,
        note=finding.note,
        kind=str(kind) if kind else None,
    )


def _content(place: Place, algorithm: str, pace: Pace) -> Content | None:
    try:
        if isinstance(place, StorePlace):
            return of_store(place, algorithm, pace)
        if place.is_dir():
            return of_folder(os.fspath(place), algorithm, pace)
        return of_file(os.fspath(place), algorithm, pace)
    except ContentChanged:
        return None


def content_of(place: Place, bag: Bag, tags: dict[str, str], found: Verification, pace: Pace) -> str | None:
    """The digest of all bytes. Of a sound folder it follows from its manifests; of others they are read again."""
    is_unpacked = not is_package(place.name) if isinstance(place, StorePlace) else place.is_dir()
    if is_unpacked and found.is_valid and not found.errors:
        for algorithm in DIGESTS:
            payload = manifest_digests(bag, algorithm)
            if payload is not None and len(payload) == found.files - len(tags):
                files = {**payload, **(tags if algorithm == "sha256" else tag_digests(bag, algorithm))}
                return of_digests(algorithm, files.items())
    content = _content(place, DIGESTS[0], pace)
    return content.digest if content else None


class _Seal(Struct, frozen=True):
    """The seal folder beside a copy."""

    digest: str | None
    """Of all its bytes; None where there is no seal."""
    files: dict[str, str]
    """Hex sha256 of those files that never change, by `SEAL_MARK` and name, so that a removed file is noticed."""


def read_seal(place: Place) -> _Seal:
    """Read the seal folder beside a bag."""
    try:
        content = seal_in_store(place) if isinstance(place, StorePlace) else _local_seal(place)
    except ContentChanged as error:
        return _Seal(f"unreadable: {error}", {})
    if content is None:
        return _Seal(None, {})
    names = {os.fsdecode(path): digest for path, digest in content.digests.items()}
    return _Seal(content.digest, {SEAL_MARK + name: digest for name, digest in names.items() if name not in SEAL_GROWS})


def _local_seal(place: Path) -> Content | None:
    folder = seal_folder(place)
    return of_folder(os.fspath(folder), "sha256", Pace(None)) if folder.is_dir() else None


class _Paced(Progress):
    """Keeps a verification below a rate."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    def file_checked(self, path: str, size: int) -> None:
        self._pace.took(size)

"""The `archive fetch` command that resumes a work folder: its input, found where it is now, and its options."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from archive.workfolder.given_files import read_given_files
from archive_manifests import layout

if TYPE_CHECKING:
    from archive.workfolder.events import Begun
    from archive.workfolder.state import WorkState

SWITCHES: dict[str, tuple[object, str]] = {
    "connect_to": ([], "--connect-to"),
    "accept_certificate": ([], "--accept-certificate"),
    "proxy": (None, "--proxy URL"),
    "allow_private": (False, "--allow-private"),
    "max_size": (5 << 30, "--max-size"),
    "max_total": (None, "--max-total"),
    "media": (True, "--no-media"),
    "memento": (True, "--no-memento"),
    "timemaps": ([], "--timemap"),
    "third_parties": (True, "--no-third-parties"),
    "submit": (False, "--submit-wayback"),
    "identify": (None, "--identify"),
    "cookies": (False, "--cookies FILE"),
    "obey_robots": (False, "--obey-robots"),
    "demonstration": (False, "--demonstration"),
    "round": (None, "--round"),
    "browser": (True, "--no-browser"),
}
"""Option of a work folder -> its default on the command line, and the switch that gives another value.

A word in capitals stands for what the work folder does not have: the address of a proxy, or a file of the user's whose
place no run noted.
"""

LIMITS: dict[str, tuple[float | None, str]] = {
    "delay": (1.0, "--delay"),
    "jobs": (8.0, "--jobs"),
    "per_host": (1.0, "--per-host"),
    "limit_rate": (None, "--limit-rate"),
}
"""The same for the pace of a run, which the conditions state and which may change."""

_NUMBERED = re.compile(r"(.+)-[0-9]+")


def resume_command(work: Path, bag: Path, state: WorkState) -> str:
    """The command that resumes, to be typed in the current folder. `bag` is the path that the work becomes."""
    words = ["archive", "fetch", *_input(work, state), "-o", *_output(bag, state), *_switches(work, state)]
    return shlex.join(words)


def near(path: Path) -> str:
    """Relative where the path is below the current folder: as a person would type it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def _input(work: Path, state: WorkState) -> Iterator[str]:
    """The input: where the user has it, else its copy in the work folder, which is there from the beginning."""
    begun = state.begun
    inputs = [added for added in state.files.values() if added.path in (layout.SOURCE_MANIFEST, begun.report.path)]
    copies = {added.sha256: work / "bag" / added.path for added in inputs}
    copy = copies.get(begun.input_sha256)
    if copy is None or not copy.is_file():
        yield begun.report.name or "INPUT"
        return
    if copy.name != Path(layout.SOURCE_MANIFEST).name:
        yield near(_report(work, begun) or copy)
        return
    yield near(copy)
    if begun.report.path is not None:  # a source manifest that was reviewed, and its report
        yield "--report"
        yield near(_report(work, begun) or work / "bag" / begun.report.path)


def _report(work: Path, begun: Begun) -> Path | None:
    """The report's own file, in the current folder or beside the work folder, if it is still the same."""
    name, stated = begun.report.name, begun.report.stated.sha256
    for folder in (Path.cwd(), work.parent):
        place = folder / (name or "")
        if name and place.is_file() and place.stat().st_size == begun.report.size and _sha256(place) == stated:
            return place
    return None


def _sha256(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _output(bag: Path, state: WorkState) -> Iterator[str]:
    older = _NUMBERED.fullmatch(bag.name)
    if state.begun.predecessor is None or older is None:
        yield near(bag)
        return
    yield near(bag.with_name(older[1]))
    yield "--again"
    has_carried = state.carried or any(one.type == "response" for event in state.derived for one in event.records)
    if state.entries and not has_carried:
        yield "--all"


def _switches(work: Path, state: WorkState) -> Iterator[str]:
    begun, given = state.begun, read_given_files(work)
    for name, (default, switch) in SWITCHES.items():
        value = begun.options.get(name, default)
        if value != default:
            for one in value if isinstance(value, list) else [value]:
                has_place = name == "cookies" and given.cookies is not None
                yield from (switch.split()[0], near(Path(given.cookies or ""))) if has_place else switch.split()
                if not isinstance(value, bool) and " " not in switch:
                    yield str(one)
    for name, (usual, switch) in LIMITS.items():
        limit = begun.conditions.limits.get(name, usual)
        if limit is not None and limit != usual:
            yield from (switch, str(int(limit) if limit == int(limit) else limit))
    if begun.conditions.added_cas:
        for path in given.cacerts or ("FILE",):
            yield from ("--cacert", near(Path(path)))
    if begun.predecessor in {bag.tagmanifest for bag in begun.conditions.accepted_bags}:
        yield "--accept-unsound"
    if layout.BEGUN in state.files:
        yield from ("--tsa", "NAME")

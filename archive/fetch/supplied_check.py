"""What a person's file must be before it is laid down beside a source: not empty, and of the source's address.

A recording and a page saved as one file say themselves which addresses they are of. One of another address is refused,
unless the person insists; then the ledger says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from archive.bag.other_formats import HEAD, advice_on_unread
from archive.capture.classify.beginnings import fits, kind_of, starts_as_page
from archive.errors import UsageProblem
from archive.http.head import is_error
from archive.verify.foreign.recordings import Recording, is_recording_file, read_recording
from archive.verify.foreign.saved_page import SavedFrom, is_address_of, saved_from
from archive_manifests.ledger import SourceEntry
from archive_manifests.notes import Note

_MOST_SHOWN = 3
_WORTH_A_WARNING = frozenset({
    "recording-damaged", "recording-lacks", "recording-error", "recording-warcio", "recording-habits",
    "recording-needs", "recording-conditions", "recording-no-content", "recording-judged", "recording-redirect",
    "saved-from-other",
})  # fmt: skip
"""Notes on a supplied file that its supplier should read at once."""


def warnings_of(entry: SourceEntry) -> list[Note]:
    """What whoever supplies files for a source should know of them."""
    supplied = (copy for copy in entry.copies if copy.kind == "supplied")
    return [note for copy in supplied for note in copy.notes if note.code in _WORTH_A_WARNING]


def require_content(file: Path) -> None:
    """Raise `UsageProblem` for an empty file: it holds nothing of anything."""
    if file.stat().st_size == 0:
        raise UsageProblem(f"{file}: empty, 0 bytes; nothing of a source is in it. Save it again, or get it anew")


def require_kind(file: Path) -> None:
    """Raise `UsageProblem` for a file that does not begin as its name says: a text called `.png` shows nothing."""
    suffix = file.suffix.lower().removeprefix(".")
    with file.open("rb") as opened:
        head = opened.read(HEAD)
    if fits(head, suffix) is False:
        found = kind_of(head) or ("html" if starts_as_page(head) else None)
        found = f"as .{found} files do" if found else "otherwise"
        advice = "Name it after what it is, or give it the ending .bin, and supply it again"
        raise UsageProblem(f"{file}: its name says .{suffix}, and it begins {found}. {advice}")


def require_readable(file: Path) -> None:
    """Raise `UsageProblem` for a recording of a form that is not read: it is not damaged, and is to be converted."""
    with file.open("rb") as opened:
        advice = advice_on_unread(opened.read(HEAD), file.name.lower())
    if advice is not None:
        raise UsageProblem(f"{file}: {advice}")


def require_fit(file: Path, urls: frozenset[str], where: str, *, other_address: bool) -> Recording | None:
    """Raise `UsageProblem` for a file with nothing in it, and for one of another address than these.

    `where` names the source; with `other_address` the file may be of any. Returns the recording, where it is one.
    """
    require_content(file)
    require_readable(file)
    require_kind(file)
    if not is_recording_file(file):
        if not other_address:
            _require_saved_from(file, saved_from(file), urls, where)
        return None
    recording = read_recording(file)
    if not recording.records and not recording.damage:
        raise UsageProblem(f"{file}: holds no response of any server, so nothing of a source is in it")
    if not other_address:
        _require_in_recording(recording, urls, where)
    return recording


def _require_in_recording(recording: Recording, urls: frozenset[str], where: str) -> None:
    """Raise `UsageProblem` for a recording that is damaged, or has no response for the address, or errors alone."""
    file, found = recording.path, recording.responses(urls)
    if recording.damage and not recording.records and recording.damage[0].code.startswith("wacz-"):
        return  # a WACZ that contradicts its own data package: stored as a damaged file, and the gap stays
    if recording.damage:
        code = recording.damage[0].code
        unread = "so that nothing in it is relied on" if found else f"and no response for {where} can be read in it"
        raise UsageProblem(f"{file}: damaged ({code}), {unread}. {_DAMAGED}")
    if not found:
        there = _shown(record.uri for record in recording.records if record.type == "response" and record.uri)
        there = there or "no response"
        raise UsageProblem(f"{file}: holds no response for {where}; it holds {there}. {_ADVICE}")
    status = error_for(recording, urls)
    if status is not None:
        raise UsageProblem(f"{file}: {only_error(status)}, for {where}. {_ERROR_ALONE}")


def _require_saved_from(file: Path, saved: SavedFrom | None, urls: frozenset[str], where: str) -> None:
    """Raise `UsageProblem` for a saved page that names another address than these."""
    if saved is not None and not is_address_of(saved, urls):
        raise UsageProblem(f"{file}: says that it was saved from {saved.url[:300]}, not from {where}. {_ADVICE}")


_ADVICE = (
    "Name the source that it is of; --other-address (in a source manifest: other_address = true) adds it all the same, "
    "and the gap stays"
)
_DAMAGED = (
    "Save or get it again; --other-address (in a source manifest: other_address = true) adds it all the same, "
    "as a damaged file"
)
_ERROR_ALONE = (
    "Supply a recording in which the page is there; --other-address (in a source manifest: other_address = true) "
    "adds this one as a record of the error, and the gap stays"
)


def only_error(status: int) -> str:
    """What is said of a recording that shows how a server refused a source, and nothing of the source."""
    return f"holds only an error of the server, HTTP {status}"


def error_for(read: Recording | SavedFrom | None, urls: frozenset[str]) -> int | None:
    """The status of the first response for one of these addresses, where every one of a sound recording is an error."""
    found = read.responses(urls) if isinstance(read, Recording) and not read.damage else []
    return found[0].http_status if found and all(is_error(one.http_status) for one in found) else None


def holds_address(read: Recording | SavedFrom | None, urls: frozenset[str]) -> bool:
    """True where a sound recording has a response for one of these addresses that is no error, or a page is of one."""
    if isinstance(read, Recording):
        return not read.damage and any(not is_error(one.http_status) for one in read.responses(urls))
    return read is not None and is_address_of(read, urls)


def _shown(urls: Iterable[str]) -> str:
    every = list(dict.fromkeys(urls))
    more = f" and {len(every) - _MOST_SHOWN:,} more" if len(every) > _MOST_SHOWN else ""
    return ", ".join(url[:200] for url in every[:_MOST_SHOWN]) + more

"""What a person decides about a reading: changes of the source manifest that they could also make in the file."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from archive.errors import UsageProblem
from archive.urls import UrlError, parse
from archive_manifests.sources import Citation, PassedOver, Source, SourceManifest

OWN = "own"
"""The choice of an address that the person typed."""
_LONGEST = 8000


class Decision(Struct, frozen=True):
    """What a person decided about one source."""

    reading: str = ""
    """Number of one of `choices_of`, or `OWN`; empty where nothing was chosen."""
    own: str = ""
    skip: bool = False
    graphic: bool = False
    sensitivity: str = ""
    note: str = ""
    media: bool | None = None


def web_address(text: str) -> str:
    """An address as a person typed it. Raises `UsageProblem` where it is none of the web."""
    given = text.strip()
    try:
        is_web = len(given) <= _LONGEST and given.isprintable() and parse(given).is_web
    except UrlError:
        is_web = False
    if not is_web:
        raise UsageProblem(f"{given[:200]}: not a web address; it has to begin with https:// or http://")
    return given


def choices_of(source: Source) -> list[str]:
    """The addresses that may be chosen as the right reading, likeliest first."""
    every = dict.fromkeys((source.cited, *source.candidates, *([source.reading] if source.reading else [])))
    return [one for one in every if one.lower().startswith(("http://", "https://"))]


def decide(manifest: SourceManifest, index: int, decision: Decision) -> SourceManifest:
    """The manifest with a decision about the source at `index`. Raises `UsageProblem`, `LookupError`."""
    source = manifest.sources[index]
    changed = replace(
        source,
        reading=_reading(source, decision),
        skip=decision.skip,
        graphic=True if decision.graphic else (source.graphic and None),
        sensitivity=decision.sensitivity or None,
        note=decision.note or None,
        media=decision.media,
    )
    return _with(manifest, index, changed)


def _reading(source: Source, decision: Decision) -> str | None:
    if decision.reading == OWN:
        return web_address(decision.own)
    choices = choices_of(source)
    if not decision.reading.isdecimal() or int(decision.reading) >= len(choices):
        return source.reading
    chosen = choices[int(decision.reading)]
    # Where nothing was in doubt and nothing was changed, nothing is settled.
    return None if chosen == source.cited and not source.doubts else chosen


def accept(manifest: SourceManifest, index: int) -> SourceManifest:
    """Take the likeliest reading as right."""
    source = manifest.sources[index]
    choices = choices_of(source)
    if not choices:
        cited = source.cited[:200]
        raise UsageProblem(f"{cited}: no reading of it is a web address; type the right one, or leave it out")
    return _with(manifest, index, replace(source, reading=choices[0], skip=False))


def leave_out(manifest: SourceManifest, index: int, *, skip: bool) -> SourceManifest:
    return _with(manifest, index, replace(manifest.sources[index], skip=skip))


def add(manifest: SourceManifest, address: str, page: int | None = None) -> SourceManifest:
    """Add a source by hand, once. Raises `UsageProblem`."""
    given = web_address(address)
    if any(source.cited == given for source in manifest.sources):
        raise UsageProblem(f"{given[:200]}: is a source already")
    added = Source(given, (Citation(page=page, found_by="person"),))
    return replace(manifest, sources=(*manifest.sources, added))


def remove(manifest: SourceManifest, index: int) -> SourceManifest:
    """Remove a source that a person added. Raises `UsageProblem` for one that the report cites."""
    source = manifest.sources[index]
    if not is_added(source):
        raise UsageProblem(f"{source.cited[:200]}: the report cites it; leave it out, and the bag will say so")
    return replace(manifest, sources=manifest.sources[:index] + manifest.sources[index + 1 :])


def is_added(source: Source) -> bool:
    """True where a person added it, and the report does not cite it."""
    return bool(source.citations) and all(citation.found_by == "person" for citation in source.citations)


def as_address(passed: PassedOver) -> str | None:
    """What was passed over as an address that can be added; None where it cannot be one."""
    text = passed.target.strip()
    for candidate in (text, f"https://{text}"):
        try:
            return web_address(candidate)
        except UsageProblem:
            continue
    return None


def _with(manifest: SourceManifest, index: int, source: Source) -> SourceManifest:
    sources = list(manifest.sources)
    sources[index] = source
    return replace(manifest, sources=tuple(sources))

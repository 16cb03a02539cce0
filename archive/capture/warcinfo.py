"""The fields of each warcinfo of a run: which program captures, under which conditions, for which source manifest.

The records hold so what the ledger and the files beside them state, and `verify` compares both. (WARC 1.1, section 6.2)
"""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import metadata
from typing import Any

import msgspec
from msgspec import Struct

from archive.version import AGENT
from archive_manifests import canonical
from archive_manifests.ledger import Conditions

CONDITIONS = "conditions"
RUNTIME = "runtime"
SOURCE_MANIFEST = "source-manifest"
TEXT_BY = "report-text-by"
STARTED = "started"
RESUMED = "resumed"
USER_AGENT = "http-header-user-agent"
"""A standard field, as `robots` is; the other names are ours. Their values are JSON, a leaf (once a digest), a name,
an instant."""
RESUMED_SCHEMA = "archive.resumed/1"
"""Of a metadata record about a warcinfo: the run was resumed, and goes on in a file that was there already."""
ENDED_SCHEMA = "archive.ended/1"
"""Of a metadata record about a warcinfo: the captures of the run had ended."""

FORMAT = "WARC File Format 1.1"
CONFORMS_TO = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
DESCRIPTION = "sources cited by a report, captured as it cites them"
NAMES = (
    *("software", "format", "conformsTo", "isPartOf", "description", "robots", USER_AGENT, CONDITIONS),
    *(SOURCE_MANIFEST, TEXT_BY, STARTED, RESUMED, RUNTIME),
)
"""The fields that a warcinfo may have, in their order."""
_LONGEST = 4 << 20
"""Bytes of a warcinfo that are read: the conditions of a run may have thousands of rules."""

_ROBOTS = {"obeyed": "obey", "not obeyed": "ignore"}
_OWN_FIELDS = ("user_agent", "robots")
_PROVEN_ELSEWHERE = ("clock", "accepted_bags")
"""Known at the end of the run alone, and what custody events state."""
_LIBRARIES = ("requests", "can-ada", "isal", "lxml", "tinycss2", "linkify-it-py", "pypdf", "msgspec", "jinja2")
_EXTRAS = ("yt-dlp", "playwright")


class RunTimes(Struct, frozen=True):
    """When a run was begun, and each time that it was resumed."""

    started: str
    resumed: tuple[tuple[str, int], ...] = ()
    """Each time, and how many records were there."""


def warcinfo_of(
    report: str, conditions: Conditions, source_manifest: str | None, text_by: str | None, times: RunTimes | None = None
) -> list[tuple[str, str]]:
    """The fields; `report` is its id, `source_manifest` the leaf of the file in the bag (`disclosure.stated_leaf`).

    Its digest would tell whoever has a disclosure copy whether they guessed what the copy withholds.
    `text_by` is what read the text of the report, with its version.
    """
    resumed = canonical.line(resumptions(times)).rstrip("\n") if times is not None and times.resumed else None
    return [
        ("software", AGENT),
        ("format", FORMAT),
        ("conformsTo", CONFORMS_TO),
        ("isPartOf", report),
        ("description", DESCRIPTION),
        ("robots", _ROBOTS.get(conditions.robots, "ignore")),
        (USER_AGENT, conditions.user_agent),
        (CONDITIONS, canonical.line(stated_conditions(conditions)).rstrip("\n")),
        *([(SOURCE_MANIFEST, source_manifest)] if source_manifest is not None else []),
        *([(TEXT_BY, text_by)] if text_by is not None else []),
        *([(STARTED, times.started)] if times is not None else []),
        *([(RESUMED, resumed)] if resumed is not None else []),
        (RUNTIME, canonical.line(runtime()).rstrip("\n")),
    ]


def resumptions(times: RunTimes) -> dict[str, Any]:
    """How often the run was resumed, and when, as a warcinfo or a record about one states it."""
    return {"schema": RESUMED_SCHEMA, "resumed": [{"time": time, "records": n} for time, n in times.resumed]}


def stated_conditions(conditions: Conditions) -> dict[str, Any]:
    """The conditions that are fixed when a run begins, as they stand in a warcinfo; notes without their sentence."""
    stated: dict[str, Any] = msgspec.to_builtins(conditions)
    for name in (*_OWN_FIELDS, *_PROVEN_ELSEWHERE):
        del stated[name]
    stated["memento_policy"].pop("text", None)
    return stated


def runtime() -> dict[str, Any]:
    """What runs the program: versions only, nothing read off the operating system."""
    import ssl  # not at the head: who only verifies opens no socket

    openssl = " ".join(ssl.OPENSSL_VERSION.split()[:2])
    return {"python": platform.python_version(), "openssl": openssl, "libraries": dict(_libraries())}


@cache
def _libraries() -> tuple[tuple[str, str], ...]:
    """The libraries that matter to a capture and are installed, with their versions."""
    versions = []
    for library in (*_LIBRARIES, *_EXTRAS):
        try:
            versions.append((library, metadata.version(library)))
        except metadata.PackageNotFoundError:
            continue
    return tuple(versions)


def fields_of(block: bytes) -> dict[str, str]:
    """The fields that the block of a warcinfo record has."""
    lines = (line.partition(":") for line in block[:_LONGEST].decode("utf-8", "replace").splitlines())
    return {name.strip(): value.strip() for name, colon, value in lines if colon}


def names_in(block: bytes) -> tuple[str, ...] | None:
    """The names of the fields in their order; None where there is any line that the writer would write otherwise."""
    *lines, rest = block[:_LONGEST].split(b"\r\n")
    pairs = [line.partition(b": ") for line in lines]
    is_plain = not rest and all(sep and name.isascii() and b"\n" not in value for name, sep, value in pairs)
    return tuple(name.decode("ascii") for name, _, _ in pairs) if is_plain else None


def is_as_written(names: Sequence[str]) -> bool:
    """True where these are fields of a warcinfo of ours, each once and in their order."""
    waiting = iter(NAMES)
    return all(name in waiting for name in names)


def object_in(fields: Mapping[str, str], name: str) -> dict[str, Any] | None:
    """The JSON object that a field of a warcinfo holds; None where it has none."""
    try:
        value = msgspec.json.decode(fields.get(name, ""))
    except (msgspec.DecodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None

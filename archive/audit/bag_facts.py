"""What a bag says about itself: digests of its tag files, its manifest, its ledger; of a broken one, what is there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec

from archive.audit.look import BagFacts
from archive.audit.place import bag_name
from archive.bag.interface import Bag, Broken, Entry
from archive_manifests.paths import BagPath
from archive_manifests.payload import ManifestReading, manifest_name

LEDGER = BagPath("data/sources.json")

LEDGER_LIMIT = 256 << 20

INFO_LIMIT = 1 << 20


def manifest_digests(bag: Bag, algorithm: str) -> dict[str, str] | None:
    """What the payload manifest states; None where there is none, or it has to be read as an older version."""
    name = manifest_name(algorithm)
    entries = {entry.path: entry for entry in bag.tag_entries()}
    if name not in entries:
        return None
    reading = ManifestReading(algorithm)
    digests = {path: digest for path, digest, _ in reading.rows(_chunks(bag, entries[name]))}
    return digests if reading.is_canonical and not reading.problems else None


def tag_digests(bag: Bag, algorithm: str = "sha256") -> dict[str, str]:
    """Hex digest of every tag file that can be read."""
    digests = {}
    for entry in bag.tag_entries():
        digest = hashlib.new(algorithm)
        try:
            for chunk in _chunks(bag, entry):
                digest.update(chunk)
        except Broken:
            continue
        digests[entry.path] = digest.hexdigest()
    return digests


def _chunks(bag: Bag, entry: Entry) -> Iterable[bytes]:
    reader = bag.reader()
    try:
        yield from reader.chunks(entry)
    finally:
        reader.close()


def bag_facts(bag: Bag, url: str) -> BagFacts:
    """What the tag files and the ledger say about a bag; of a broken one, as much as can be read."""
    info = _info(bag)
    ledger = _ledger(bag)
    report = ledger.get("report", {})
    identity = report.get("stated", report) if isinstance(report, dict) else {}
    sources = ledger.get("sources", [])
    return BagFacts(
        name=bag_name(url),
        report=_string(identity.get("id")) if isinstance(identity, dict) else None,
        external_identifier=info.get("external-identifier"),
        software=info.get("bag-software-agent"),
        citations=tuple(filter(None, map(_citation, sources if isinstance(sources, list) else []))),
    )


def _info(bag: Bag) -> dict[str, str]:
    from archive_manifests.tags import parse_bag_info

    data = _read(bag, BagPath("bag-info.txt"), INFO_LIMIT)
    return {label.lower(): value for label, value in parse_bag_info(data).fields} if data else {}


def _ledger(bag: Bag) -> dict[str, Any]:
    data = _read(bag, LEDGER, LEDGER_LIMIT)
    try:
        ledger = msgspec.json.decode(data) if data else {}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return ledger if isinstance(ledger, dict) else {}


def _citation(source: Any) -> tuple[str, str, str | None, str, str] | None:
    if not isinstance(source, dict) or not _string(source.get("id")):
        return None
    places = source.get("citations", [])
    pages = [str(each.get("page")) for each in places if isinstance(each, dict) and each.get("page") is not None]
    words = (source.get("cited") or "", source.get("request_url") or source.get("final_url"))
    return source["id"], str(words[0]), _string(words[1]), ", ".join(dict.fromkeys(pages)), str(source.get("status"))


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _read(bag: Bag, path: BagPath, limit: int) -> bytes | None:
    """A file of a bag where it is there and not too large."""
    for entry in bag.payload_entries() if path.is_payload else bag.tag_entries():
        if entry.path == path.text:
            parts, size = [], 0
            try:
                for chunk in _chunks(bag, entry):
                    size += len(chunk)
                    if size > limit:
                        return None
                    parts.append(chunk)
            except Broken:
                return None
            return b"".join(parts)
    return None

"""The web archive part of a bag as a WACZ: what `datapackage.json` lists, zipped, and nothing else. (WACZ 1.1.1)"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial

from archive.bag.contents import Contents, Member, PackRefused, contents, text_member
from archive.bag.interface import Bag, Entry
from archive.errors import BagUnreadable, StatementError
from archive_manifests import canonical
from archive_manifests.datapackage import DataPackage, Resource, parse_datapackage
from archive_manifests.fixity import Fixity
from archive_manifests.paths import BagPath
from archive_manifests.tags import BagInfo

DATA_PACKAGE = "datapackage.json"
_LIMIT = 64 << 20


def wacz_contents(bag: Bag, moment_source: BagInfo | None) -> Contents:
    """The members of the WACZ, each held against its stated digest as it is read. Raises `PackRefused`."""
    from archive.bag.contents import moment_of

    text, package = _read_package(bag)
    entries = {entry.path: entry for entry in bag.payload_entries()}
    members = [_member(bag, resource, entries) for resource in package.resources]
    digest = canonical.document({"path": DATA_PACKAGE, "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"})
    about = [text_member(DATA_PACKAGE, text), text_member("datapackage-digest.json", digest)]
    return contents(bag.name, moment_of(moment_source), [*members, *about])


def _read_package(bag: Bag) -> tuple[bytes, DataPackage]:
    place = f"data/{DATA_PACKAGE}"
    try:
        with bag.open(BagPath(place)) as stream:
            text = stream.read(_LIMIT)
        return text, parse_datapackage(text)
    except (BagUnreadable, StatementError) as error:
        raise PackRefused(f"{bag.location}: no WACZ to be made of it: {error}") from error


def _member(bag: Bag, resource: Resource, entries: dict[str, Entry]) -> Member:
    entry = entries.get(f"data/{resource.path}")
    if entry is None:
        raise PackRefused(f"{bag.location}: datapackage.json lists {resource.path}, which is not there")
    return Member(resource.path, resource.bytes, partial(_checked, bag, resource, entry))


def _checked(bag: Bag, resource: Resource, entry: Entry) -> Iterator[bytes]:
    stated = Fixity.parse(resource.hash)
    digest = hashlib.new(stated.algorithm)
    for chunk in bag.reader().chunks(entry):
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != stated.value:
        raise PackRefused(
            f"{entry.path}: stated {stated}, found {stated.algorithm}:{digest.hexdigest()}; nothing was packed"
        )

"""The data package (`data/datapackage.json`): what the web archive part of a bag is made of. (WACZ 1.1.1)"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import fields

from archive_manifests import canonical
from archive_manifests.errors import StatementError
from archive_manifests.fixity import Fixity
from archive_manifests.ledger import Ledger

WACZ_VERSION = "1.1.1"
CONDITIONS = "conditions"
"""A field of ours: a profile of Frictionless may have more than the standard's."""

_NAME = re.compile(r"[-a-z0-9._/]+\Z")
"""What Frictionless's profile allows; `wacz validate` refuses upper case through it."""
_PATH = re.compile(r"(archive|indexes|pages)/[^/]+\Z")


class Resource(Struct, frozen=True):
    """One file of the web archive part."""

    name: str
    path: str
    """Relative to `datapackage.json`: `archive/s01.warc.gz`."""
    hash: str
    """`sha256:` and hex."""
    bytes: int


class DataPackage(Struct, frozen=True):
    """The whole document. Field order is the order in the file."""

    profile: str
    wacz_version: str
    title: str
    created: str
    """When, in UTC, as `2026-11-22T10:00:00Z`."""
    software: str
    resources: tuple[Resource, ...]


def title_of(ledger: Ledger) -> str:
    """What a bag is called, wherever it is called something."""
    stated = ledger.report.stated
    title = f"{stated.id}: {stated.title}" if stated.title else stated.id
    return f"DEMONSTRATION {title}" if ledger.conditions.demonstration else title


def datapackage_json(
    title: str,
    created: str,
    software: str,
    resources: Iterable[tuple[str, str, int, str]],
    *,
    conditions: Iterable[str] = (),
) -> str:
    """The document for resources given as (name, path, bytes, hex sha256), in the order of their paths.

    `conditions` are names of those under which captures can be false, and which no WARC among the resources states.
    Raises `StatementError` where a name or a path is not one that WACZ readers take.
    """
    listed = tuple(
        sorted((_resource(*resource) for resource in resources), key=lambda resource: resource.path)
    )
    _refuse_twins(listed)
    package = DataPackage("data-package", WACZ_VERSION, title, created, software, listed)
    stated = list(conditions)
    return canonical.document({**_fields(package), CONDITIONS: stated} if stated else package)


def _fields(package: DataPackage) -> dict[str, object]:
    return {field.name: getattr(package, field.name) for field in fields(package)}


def conditions_in(text: str | bytes) -> tuple[str, ...]:
    """The conditions that a data package states, of a WACZ of any maker; empty for a text that is none."""
    try:
        package = canonical.parse(text, dict[str, object], what="datapackage.json")
    except StatementError:
        return ()
    stated = package.get(CONDITIONS)
    return tuple(one for one in stated if isinstance(one, str)) if isinstance(stated, list) else ()


def parse_datapackage(text: str | bytes) -> DataPackage:
    """Read a data package of ours strictly. Raises `StatementError`."""
    package = canonical.parse(text, DataPackage, what="datapackage.json")
    for resource in package.resources:
        _resource(resource.name, resource.path, resource.bytes, Fixity.parse(resource.hash).value)
    _refuse_twins(package.resources)
    return package


def _resource(name: str, path: str, size: int, sha256: str) -> Resource:
    if not _NAME.match(name):
        raise StatementError(f"datapackage.json: name {name!r}; lower-case letters, digits, '.', '_' and '-' only")
    if not _PATH.match(path):
        raise StatementError(f"datapackage.json: path {path!r}; expected a file in archive/, indexes/ or pages/")
    return Resource(name, path, str(Fixity.parse(f"sha256:{sha256}")), size)


def _refuse_twins(resources: tuple[Resource, ...]) -> None:
    for field in ("name", "path"):
        counted = Counter(getattr(resource, field) for resource in resources)
        twins = sorted(value for value, count in counted.items() if count > 1)
        if twins:
            raise StatementError(f"datapackage.json: {field} {twins[0]!r} is given twice; each resource needs its own")

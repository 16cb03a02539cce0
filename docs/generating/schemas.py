"""JSON Schemas from the types that the program itself reads with."""

from __future__ import annotations

import inspect
import json
import sys
from typing import Any

import msgspec

from archive_manifests.annotation import Annotation
from archive_manifests.audit_path import AuditPath
from archive_manifests.corroboration import Corroboration
from archive_manifests.custody import Event
from archive_manifests.exhibits import ExhibitBook
from archive_manifests.ledger import Ledger
from archive_manifests.receipt import Receipt
from archive_manifests.records import RecordLine
from archive_manifests.seal import Seal
from archive_manifests.sources import SourceManifest
from docs.generating.typed import sentences, types_below

FOLDER = "manifests/archive_manifests/schemas"
_PLACE = "https://evidence-archive.org/schemas"
"""Where the schemas are named; nobody needs to reach it."""

DOCUMENTS: dict[str, tuple[type, str]] = {
    "annotation": (Annotation, "annotation.json: what was added to a report, mark by mark"),
    "corroboration": (Corroboration, "corroboration.json: what the observers of one report saw of each source"),
    "audit-path": (AuditPath, "proof.json: that one record or file is a leaf of a bag's disclosure tree"),
    "event": (Event, "a line of data/provenance/events.jsonl, and of custody.jsonl beside a bag"),
    "exhibits": (ExhibitBook, "exhibits.json: the numbers that exhibits have"),
    "ledger": (Ledger, "data/sources.json: what became of every source"),
    "receipt": (Receipt, "a receipt in NAME.seal/receipts/"),
    "record": (RecordLine, "a line of data/provenance/records.jsonl"),
    "seal": (Seal, "NAME.seal/seal.json: what is signed and timestamped"),
    "source-manifest": (SourceManifest, "a source manifest (TOML), such as data/report/sources.toml"),
}
"""Name -> its type, and which file it is about."""


def schema(name: str) -> str:
    kind, about = DOCUMENTS[name]
    found = msgspec.json.schema(kind)
    for each in types_below(kind):
        _describe(found["$defs"][each.__name__], sentences(each))
    _same_of_any_version(found["$defs"])
    if "schema" in found["$defs"][kind.__name__]["properties"]:
        found["$defs"][kind.__name__]["properties"]["schema"]["const"] = sys.modules[kind.__module__].SCHEMA
    if kind is SourceManifest:
        _as_toml(found["$defs"])
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{_PLACE}/{name}-{_version(kind)}.schema.json",
        "title": about,
    }
    return json.dumps({**head, **found}, indent=1, ensure_ascii=False) + "\n"


def _version(kind: type) -> str:
    """The number at the end of a document's `schema`, 1 where it states none."""
    return str(getattr(sys.modules[kind.__module__], "SCHEMA", "/1")).rpartition("/")[2]


def _describe(definition: dict[str, Any], says: dict[str, str]) -> None:
    for name, value in definition.get("properties", {}).items():
        if name in says:
            value["description"] = says[name]


def _same_of_any_version(definitions: dict[str, Any]) -> None:
    """Dedented descriptions and no default that is an empty object: msgspec 0.23 began to write both differently."""
    for definition in definitions.values():
        if "description" in definition:
            definition["description"] = inspect.cleandoc(definition["description"])
        for value in definition.get("properties", {}).values():
            if value.get("default") == {}:
                del value["default"]


def _as_toml(definitions: dict[str, Any]) -> None:
    """A source manifest's table of sources is called `source`, and unknown keys are refused."""
    whole = definitions["SourceManifest"]
    whole["properties"] = {name.removesuffix("s"): value for name, value in whole["properties"].items()}
    whole["required"] = ["report"]
    for definition in definitions.values():
        definition["additionalProperties"] = False

"""PREMIS 3.0: the events of every bag, a file a bag, for a preservation system to take in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from msgspec import Struct
from sqlalchemy import Connection, select

from archive.audit.catalogue.schema import bag, bag_copy
from archive.audit.catalogue.schema import event as events
from archive.audit.report.files import write_whole

_NAMESPACE = "http://www.loc.gov/premis/v3"

TYPES = {
    "added": "ingestion",
    "fixity check": "fixity check",
    "accepted": "policy assignment",
    "repaired": "recovery",
    "retired": "deaccession",
    "revived": "accession",
}
"""Our events as the Library of Congress' event type vocabulary names them."""

OUTCOMES = {"sound": "pass", "damaged": "fail", "substituted": "fail", "unreadable": "not checked"}


class _Bag(Struct, frozen=True):
    bag_id: str
    name: str
    external_identifier: str | None


def write_premis(connection: Connection, folder: Path) -> int:
    """Write `NAME-IDENTIFIER.xml` for every bag; how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    query = select(bag.c.bag_id, bag.c.name, bag.c.external_identifier).order_by(bag.c.bag_id)
    number = 0
    for row in connection.execute(query).all():
        one = _Bag(*row)
        write_whole(folder / file_name(one.bag_id, one.name), "".join(_document(connection, one)))
        number += 1
    return number


def file_name(bag_id: str, name: str) -> str:
    """A name that every file system takes, and that two bags never share."""
    plain = "".join(character if character.isascii() and character.isalnum() else "_" for character in name)[:60]
    return f"{plain}-{hashlib.sha256(bag_id.encode()).hexdigest()[:12]}.xml"


def _document(connection: Connection, one: _Bag) -> Iterator[str]:
    copies = dict(
        connection.execute(select(bag_copy.c.copy_id, bag_copy.c.url).where(bag_copy.c.bag_id == one.bag_id)).all()
    )
    query = select(events).where(events.c.copy_id.in_(copies)).order_by(events.c.seq)
    rows = connection.execute(query).mappings().all()
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<premis xmlns="{_NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0">\n'
    yield '<object xsi:type="intellectualEntity">\n'
    yield from _identifier("object", "fingerprint", one.bag_id)
    if one.external_identifier:
        yield from _identifier("object", "External-Identifier", one.external_identifier)
    yield _element("originalName", one.name)
    yield "</object>\n"
    for row in rows:
        yield from _event(row, one, copies[row["copy_id"]])
    for software in sorted({row["software"] for row in rows}):
        yield "<agent>\n"
        yield from _identifier("agent", "software", software)
        yield _element("agentName", software)
        yield _element("agentType", "software")
        yield "</agent>\n"
    yield "</premis>\n"


def _event(row: Any, one: _Bag, url: str) -> Iterator[str]:
    yield "<event>\n"
    yield from _identifier("event", "sha256", row["row_hash"])
    yield _element("eventType", TYPES.get(row["type"], row["type"]))
    yield _element("eventDateTime", row["at"])
    detail = f"copy {url}; method {row['method'] or 'none'}; {row['octets'] or 0} octets"
    yield f"<eventDetailInformation>\n{_element('eventDetail', detail)}</eventDetailInformation>\n"
    outcome = OUTCOMES.get(row["outcome"] or "", row["outcome"] or "done")
    note = f"{row['outcome'] or row['type']}: {row['findings']} findings, {row['new_findings']} new"
    yield "<eventOutcomeInformation>\n" + _element("eventOutcome", outcome)
    yield f"<eventOutcomeDetail>\n{_element('eventOutcomeDetailNote', note)}</eventOutcomeDetail>\n"
    yield "</eventOutcomeInformation>\n"
    yield from _link("Agent", "software", row["software"])
    yield from _link("Object", "fingerprint", one.bag_id)
    yield "</event>\n"


def _identifier(of: str, kind: str, value: str) -> Iterator[str]:
    yield f"<{of}Identifier>\n"
    yield _element(f"{of}IdentifierType", kind) + _element(f"{of}IdentifierValue", value)
    yield f"</{of}Identifier>\n"


def _link(to: str, kind: str, value: str) -> Iterator[str]:
    yield f"<linking{to}Identifier>\n"
    yield _element(f"linking{to}IdentifierType", kind) + _element(f"linking{to}IdentifierValue", value)
    yield f"</linking{to}Identifier>\n"


def _element(name: str, text: str) -> str:
    clean = "".join(c if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff") else "\ufffd" for c in text)
    return f"<{name}>{escape(clean)}</{name}>\n"

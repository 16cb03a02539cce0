"""PREMIS 3.0. The schema itself is not shipped: its rules for what we use are restated here, element by element."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from archive_manifests.custody import Event
from archive_manifests.ledger import Ledger, Status
from archive_manifests.premis import premis_lines, premis_xml
from tests.archive.page.sample_ledger import HOSTILE, STARTED, every_verdict, ledger, source

NAMESPACE = "{http://www.loc.gov/premis/v3}"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
AGENT = "evidence-archive 0.1.0"

SCHEMA = Path(os.environ.get("PREMIS_XSD", Path(__file__).parents[2] / "build/schemas/eulxml/schema_data/premis.xsd"))
"""The schema's own file, of the Library of Congress."""

# PREMIS 3.0 schema of 18 January 2016: the order and number of children of each complex type, as far as we use it.
MODELS = {
    "premis": "object+ event* agent* rights*",
    "object/file": "objectIdentifier+ significantProperties* objectCharacteristics+ originalName? relationship*",
    "object/representation": "objectIdentifier+ significantProperties* originalName? storage* relationship*",
    "object/intellectualEntity": "objectIdentifier+ significantProperties* originalName? relationship*",
    "objectIdentifier": "objectIdentifierType objectIdentifierValue",
    "significantProperties": "significantPropertiesType significantPropertiesValue?",
    "objectCharacteristics": "compositionLevel? fixity* size? format+ creatingApplication*",
    "fixity": "messageDigestAlgorithm messageDigest messageDigestOriginator?",
    "format": "formatDesignation formatRegistry? formatNote*",
    "formatDesignation": "formatName formatVersion?",
    "relationship": "relationshipType relationshipSubType relatedObjectIdentifier+ relatedEventIdentifier*",
    "relatedObjectIdentifier": "relatedObjectIdentifierType relatedObjectIdentifierValue relatedObjectSequence?",
    "event": "eventIdentifier eventType eventDateTime eventDetailInformation* eventOutcomeInformation*"
    " linkingAgentIdentifier* linkingObjectIdentifier*",
    "eventIdentifier": "eventIdentifierType eventIdentifierValue",
    "eventDetailInformation": "eventDetail?",
    "eventOutcomeInformation": "eventOutcome eventOutcomeDetail*",
    "linkingAgentIdentifier": "linkingAgentIdentifierType linkingAgentIdentifierValue linkingAgentRole*",
    "linkingObjectIdentifier": "linkingObjectIdentifierType linkingObjectIdentifierValue linkingObjectRole*",
    "agent": "agentIdentifier+ agentName* agentType? agentVersion? agentNote*",
    "agentIdentifier": "agentIdentifierType agentIdentifierValue",
}


def complaints(document: str) -> list[str]:
    """Where a document breaks the schema's rules."""
    found = []
    for element in etree.fromstring(document.encode()).iter(etree.Element):
        name = element.tag.removeprefix(NAMESPACE)
        model = MODELS.get(f"{name}/{element.get(TYPE)}" if name == "object" else name)
        children = [child.tag.removeprefix(NAMESPACE) for child in element]
        if model is None:
            found += [f"{name}: has children"] if children else []
            found += [f"{name}: is empty"] if not (element.text or "").strip() else []
        elif not re.fullmatch(_pattern(model), " ".join([*children, ""])):
            found.append(f"{name}: {' '.join(children)}")
        elif (element.text or "").strip():
            found.append(f"{name}: has text")
    return found


def _pattern(model: str) -> str:
    return "".join(f"(?:{part.rstrip('?*+')} ){part[len(part.rstrip('?*+')):]}" for part in model.split())


FILES = [
    ("data/archive/s01.warc.gz", 4_211, "a1" * 32, "a2" * 64),
    ("data/archive/s02-00001.warc.gz", 99, "b1" * 32, "b2" * 64),
    ("data/index.html", 1, "c1" * 32, "c2" * 64),
    ("data/provenance/premis.xml", 1, "d1" * 32, "d2" * 64),
    ("data/report/original.docx", 18_107, "e1" * 32, "e2" * 64),
    ("data/views/s01/page.PDF", 7, "f1" * 32, "f2" * 64),
]
EVENTS = [
    Event(1, STARTED, "creation", AGENT, "the work was begun", "begun"),
    Event(2, STARTED, "capture", AGENT, "s01 was captured", "captured", ("s01",), {"tries": "2"}),
    Event(3, STARTED, "ingestion", "observer 7", "looked at", "", ("data/archive/s01.warc.gz", "R210517")),
]


@pytest.fixture
def observed() -> Ledger:
    return ledger((source(1, "https://a/?x=1&y=2", Status.CAPTURED), source(2, "https://b/", Status.GONE, "soft-404")))


def values(document: str, *path: str) -> list[str]:
    steps = "/".join(f"p:{step}" for step in path)
    found: Any = etree.fromstring(document.encode()).xpath(f"//{steps}", namespaces={"p": NAMESPACE[1:-1]})
    return [element.text for element in found]


def test_the_document_keeps_the_schemas_rules(observed: Ledger) -> None:
    document = premis_xml(observed, EVENTS, FILES)
    assert complaints(document) == []
    root = etree.fromstring(document.encode())
    assert (root.tag, root.get("version")) == (f"{NAMESPACE}premis", "3.0")


def test_a_broken_document_is_noticed(observed: Ledger) -> None:
    document = premis_xml(observed, EVENTS, FILES)
    assert complaints(document.replace("<size>7</size>\n", "")) == []
    assert complaints(document.replace("<eventType>creation</eventType>\n", "")) == [
        "event: eventIdentifier eventDateTime eventDetailInformation eventOutcomeInformation linkingAgentIdentifier"
    ]
    assert complaints(document.replace(">s01 was captured<", "><")) == ["eventDetail: is empty"]


def test_every_payload_file_but_itself_and_the_page_is_described(observed: Ledger) -> None:
    document = premis_xml(observed, EVENTS, FILES)
    covered = [file for file in FILES if file[0] not in ("data/index.html", "data/provenance/premis.xml")]
    root = etree.fromstring(document.encode())
    described = []
    for element in root.findall(f"{NAMESPACE}object"):
        if element.get(TYPE) == "file":
            text = {part.tag.removeprefix(NAMESPACE): part.text for part in element.iter(etree.Element)}
            digests = [part.text for part in element.iter(f"{NAMESPACE}messageDigest")]
            path = element.findtext(f"{NAMESPACE}objectIdentifier/{NAMESPACE}objectIdentifierValue")
            described.append((path, int(text["size"]), *digests))
    assert described == covered
    assert values(document, "fixity", "messageDigestAlgorithm") == ["SHA-256", "SHA-512"] * len(covered)
    assert "Every file under data/ but data/index.html and data/provenance/premis.xml" in document


def test_formats_are_distinguished_from_names_and_say_so(observed: Ledger) -> None:
    document = premis_xml(observed, EVENTS, FILES)
    assert values(document, "formatName") == [
        "application/warc",
        "application/warc",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/pdf",
    ]
    first, second, *_ = values(document, "formatNote")
    assert (first, second) == ("derived from the file's name", "compressed with gzip, a member a record")


def test_sources_stand_as_entities_with_their_verdicts(observed: Ledger) -> None:
    document = premis_xml(observed, EVENTS, FILES)
    identifiers = values(document, "object", "objectIdentifier", "objectIdentifierValue")
    assert identifiers[:5] == ["R210517", "s01", "https://a/?x=1&y=2", "s02", "https://b/"]
    assert "captured" in values(document, "significantPropertiesValue")
    assert "gone: soft-404" in values(document, "significantPropertiesValue")


def test_every_link_leads_to_an_object_an_event_or_an_agent_that_is_there(observed: Ledger) -> None:
    document = premis_xml(observed, EVENTS, FILES)
    objects = set(values(document, "objectIdentifierValue"))
    assert set(values(document, "relatedObjectIdentifierValue")) <= objects
    assert set(values(document, "linkingObjectIdentifierValue")) <= objects
    assert set(values(document, "linkingAgentIdentifierValue")) == set(values(document, "agentIdentifierValue"))
    kinds = values(document, "linkingObjectIdentifierType")
    assert kinds == ["source", "path in the bag", "bag"]


def test_a_tool_is_distinguished_from_a_person_by_its_version(observed: Ledger) -> None:
    document = premis_xml(observed, EVENTS, FILES)
    assert values(document, "agentName") == ["evidence-archive", "observer 7"]
    assert values(document, "agentType") == ["software"]
    assert values(document, "agentVersion") == ["0.1.0"]


def test_hostile_text_stays_text() -> None:
    entry = source(1, HOSTILE, Status.CAPTURED)
    observed = ledger((entry,), title=HOSTILE)
    events = [Event(1, STARTED, HOSTILE, HOSTILE, HOSTILE, HOSTILE, (HOSTILE,), {HOSTILE: HOSTILE})]
    document = premis_xml(observed, events, [], name=HOSTILE)
    assert complaints(document) == []
    assert "<script>alert(1)</script>" in values(document, "eventDetail")[0]
    assert "\\u001b[31mred" in values(document, "eventDetail")[0]


def test_the_same_facts_give_the_same_document_whole_or_in_pieces(observed: Ledger) -> None:
    assert "".join(premis_lines(observed, iter(EVENTS), iter(FILES))) == premis_xml(observed, EVENTS, FILES)


def test_a_bag_without_sources_files_and_events_is_still_described() -> None:
    assert complaints(premis_xml(ledger(()), [], [])) == []
    assert complaints(premis_xml(every_verdict(), [], [])) == []


@pytest.mark.skipif(not SCHEMA.is_file(), reason="the PREMIS 3.0 schema is not here: `make test` gets it, or PREMIS_XSD")
def test_the_schema_itself_accepts_the_document(observed: Ledger) -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    document = premis_xml(observed, EVENTS, FILES)
    bare = premis_xml(ledger(()), [], []), premis_xml(every_verdict(), [], [])
    broken = document.replace("<eventType>creation</eventType>\n", "")
    texts = (document, *bare, broken)
    assert [schema.validate(etree.fromstring(text.encode())) for text in texts] == [True, True, True, False]

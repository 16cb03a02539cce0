"""Qualified or not: by a trusted list that the reader pinned, at the time of the stamp, or not known."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from archive.errors import StatementError
from archive.timestamp.authority import read_url
from archive.timestamp.presets import presets, url_of
from archive.timestamp.trusted_list import Qualified, parse_trusted_list, qualification_at
from archive.trust.anchors import load_anchors
from archive.verify.seal.when import answer_when
from tests.world.sealed_bag import SealedBag, file_key, make_sealed_bag
from tests.world.time_authority import NOW, Chain

QTST = "http://uri.etsi.org/TrstSvc/Svctype/TSA/QTST"
TSA = "http://uri.etsi.org/TrstSvc/Svctype/TSA"
STATUS = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus"
DAY = timedelta(days=1)
History = Sequence[tuple[str, str, datetime]]
"""(service type, status, since), the current one first."""


def iso(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


def identity(certificate: x509.Certificate) -> str:
    text = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
    return (
        f"<ServiceDigitalIdentity><DigitalId><X509Certificate>{text}</X509Certificate></DigitalId>"
        "<DigitalId><X509SubjectName>CN=x</X509SubjectName></DigitalId></ServiceDigitalIdentity>"
    )


def service(certificate: x509.Certificate, history: History) -> str:
    parts = [
        f"<ServiceTypeIdentifier>{kind}</ServiceTypeIdentifier><ServiceName><Name xml:lang='en'>A service</Name>"
        f"</ServiceName>{identity(certificate)}<ServiceStatus>{STATUS}/{status}</ServiceStatus>"
        f"<StatusStartingTime>{iso(since)}</StatusStartingTime>"
        for kind, status, since in history
    ]
    past = "".join(f"<ServiceHistoryInstance>{part}</ServiceHistoryInstance>" for part in parts[1:])
    return (
        f"<TSPService><ServiceInformation>{parts[0]}</ServiceInformation><ServiceHistory>{past}</ServiceHistory>"
        "</TSPService>"
    )


def trusted_list(
    *services: str,
    issued: datetime = NOW - DAY,
    until: datetime | None = NOW + 90 * DAY,
    territory: str = "ES",
) -> bytes:
    update = f"<NextUpdate><dateTime>{iso(until)}</dateTime></NextUpdate>" if until else "<NextUpdate/>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#">'
        f"<SchemeInformation><TSLSequenceNumber>41</TSLSequenceNumber><SchemeTerritory>{territory}</SchemeTerritory>"
        f"<ListIssueDateTime>{iso(issued)}</ListIssueDateTime>{update}</SchemeInformation>"
        f"<TrustServiceProviderList><TrustServiceProvider><TSPServices>{''.join(services)}</TSPServices>"
        "</TrustServiceProvider></TrustServiceProviderList></TrustServiceStatusList>"
    ).encode()


GRANTED = [(QTST, "granted", NOW - 900 * DAY)]


def judged(chain: Chain, *lists: bytes, when: datetime = NOW) -> Qualified:
    parsed = [parse_trusted_list(content, f"{at}.xml") for at, content in enumerate(lists)]
    return qualification_at((chain.leaf, chain.issuing, chain.root), when, parsed).state


@pytest.mark.parametrize(
    ("history", "state"),
    [
        (GRANTED, Qualified.YES),
        ([(QTST, "withdrawn", NOW - DAY), *GRANTED], Qualified.NO),
        ([(QTST, "withdrawn", NOW + DAY), *GRANTED], Qualified.YES),
        ([(QTST, "granted", NOW - DAY), (QTST, "withdrawn", NOW - 30 * DAY), *GRANTED], Qualified.YES),
        ([(QTST, "granted", NOW + DAY)], Qualified.NO),
        ([(QTST, "granted", NOW - DAY), (TSA, "recognisedatnationallevel", NOW - 900 * DAY)], Qualified.YES),
        ([(TSA, "recognisedatnationallevel", NOW - DAY), *GRANTED], Qualified.NO),
        ([(QTST, "undersupervision", NOW - DAY)], Qualified.NO),
        ([(TSA, "granted", NOW - DAY)], Qualified.NOT_KNOWN),  # no service of qualified timestamps at any time
    ],
)
def test_the_status_at_the_time_of_the_stamp_counts(chain: Chain, history: History, state: Qualified) -> None:
    for certificate in (chain.leaf, chain.issuing):
        assert judged(chain, trusted_list(service(certificate, history))) is state


@pytest.mark.parametrize(
    ("days", "state"),
    [(1000, "no"), (500, "yes"), (100, "no"), (50, "no"), (10, "yes"), (5, "yes")],
    ids=["before", "granted", "the moment of withdrawal", "withdrawn", "the moment of the second grant", "granted again"],
)
def test_of_a_status_given_taken_and_given_again_the_one_at_the_time_counts(
    chain: Chain, days: int, state: str
) -> None:
    history = [(QTST, "granted", NOW - 10 * DAY), (QTST, "withdrawn", NOW - 100 * DAY), *GRANTED]
    assert judged(chain, trusted_list(service(chain.leaf, history)), when=NOW - days * DAY) == state


def test_what_no_list_names_is_not_known(chain: Chain, other_chain: Chain) -> None:
    assert judged(chain) is Qualified.NOT_KNOWN
    assert judged(chain, trusted_list(service(other_chain.leaf, GRANTED))) is Qualified.NOT_KNOWN
    assert judged(chain, trusted_list()) is Qualified.NOT_KNOWN


def test_a_list_says_nothing_of_what_came_after_its_next_update(chain: Chain) -> None:
    content = trusted_list(service(chain.leaf, GRANTED), until=NOW - DAY)
    assert judged(chain, content) is Qualified.NOT_KNOWN
    assert judged(chain, content, when=NOW - 2 * DAY) is Qualified.YES
    closed = trusted_list(service(chain.leaf, GRANTED), until=None)
    assert judged(chain, closed) is Qualified.YES


def test_the_newest_list_decides(chain: Chain) -> None:
    old = trusted_list(service(chain.leaf, GRANTED), issued=NOW - 30 * DAY)
    new = trusted_list(service(chain.leaf, [(QTST, "withdrawn", NOW - 9 * DAY), *GRANTED]), issued=NOW - DAY)
    for lists in ((old, new), (new, old)):
        assert judged(chain, *lists) is Qualified.NO


def test_before_the_regulation_no_timestamp_was_qualified(chain: Chain) -> None:
    early = datetime(2016, 6, 30, tzinfo=UTC)
    content = trusted_list(service(chain.leaf, [(QTST, "granted", early - 900 * DAY)]))
    assert judged(chain, content, when=early) is Qualified.NO
    assert judged(chain, content, when=early + 2 * DAY) is Qualified.YES


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<x/>",
        b"<TrustServiceStatusList/>",
        trusted_list().replace(b"<ListIssueDateTime>", b"<ListIssueDateTime>x"),
        trusted_list().replace(b"T10:00:00Z<", b"T10:00:00<"),
        re.sub(rb"<ListIssueDateTime>[^<]*", b"<ListIssueDateTime>0001-01-01T00:00:00+14:00", trusted_list()),
        trusted_list().replace(b"<SchemeTerritory>ES", b"<SchemeTerritory>"),
        trusted_list().replace(b"?>", b"?>" + BOMB, 1),
        trusted_list()[:-20],
    ],
)
def test_what_is_no_trusted_list_is_an_error(content: bytes) -> None:
    with pytest.raises(StatementError, match=r"a\.xml: no trusted list of ETSI TS 119 612"):
        parse_trusted_list(content, "a.xml")


def test_a_service_whose_certificate_is_broken_is_an_error(chain: Chain) -> None:
    content = trusted_list(service(chain.leaf, GRANTED)).replace(b"<X509Certificate>MI", b"<X509Certificate>!!")
    with pytest.raises(StatementError, match="a service's certificate cannot be read"):
        parse_trusted_list(content, "a.xml")


@pytest.fixture
def sealed(tmp_path: Path, chain: Chain) -> SealedBag:
    made = make_sealed_bag(tmp_path / "R1")
    made.stamp(made.sign(file_key(1)), chain)
    return made


@pytest.mark.parametrize(
    ("content", "state", "words"),
    [
        (None, "not-known", ""),
        ("granted", "yes", " (qualified, by the trusted list of ES, number 41, issued 2026-11-21, whose own signature is "
                           "not checked)"),
        ("withdrawn", "no", " (not qualified at that time, by the trusted list of ES, number 41, issued 2026-11-21, whose "
                            "own signature is not checked)"),
        ("ended", "not-known", " (whether qualified is not known: the trusted list of ES, number 41, issued 2026-11-21 "
                               "speaks of the time up to 2026-11-21; pin a newer one)"),
    ],
)
def test_the_answer_about_time_says_qualified_only_by_a_pinned_list(
    tmp_path: Path, sealed: SealedBag, chain: Chain, content: str | None, state: str, words: str
) -> None:
    folder = tmp_path / "trust"
    (folder / "tsa").mkdir(parents=True)
    (folder / "tsa" / "root.crt").write_bytes(chain.root_pem)
    if content:
        status, until = ("granted", NOW - DAY) if content == "ended" else (content, NOW + 90 * DAY)
        named = service(chain.issuing, [(QTST, status, NOW - 9 * DAY)])
        (folder / "tsa" / "ES.xml").write_bytes(trusted_list(named, until=until))
    anchors = load_anchors(folder)
    answer, _ = answer_when(sealed.folder, sealed.facts, anchors, NOW)
    assert answer.why == f"not later than 2026-11-22T10:00:01Z: Loopback Time says 2026-11-22T10:00:01Z{words}"
    stamps = answer.facts["stamps"]
    assert isinstance(stamps, list)
    assert stamps[0]["qualified"] == state
    assert ("tsa/ES.xml (trusted lists: 1)" in anchors.files) is (content is not None)


def test_an_authority_without_a_trusted_root_is_never_qualified(
    tmp_path: Path, sealed: SealedBag, chain: Chain, other_chain: Chain
) -> None:
    folder = tmp_path / "trust"
    (folder / "tsa").mkdir(parents=True)
    (folder / "tsa" / "root.crt").write_bytes(other_chain.root_pem)
    (folder / "tsa" / "ES.xml").write_bytes(trusted_list(service(chain.leaf, GRANTED)))
    answer, _ = answer_when(sealed.folder, sealed.facts, load_anchors(folder), NOW)
    assert "qualified" not in (answer.why or "").replace("not qualified", "")


def test_each_named_authority_has_an_address_and_the_digests_of_its_roots() -> None:
    assert {"freetsa", "digicert", "sectigo", "sectigo-qualified"} <= presets().keys()
    for name, preset in presets().items():
        assert url_of(name.upper()) == preset.url
        assert str(read_url(name)).rstrip("/") == preset.url.rstrip("/")
        assert preset.roots
        assert all(len(bytes.fromhex(root)) == 32 for root in preset.roots)
    assert url_of("https://tsa.example/x") == "https://tsa.example/x"


def test_the_reference_lists_every_named_authority_with_its_roots() -> None:
    page = (Path(__file__).parents[3] / "docs/reference/seal.md").read_text()
    for name, preset in presets().items():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{name}` |")]
        assert all(root in row for root in preset.roots)
        assert ("qualified" in row.split("|")[4]) is preset.qualified

"""What a report says: what is new, what was not checked, which claims are at risk."""

from __future__ import annotations

import base64
import json
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree, html

from archive.audit.add import add_bags
from archive.audit.catalogue.copies import Custody
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.errors import ChainBroken
from archive.audit.look import CopyOutcome
from archive.audit.report.gather import AuditReport, gather
from archive.audit.report.machine import as_json, as_prometheus
from archive.audit.report.page import as_html
from archive.audit.report.premis import write_premis
from archive.audit.run import AuditLimits, run_audit
from archive.audit.seal_chain import seal_chain
from archive.audit.selection import ALL, CopySelection
from archive.corroborate.corroborate import corroborate
from archive.corroborate.countersign import countersign, write_corroboration
from archive.corroborate.standing import read_signed
from archive.errors import StatementError
from archive.words import languages, load
from archive_manifests.corroboration import FILE, SourceState, to_json
from tests.archive.audit.conftest import Inline
from tests.archive.corroborate.observed_site import make_report, observe
from tests.archive.verify.sample_bags import make_bag, put
from tests.world.sealed_bag import file_key
from tests.world.time_authority import Chain, by_hand, serve

NOW = datetime.now(UTC)
XSD = Path(os.environ.get("PREMIS_XSD", Path(__file__).parents[3] / "build/schemas/eulxml/schema_data/premis.xsd"))


@pytest.fixture
def copies(tmp_path: Path, pilot: Path) -> tuple[Path, Path]:
    """Two copies of one bag with a ledger, at two custodians."""
    first = shutil.copytree(pilot, tmp_path / "one/R210517")
    shutil.copytree(pilot, tmp_path / "two/R210517")
    put(tmp_path / "one", "beside.txt", b"")
    put(tmp_path / "two", "beside.txt", b"")
    return first, tmp_path / "two/R210517"


def audited(catalogue: CatalogueDatabase, engine: Inline, copies: tuple[Path, Path]) -> None:
    for custodian, copy in zip(("one", "two"), copies, strict=True):
        add_bags(catalogue, [str(copy)], Custody(custodian), engine)


def report(catalogue: CatalogueDatabase, engine: Inline) -> AuditReport:
    run_audit(catalogue, CopySelection(ALL), engine)
    with catalogue.reading() as connection:
        return gather(connection, datetime.now(UTC))


def test_what_other_observers_saw_is_shown_for_each_source(
    catalogue: CatalogueDatabase, engine: Inline, copies: tuple[Path, Path]
) -> None:
    audited(catalogue, engine, copies)
    before = report(catalogue, engine).corroboration
    assert (list(before.states), before.listed, before.unreadable) == (["absent"], (), ())
    folder = copies[0].with_name("R210517.corroboration")
    write_corroboration(corroborate([copies[0], copies[1]], now=NOW), folder, "en")
    found = report(catalogue, engine)
    assert "one-observer" in found.corroboration.states
    assert "absent" not in found.corroboration.states
    assert "rest on one observer" in as_html(found)
    assert json.loads(as_json(found))["corroboration"]["states"] == found.corroboration.states
    (folder / "corroboration.json").write_text("{}")
    assert report(catalogue, engine).corroboration.unreadable == (str(copies[0]),)


def test_a_source_in_the_bags_of_several_observers_is_counted_once(
    sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path
) -> None:
    cited = make_report(tmp_path / "report", ("story", "plain"))
    bags = [observe(cited, tmp_path / f"{key}/R1", mode, key) for key, mode in ((1, "ok"), (2, "forged"))]
    add_bags(sqlite, [str(bag) for bag in bags], Custody("one"), engine)
    assert report(sqlite, engine).corroboration.states == {"absent": 2}
    written = write_corroboration(corroborate(bags, now=NOW), tmp_path / "1/R1.corroboration", "en")
    found = report(sqlite, engine)
    assert found.corroboration.states == {"contradicted": 1, "corroborated": 1}
    assert [(one.source, one.state, one.signed, one.observers) for one in found.corroboration.listed] == [
        ("s01", "contradicted", 0, 2), ("s02", "corroborated", 0, 2),
    ]  # fmt: skip
    assert as_html(found).count("The document that says so is signed by 0 of its 2 observers.") == 2
    countersign(written, [file_key(1), file_key(7)], (), None, None, NOW)
    assert {one.signed for one in report(sqlite, engine).corroboration.listed} == {1}
    assert "archive_audit_claims_contradicted 1" in as_prometheus(found).splitlines()


@pytest.mark.parametrize("is_signed", [False, True])
def test_a_corroboration_that_was_altered_says_nothing_in_a_report(
    sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path, is_signed: bool
) -> None:
    cited = make_report(tmp_path / "report", ("story",))
    bags = [observe(cited, tmp_path / f"{key}/R1", mode, key) for key, mode in ((1, "ok"), (2, "forged"))]
    add_bags(sqlite, [str(bag) for bag in bags], Custody("one"), engine)
    written = write_corroboration(corroborate(bags, now=NOW), tmp_path / "1/R1.corroboration", "en")
    if is_signed:
        countersign(written, [file_key(1)], (), None, None, NOW)
        forged = replace(written.document, software="another")
    else:
        sources = [replace(one, state=SourceState.CORROBORATED) for one in written.document.sources]
        forged = replace(written.document, sources=tuple(sources))
    (written.folder / FILE).write_text(to_json(forged))
    found = report(sqlite, engine).corroboration
    assert (found.states, found.listed, found.unreadable) == ({"absent": 1}, (), (str(bags[0]),))
    with pytest.raises(StatementError, match="get it anew, or compare the bags again"):
        read_signed(written.folder, NOW)


def test_a_claim_is_at_risk_once_no_copy_of_its_capture_is_sound(
    catalogue: CatalogueDatabase, engine: Inline, copies: tuple[Path, Path]
) -> None:
    audited(catalogue, engine, copies)
    put(copies[0], "data/archive/s01.warc.gz", b"damaged")
    one_left = report(catalogue, engine)
    assert (one_left.claims, one_left.sound_copies, len(one_left.alarms)) == ((), {1: 1}, 1)
    put(copies[1], "data/archive/s01.warc.gz", b"damaged too")
    none_left = report(catalogue, engine)
    assert none_left.sound_copies == {0: 1}
    # What several sources need is stored with the first that requested it, so there may be more of them.
    at_risk = {claim.source for claim in none_left.claims}
    assert ("s01" in at_risk, "s05" in at_risk) == (True, False)
    claim = none_left.claims[0]
    assert (claim.report, claim.bag, claim.pages, claim.copies) == ("R210517", "R210517", "2", 2)
    assert claim.cited.startswith("http")


def test_copies_damaged_in_different_captures_put_no_claim_at_risk(
    catalogue: CatalogueDatabase, engine: Inline, copies: tuple[Path, Path]
) -> None:
    audited(catalogue, engine, copies)
    put(copies[0], "data/archive/s05.warc.gz", b"damaged")
    put(copies[1], "data/archive/s06.warc.gz", b"damaged")
    found = report(catalogue, engine)
    assert (found.claims, found.sound_copies) == ((), {0: 1})


def test_what_was_not_checked_is_listed_with_the_reason(
    catalogue: CatalogueDatabase, engine: Inline, copies: tuple[Path, Path]
) -> None:
    audited(catalogue, engine, copies)
    shutil.rmtree(copies[0].parent)
    copies[0].parent.mkdir()
    found = report(catalogue, engine)
    assert [(one.custodian, one.why) for one in found.not_checked] == [("one", "unreadable")]
    assert found.not_checked[0].detail.endswith("is the disk mounted?")
    assert found.claims == ()
    run_audit(catalogue, CopySelection(ALL), engine, limits=AuditLimits(seconds=0.0))
    with catalogue.reading() as connection:
        left = gather(connection, NOW)
    assert sorted((one.custodian, one.why) for one in left.not_checked) == [("one", "unreadable"), ("two", "left")]


def test_the_same_facts_are_in_every_form(
    catalogue: CatalogueDatabase, engine: Inline, copies: tuple[Path, Path], tmp_path: Path
) -> None:
    audited(catalogue, engine, copies)
    put(copies[0], "data/archive/s01.warc.gz", b"damaged")
    shutil.rmtree(copies[1].parent)
    found = report(catalogue, engine)
    stated = json.loads(as_json(found))
    assert stated["schema"] == "archive.audit-report/1"
    assert stated["outcomes"] == {"sound": 0, "damaged": 1, "substituted": 0, "unreadable": 1}
    assert [one["copy"]["place"] for one in stated["new"]] == [str(copies[0])]
    assert [one["source"] for one in stated["claims_at_risk"]] == [claim.source for claim in found.claims] != []
    lines = as_prometheus(found).splitlines()
    assert 'archive_audit_copies{custodian="one",class="-",outcome="damaged"} 1' in lines
    assert f"archive_audit_claims_at_risk {len(found.claims)}" in lines
    for language in languages():
        page = html.document_fromstring(as_html(found, language))
        assert (page.get("dir"), page.xpath("//script")) == ("rtl" if language == "ar" else "ltr", [])
        assert all(claim.cited in page.text_content() for claim in found.claims)
        assert str(copies[0]) in page.text_content()


def test_names_from_outside_do_nothing_to_the_page(sqlite: CatalogueDatabase, engine: Inline, tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "<script>alert(1)<%2fscript>")
    add_bags(sqlite, [str(bag)], Custody('<img src=x onerror="1">', 'a"\n\\b'), engine)
    put(bag, "data/a.txt", b"damaged")
    found = report(sqlite, engine)
    page = html.document_fromstring(as_html(found))
    assert page.xpath("//script | //img") == []
    assert 'class="a\\"\\n\\\\b"' in as_prometheus(found)


@pytest.mark.skipif(not XSD.is_file(), reason="the PREMIS 3.0 schema is not here: `make test` gets it, or PREMIS_XSD")
def test_premis_is_as_the_schema_says(
    catalogue: CatalogueDatabase, engine: Inline, copies: tuple[Path, Path], tmp_path: Path
) -> None:
    audited(catalogue, engine, copies)
    put(copies[0], "data/archive/s01.warc.gz", b"damaged")
    report(catalogue, engine)
    with catalogue.reading() as connection:
        assert write_premis(connection, tmp_path / "premis") == 1
    (place,) = (tmp_path / "premis").iterdir()
    document = etree.parse(place)
    schema = etree.XMLSchema(etree.parse(XSD))
    assert schema.validate(document), schema.error_log
    outcomes = document.xpath("//p:eventOutcome/text()", namespaces={"p": "http://www.loc.gov/premis/v3"})
    assert sorted(outcomes) == ["fail", "pass", "pass", "pass"]


def test_the_head_of_the_chain_is_signed(
    catalogue: CatalogueDatabase, engine: Inline, copies: tuple[Path, Path], tmp_path: Path
) -> None:
    from archive.ssh.keys import load_private, write_new_key
    from archive.ssh.signature import parse

    audited(catalogue, engine, copies)
    write_new_key(tmp_path / "key", None)
    signer = load_private((tmp_path / "key").read_bytes(), None, "key")
    sealed = seal_chain(catalogue, signer, (), None, NOW)
    found = report(catalogue, engine)
    assert found.head_statement is not None
    assert found.head_statement["event"] == sealed.seq == 6
    assert found.head_statement["signer"] == signer.public_key.fingerprint
    assert parse(found.head_statement["signature"].encode()).namespace == "archive-audit"


def test_a_catalogue_that_was_edited_is_not_signed_and_the_report_says_so(
    sqlite: CatalogueDatabase, engine: Inline, copies: tuple[Path, Path]
) -> None:
    from sqlalchemy import text

    audited(sqlite, engine, copies)
    with sqlite.writing() as connection:
        connection.execute(text("DROP TRIGGER fixity_event_no_UPDATE"))
        connection.execute(text("UPDATE fixity_event SET outcome = 'damaged' WHERE seq = 2"))
    with pytest.raises(ChainBroken, match="event 2 is not what was written"):
        seal_chain(sqlite, None, (), None, NOW)
    found = report(sqlite, engine)
    assert (found.exit_code, [fault.seq for fault in found.faults]) == (1, [2])
    assert load().sentence("audit.chain_broken") in as_html(found)
    assert found.status.outcomes[CopyOutcome.SOUND] == 2


def test_the_signed_head_is_stamped_and_an_authority_that_fails_is_reported(
    sqlite: CatalogueDatabase, engine: Inline, copies: tuple[Path, Path], chain: Chain
) -> None:
    from archive.net import ClientSettings, HttpClient
    from archive.timestamp.token import check_covers, read_reply

    audited(sqlite, engine, copies)
    client = HttpClient(ClientSettings(allow_private=True))
    with serve(by_hand(chain)) as good, serve(by_hand(chain), "error") as bad:
        sealed = seal_chain(sqlite, None, (good.url, bad.url), client, NOW)
    client.close()
    assert ([stamp["url"] for stamp in sealed.timestamps], len(sealed.problems)) == ([good.url], 1)
    reply = read_reply(base64.b64decode(sealed.timestamps[0]["tsr"]))
    check_covers(reply, sealed.statement.encode())
    with sqlite.reading() as connection:
        statement = gather(connection, NOW).head_statement
    assert statement is not None
    assert (statement["event"], statement["statement"]) == (sealed.seq, sealed.statement)

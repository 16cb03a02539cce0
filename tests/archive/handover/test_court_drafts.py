"""Drafts for a court: particulars out of the bag, blanks for whoever signs, nothing claimed that is not there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from archive.bag.contents import PackRefused
from archive.handover.court_drafts import BLANK, DraftFacts, draft
from archive.handover.pack import PackOrder, pack
from archive.trust.custody_log import event
from archive.verify.result.verification import Verification
from archive_cli.main import main
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Answer, State
from archive_manifests.ledger import AcceptedBag, Conditions, Facet, Ledger, ReportEntry, Status
from archive_manifests.notes import note
from archive_manifests.paths import BagPath
from archive_manifests.seal import SealedFacts, TagManifestDigests
from archive_manifests.sources import Report
from tests.archive.handover.test_compare import content_of
from tests.note_texts import text_of
from tests.world import World
from tests.world.sealed_bag import make_bag

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
QUESTIONS = ("structure", "fixity", "warc", "coverage", "who", "when")


def case(**conditions: object) -> DraftFacts:
    entry = replace(
        content_of(1, "https://a.example/").entry,
        status=Status.PARTIAL,
        reason="hollow",
        detail=note("scripts-drew"),
        facets=replace(content_of(1, "x").entry.facets, source_code=Facet(True), appearance=Facet(False, note("no-browser"))),
        started="2026-11-22T10:00:00Z",
        ended="2026-11-22T10:00:05Z",
    )
    stated = ReportEntry(Report("R1", title="عنوان"), None, None, None, None)
    ledger = Ledger("archive.ledger/2", stated, Conditions("x", **conditions), "2026-11-22", "2026-11-23", (entry,))  # type: ignore[arg-type]
    answers = {question: Answer(State.PASSED) for question in QUESTIONS}
    answers["when"] = Answer(State.ABSENT, "no timestamp")
    return DraftFacts(
        name="R1",
        facts=SealedFacts("urn:uuid:1", (TagManifestDigests("tagmanifest-sha256.txt", "ab" * 32, "cd"),), None, None),
        ledger=ledger,
        software={"product": "evidence-archive", "version": "9", "python": "3.11"},
        found=Verification(Path("R1"), answers, (), True, True, 5, 5000, 3, 4000, None),
        has_annex=False,
    )


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_certification_has_the_particulars_and_blanks_for_who_signs() -> None:
    said = words(draft(case(), "2026-11-23T10:00:00Z"))
    for particular in (
        *("NOT SIGNED, NOT LEGAL ADVICE", "Rule 902(13)", "Rule 902(14)", "ab" * 32, "urn:uuid:1", "3 files and 4,000 bytes"),
        *("the report R1 (عنوان)", "evidence-archive 9 (Python 3.11)", "1 partial", "found 0 errors and 0 warnings"),
        *("Conditions of the capture, as the bag states them: none that could lead it elsewhere.", "when absent: no timestamp"),
        "that the content of any page is true",
    ):
        assert particular in said, particular
    assert said.count(BLANK) == 6


@pytest.mark.parametrize(
    ("conditions", "observed"),
    [
        ({"connect_to": ("a:1:b:2",)}, "connections were led elsewhere than the names say"),
        ({"added_cas": ("sha256:00",)}, "certificate authorities were trusted beside the usual ones"),
        ({"accepted_certificates": ("a.example",)}, "certificates that did not prove who the host is were accepted"),
        ({"accepted_bags": (AcceptedBag("sha256:00", "report-altered", ""),)}, "parts come from an older bag that did not"),
        ({"proxy": "socks5"}, "a proxy stood in between (socks5)"),
        ({"cookies": True}, "cookies were sent"),
        ({"allow_private": True}, "private addresses were allowed"),
        ({"demonstration": True}, "IT IS A DEMONSTRATION"),
    ],
)
def test_what_can_make_a_capture_lie_is_said(conditions: dict[str, object], observed: str) -> None:
    said = words(draft(case(**conditions), "now"))
    assert f"Conditions of the capture, as the bag states them: {observed}" in said


def test_each_field_of_a_source_is_present_or_absent_with_its_reason() -> None:
    lines = draft(case(), "now").splitlines()
    at = lines.index("s01  https://a.example/")
    assert [tuple(part.strip() for part in (line[:31], line[31:])) for line in lines[at + 1 :]] == [
        ("(a) address", "cited above; answered as https://a.example/"),
        ("(b) source code", "present"),
        ("(c) full-page capture", "absent: no browser took part in the capture, so there is no picture of the page"),
        ("(d) embedded media", "absent: the source is gone"),
        ("time of collection", "2026-11-22T10:00:00Z to 2026-11-22T10:00:05Z"),
        ("verdict", "partial (hollow)"),
        ("seen", text_of(note("scripts-drew"))),
        ("quoted words found", "unknown"),
        ("other observers", "No corroboration of this source by other observers was given."),
        ("records", "0 answers and failures, 0 requisites"),
    ]


def test_what_is_not_known_of_the_collector_is_said_to_be_absent() -> None:
    said = draft(replace(case(), software={}), "now")
    assert "absent: nobody is named as the collector" in said
    assert "absent: the bag does not say" in said
    assert f"a program ({BLANK}: name and version)" in words(said)


def test_a_record_of_who_collected_is_claimed_only_where_the_custody_log_names_it() -> None:
    assert "absent: no identity.age lies beside the bag" in words(draft(case(), "now"))
    unnamed = replace(case(), has_annex=True)
    assert "the custody log does not name it: it can be anybody's" in words(draft(unnamed, "now"))
    sealed_away = event("encryption", datetime.now(UTC), "sealed away", "sealed", facts={"commitment": "sha256:00"})
    named = replace(unnamed, custody=(sealed_away,))
    assert "the custody log names such a record" in words(draft(named, "now"))
    other = replace(named.found, findings=(make_finding("identity-unbound"),))
    assert "it can be anybody's" in words(draft(replace(named, found=other), "now"))


def test_who_only_verified_is_not_called_the_collector() -> None:
    checked = event("fixity check", NOW, "the bag was verified", "pass", by="lawyer-1")
    said = draft(replace(case(), custody=(checked,)), "now")
    assert "absent: nobody is named as the collector" in said
    assert "named in a custody log that no trusted signer signed to its end, so that anybody can have written them: lawyer-1 (fixity check)" in said


def test_a_capture_that_names_its_collector_is_quoted() -> None:
    made = event("capture", NOW, "captured", "success", by="collector-7")
    said = draft(replace(case(), events=(made,)), "now")
    assert [line.split(None, 1)[1] for line in said.splitlines() if line.startswith("  collector ")] == [
        "stated in the bag by an event of its own, and confirmed by nothing here: collector-7"
    ]


@pytest.mark.parametrize(
    ("broken", "gone", "there"),
    [
        ("fixity", "each is as the lists of paragraph 2 state", "NOT EVERY FILE IS AS THE LISTS OF PARAGRAPH 2 STATE"),
        ("structure", "each is as the lists of paragraph 2 state", "NOT EVERY FILE IS AS THE LISTS OF PARAGRAPH 2 STATE"),
        ("warc", "stored as received as far as", "not known: the records were not found to agree"),
        ("warc", "Each record that is there now has the digest", "Its records were not found to agree"),
        ("warc", "all of them agree with what is there", "stated in the bag, and not confirmed"),
        ("coverage", "contains what the program received", "states in its ledger what became of each address"),
        ("coverage", "stored as received as far as", "not known: the records were not found to agree"),
        ("coverage", "from which it was derived again", "It was not confirmed from the records"),
        ("warc", "from which it was derived again", "It was not confirmed from the records"),
    ],
)
@pytest.mark.parametrize("state", [State.FAILED, State.NOT_CHECKED, State.ABSENT])
def test_a_bag_that_does_not_support_a_sentence_has_it_not(broken: str, gone: str, there: str, state: State) -> None:
    assert gone in words(draft(case(), "now"))
    whole = case()
    answers = {**whole.found.answers, broken: Answer(state)}
    said = words(draft(replace(whole, found=replace(whole.found, answers=answers)), "now"))
    assert gone not in said
    assert there in said


def test_findings_are_named_and_never_only_counted() -> None:
    whole = case()
    findings = (make_finding("cookies-used", BagPath("data/sources.json")), make_finding("clock-offset", note="a\nb"))
    said = draft(replace(whole, found=replace(whole.found, findings=findings)), "now")
    assert "found 0 errors and 2 warnings:" in words(said)
    assert "   - warning: cookies-used data/sources.json\n" in said
    assert "   - warning: clock-offset: a\\x0ab\n" in said
    many = replace(whole.found, findings=findings * 60)
    assert "and 70 more, which `archive verify` lists" in draft(replace(whole, found=many), "now")


@pytest.mark.parametrize("state", ["unsigned", "signed", "absent", "broken"])
def test_custody_is_signed_only_where_it_is(state: str) -> None:
    whole = case()
    facts = {"custody": {"state": state, "events": 2, "signed_events": 2 if state == "signed" else 0, "signers": ["anna"]}}
    answers = {**whole.found.answers, "who": Answer(State.PASSED, None, facts)}
    events = (event("transfer", NOW, "x", "done"),) * 2
    said = draft(replace(whole, custody=events, found=replace(whole.found, answers=answers)), "now")
    expected = {
        "signed": "2 events in custody.jsonl beside the bag, signed up to the last one by anna",
        "unsigned": "anybody with the folder can rewrite the others",
    }
    assert expected.get(state, "absent: no custody log beside the bag that hangs together") in said


def test_names_from_outside_stay_on_their_line() -> None:
    whole = case()
    entry = replace(whole.ledger.sources[0], cited="https://a.example/\n  collector   Eve")
    said = draft(replace(whole, name="R1\nR2", ledger=replace(whole.ledger, sources=(entry,))), "now")
    assert "\n  collector   Eve" not in said
    assert "R1\\x0aR2" in said


def test_a_bag_without_a_ledger_has_no_drafts(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "here" / "R1")
    with pytest.raises(PackRefused, match="nothing can be stated to a court"):
        pack(bag, PackOrder(tmp_path / "out", court=True), NOW)
    assert not (tmp_path / "out").exists()


def test_drafts_of_a_fetched_bag_are_written_beside_the_package(world: World, tmp_path: Path) -> None:
    (tmp_path / "R1.txt").write_text("It cites https://sn4hr.org/blog/2018/04/08/51899/ once.\n")
    switches = ["--demonstration", "--delay", "0", "--no-memento", "--no-media", *world.cli_args]
    assert CliRunner().invoke(main, ["fetch", str(tmp_path / "R1.txt"), "-o", str(tmp_path / "R1"), *switches]).exit_code < 2
    done = CliRunner().invoke(main, ["pack", str(tmp_path / "R1"), "-o", str(tmp_path / "out"), "--court", "--as", "wacz"])
    assert done.exit_code == 0, done.output
    said = words((tmp_path / "out" / "R1.court.txt").read_text())
    assert "IT IS A DEMONSTRATION AGAINST A LOOPBACK INTERNET" in said
    assert "s01 https://sn4hr.org/blog/2018/04/08/51899/ (a) address cited above" in said
    assert (tmp_path / "out" / "R1.wacz").is_file()

"""The statement: what the checks of one run license, in every language, and nothing beside it."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from archive.seal.claims import COURT, NEVER, STATEMENT, Claim, ClaimCheck, ClaimEvidence, evidence_of, licensed
from archive.seal.sealing import Sealed, SealOrder, seal_bag
from archive.seal.statement import Statement, as_html, as_lines, make_statement
from archive.ssh.allowed_signers import parse
from archive.trust.anchors import Anchors
from archive.verify.run import verify
from archive.words import languages, load
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Answer, State
from docs.generating.pages import CLAIMS_PAGE, claims
from tests.world.sealed_bag import SealedBag, file_key, make_sealed_bag
from tests.world.time_authority import NOW, Chain, make_chain

ANNA = file_key(1)
EVERY = frozenset(ClaimCheck)
FACTS: dict[str, object] = {
    **dict.fromkeys(("who", "when", "not_later_than", "run_begun", "run_ended", "started", "ended"), "X"),
    **dict.fromkeys(("files", "octets", "sources", "events_beside", "events_inside", "signed_events"), 3),
    **dict.fromkeys(("responses", "derived", "views", "truncated", "errors", "warnings"), 3),
    **dict.fromkeys(("report", "product", "version", "python", "blank", "now", "signers", "names", "persons"), "X"),
}


@pytest.fixture
def sealed(tmp_path: Path) -> SealedBag:
    made = make_sealed_bag(tmp_path / "R1")
    made.sign(ANNA)
    return made


def trusting(chain: Chain) -> Anchors:
    return Anchors(parse(f"anna {ANNA.public_key.text}\n".encode()), (chain.root,))


def signed(sealed: SealedBag, anchors: Anchors | None = None, **order: object) -> Sealed:
    return seal_bag(sealed.bag, sealed.folder, SealOrder((ANNA,), **order), anchors, None, NOW)  # type: ignore[arg-type]


def all_claims() -> list[Claim]:
    return [*STATEMENT, *COURT]


@pytest.mark.parametrize("claim", all_claims(), ids=lambda one: one.key)
@pytest.mark.parametrize("language", languages())
def test_a_sentence_goes_with_each_of_its_checks(claim: Claim, language: str) -> None:
    sentence = load(language).sentence(f"claim.{claim.key}", **FACTS)
    whole = ClaimEvidence(EVERY - claim.unless, FACTS) if claim.unless else ClaimEvidence(EVERY, FACTS)
    assert claim.key in licensed([claim], ClaimEvidence(whole.checks | claim.needs, FACTS))[0] or claim.unless <= claim.needs
    for check in claim.needs:
        said, not_said = licensed(all_claims(), ClaimEvidence(EVERY - {check}, FACTS))
        rendered = [load(language).sentence(f"claim.{key}", **FACTS) for key in said]
        assert sentence not in rendered, check
        if claim.otherwise:
            assert claim.otherwise in not_said


def test_without_any_check_nothing_is_claimed() -> None:
    said, not_said = licensed(all_claims(), ClaimEvidence(frozenset()))
    assert said == []
    assert set(not_said) == {claim.otherwise for claim in all_claims() if claim.otherwise}


def test_with_every_check_nothing_weaker_is_said() -> None:
    said, not_said = licensed(all_claims(), ClaimEvidence(EVERY))
    assert not_said == []
    assert not {"existed", "stamped", "signed_by_key", "court_custody_unsigned"} & set(said)


@pytest.mark.parametrize("language", languages())
def test_every_sentence_is_in_every_catalogue(language: str) -> None:
    keys = [*(claim.key for claim in all_claims()), *(claim.otherwise for claim in all_claims()), *NEVER, "not_sealed"]
    for key in filter(None, keys):
        assert load(language).sentence(f"claim.{key}", **FACTS)


def test_each_check_comes_from_its_own_answer() -> None:
    passed = Answer(State.PASSED)
    for question, check in (("warc", ClaimCheck.RECORDS_MATCH), ("coverage", ClaimCheck.LEDGER_MATCHES)):
        assert check in evidence_of({question: passed}).checks
        for state in (State.FAILED, State.NOT_CHECKED, State.ABSENT):
            assert check not in evidence_of({question: Answer(state)}).checks
    assert ClaimCheck.FILES_MATCH in evidence_of({"structure": passed, "fixity": passed}).checks
    for broken in ("structure", "fixity"):
        answers = {"structure": passed, "fixity": passed, broken: Answer(State.FAILED)}
        assert ClaimCheck.FILES_MATCH not in evidence_of(answers).checks
    assert evidence_of({}).checks == {ClaimCheck.TIMES_AGREE}


def test_an_answer_about_trust_licenses_no_more_than_its_state() -> None:
    known = evidence_of({"who": Answer(State.PASSED), "when": Answer(State.PASSED)}).checks
    assert {ClaimCheck.SIGNATURE_TRUSTED, ClaimCheck.STAMP_TRUSTED, ClaimCheck.SEAL_MATCHES, ClaimCheck.EVERYTHING_SEALED} <= known
    unknown = evidence_of({"who": Answer(State.NOT_CHECKED), "when": Answer(State.NOT_CHECKED)}).checks
    assert {ClaimCheck.SIGNATURE_HOLDS, ClaimCheck.STAMP_HOLDS} <= unknown
    assert not {ClaimCheck.SIGNATURE_TRUSTED, ClaimCheck.STAMP_TRUSTED} & unknown
    left_out = evidence_of({"who": Answer(State.PASSED, None, {"not_sealed": ["bag-info.txt"]})}).checks
    assert ClaimCheck.EVERYTHING_SEALED not in left_out
    weak = evidence_of({"who": Answer(State.PASSED)}, [make_finding("seal-rests-on-weak")]).checks
    assert ClaimCheck.EVERYTHING_SEALED not in weak


@pytest.mark.parametrize(
    "code", ["captured-before-bracket", "captured-after-stamp", "time-runs-backwards", "bracket-broken"]
)
def test_times_that_contradict_each_other_license_no_time(code: str) -> None:
    assert ClaimCheck.TIMES_AGREE not in evidence_of({}, [make_finding(code)]).checks


@pytest.mark.parametrize("state", ["unsigned", "signed-in-part", "broken", "absent"])
def test_a_custody_log_that_is_not_signed_to_its_end_is_never_called_signed(state: str) -> None:
    answers = {"who": Answer(State.PASSED, None, {"custody": {"state": state}})}
    assert ClaimCheck.CUSTODY_SIGNED not in evidence_of(answers).checks


# The statement of a bag.


def test_a_signed_and_stamped_bag_that_was_read_is_unchanged_since_then(sealed: SealedBag, chain: Chain) -> None:
    sealed.stamp(next(sealed.folder.glob("SHA256*.sig")).name, chain)
    statement = signed(sealed, trusting(chain)).statement
    assert {"files", "unchanged", "signed"} <= set(statement.shown_keys)
    part = statement.part("en")
    assert any("not later than 2026-11-22T10:00:01Z" in sentence for sentence in part.shown)
    assert any("anna" in sentence for sentence in part.shown)


def test_what_was_not_read_is_not_called_unchanged(sealed: SealedBag, chain: Chain) -> None:
    sealed.stamp(next(sealed.folder.glob("SHA256*.sig")).name, chain)
    statement = signed(sealed, trusting(chain), check_content=False).statement
    assert {"existed", "signed"} == set(statement.shown_keys)
    assert {"files_unknown", "unchanged_unknown"} <= set(statement.not_shown_keys)


def test_an_unknown_signer_is_not_given_a_name_and_no_time_is_claimed_without_a_stamp(sealed: SealedBag) -> None:
    statement = signed(sealed).statement
    assert set(statement.shown_keys) == {"files", "signed_by_key"}
    assert {"unchanged_unknown", "signer_unknown", "sources_unknown", "run_unknown"} <= set(statement.not_shown_keys)


@pytest.mark.parametrize("state", [State.FAILED, State.ABSENT])
def test_what_failed_or_is_absent_is_never_among_what_is_shown(sealed: SealedBag, state: State) -> None:
    broken = Answer(state, "the reason")
    evidence = evidence_of({"who": broken, "when": broken})
    part = make_statement("R1", sealed.facts, broken, broken, evidence).part("en")
    assert not any("the reason" in sentence for sentence in part.shown)
    assert sum("the reason" in sentence for sentence in part.not_shown) == 2


def test_words_that_the_seal_does_not_cover_are_named(sealed: SealedBag) -> None:
    who = Answer(State.PASSED, "anna", {"not_sealed": ["forged\n.txt"]})
    part = make_statement("R1", sealed.facts, who, Answer(State.PASSED, "x"), evidence_of({"who": who})).part("en")
    assert any(sentence.startswith("The seal does not cover forged\\x0a.txt.") for sentence in part.not_shown)


def test_an_edited_statement_is_reported(sealed: SealedBag) -> None:
    signed(sealed)
    page = sealed.folder / "statement.html"
    assert [one.code for one in verify(sealed.bag, jobs=1).findings] == []
    page.write_text(page.read_text().replace("Shown", "Proven beyond doubt"))
    assert [one.code for one in verify(sealed.bag, jobs=1).findings] == ["statement-altered"]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def test_the_page_runs_nothing_and_fetches_nothing_whatever_an_authority_is_called(sealed: SealedBag) -> None:
    evil = make_chain(name='<script src="https://evil.example/">\u202e"onload=x')
    sealed.stamp(next(sealed.folder.glob("SHA256*.sig")).name, evil)
    text = as_html(signed(sealed).statement)
    page = _Page()
    page.feed(text)
    assert {"script", "img", "link", "iframe", "form", "a", "object"}.isdisjoint(page.tags)
    assert not [name for name, _ in page.attributes if name in ("src", "href", "style") or name.startswith("on")]
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes
    assert "&lt;script src=" in text
    assert "\u202e" not in text, "what turns the direction of text is spelled out"
    assert "url(" not in text


def test_the_same_seal_gives_the_same_page(sealed: SealedBag) -> None:
    statement = signed(sealed).statement
    assert as_html(statement) == as_html(statement)
    assert (sealed.folder / "statement.html").read_text() == as_html(statement)


def test_the_lines_for_a_terminal_hold_every_sentence(sealed: SealedBag) -> None:
    statement: Statement = signed(sealed).statement
    part = statement.part("en")
    assert len(as_lines(statement)) == 2 + len(part.shown) + len(part.not_shown)


def test_the_page_says_how_to_check_each_file_by_the_tools_of_others(sealed: SealedBag, chain: Chain) -> None:
    reply = sealed.stamp(next(sealed.folder.glob("SHA256*.sig")).name, chain)
    commands = [command for _, command in signed(sealed).statement.part("en").checks]
    assert commands[0] == "sha256sum ../BAG/tagmanifest-sha256.txt"
    assert any("ssh-keygen -Y verify" in command and ".sig < seal.json" in command for command in commands)
    assert any(command.startswith(f"openssl ts -verify -in {reply}") for command in commands)


def test_the_page_says_the_same_in_every_language(sealed: SealedBag) -> None:
    statement = signed(sealed).statement
    page = as_html(statement)
    for language in languages():
        part = statement.part(language)
        assert f'<section lang="{part.code}" dir="{part.direction}">' in page
        assert (len(part.shown), len(part.not_shown)) == (len(statement.shown_keys), len(statement.not_shown_keys))


def test_the_docs_list_every_sentence_beside_its_checks() -> None:
    page = (Path(__file__).parents[3] / CLAIMS_PAGE).read_text()
    assert page == claims()
    for claim in all_claims():
        assert f"`{claim.key}`" in page
        for check in claim.needs:
            assert f"`{check}`" in page

"""The page beside the bag: claims no more than verify does, runs nothing, fetches nothing, trusts no name."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from archive.seal.statement import Statement, as_html, as_lines, make_statement
from archive.ssh.allowed_signers import parse
from archive.trust.anchors import Anchors
from archive.verify.when import answer_when
from archive.verify.who import answer_who
from archive_manifests.findings import Answer, State
from tests.world.sealed_bag import SealedBag, file_key, make_sealed_bag
from tests.world.time_authority import NOW, Chain, make_chain

NOT_SHOWN = ("sent the same bytes to anybody else", "is true, or who wrote it", "was honest", "a site signed anything")


@pytest.fixture
def sealed(tmp_path: Path) -> SealedBag:
    made = make_sealed_bag(tmp_path / "R1")
    made.sign(file_key(1))
    return made


def stated(sealed: SealedBag, anchors: Anchors | None = None) -> Statement:
    who, _ = answer_who(sealed.folder, sealed.facts, anchors, NOW)
    when, _ = answer_when(sealed.folder, sealed.facts, anchors, NOW)
    return make_statement("R1", sealed.facts, who, when)


def test_what_is_never_shown_is_said_whatever_the_answers_are(sealed: SealedBag, chain: Chain) -> None:
    anchors = Anchors(parse(f"anna {file_key(1).public_key.text}\n".encode()), (chain.root,))
    for statement in (stated(sealed), stated(sealed, anchors)):
        for sentence in NOT_SHOWN:
            assert any(sentence in one for one in statement.not_shown)


def test_an_unknown_signer_is_not_given_a_name_and_no_time_is_claimed_without_a_stamp(sealed: SealedBag) -> None:
    statement = stated(sealed)
    assert any("whose key that is must be learnt in another way" in one for one in statement.shown)
    assert any(one.startswith("since when nothing was changed") for one in statement.not_shown)


def test_a_trusted_signer_and_a_trusted_stamp_are_shown(sealed: SealedBag, chain: Chain) -> None:
    sealed.stamp(next(sealed.folder.glob("*.sig")).name, chain)
    statement = stated(sealed, Anchors(parse(f"anna {file_key(1).public_key.text}\n".encode()), (chain.root,)))
    assert any(
        "nothing in it was changed since then: not later than 2026-11-22T10:00:01Z" in s for s in statement.shown
    )
    assert any("a key that whoever wrote this trusts: anna" in sentence for sentence in statement.shown)


@pytest.mark.parametrize("state", [State.FAILED, State.ABSENT])
def test_what_failed_or_is_absent_is_never_among_what_is_shown(sealed: SealedBag, state: State) -> None:
    broken = Answer(state, "the reason")
    statement = make_statement("R1", sealed.facts, broken, broken)
    assert not any("the reason" in sentence for sentence in statement.shown)
    assert sum("the reason" in sentence for sentence in statement.not_shown) == 2


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
    sealed.stamp(next(sealed.folder.glob("*.sig")).name, evil)
    text = as_html(stated(sealed))
    page = _Page()
    page.feed(text)
    assert {"script", "img", "link", "iframe", "form", "a", "object"}.isdisjoint(page.tags)
    assert not [name for name, _ in page.attributes if name in ("src", "href", "style") or name.startswith("on")]
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes
    assert "&lt;script src=&quot;https://evil.example/&quot;&gt;" in text
    assert "\u202e" not in text, "what turns the direction of text is spelled out"
    assert "url(" not in text


def test_the_same_seal_gives_the_same_page(sealed: SealedBag) -> None:
    assert as_html(stated(sealed)) == as_html(stated(sealed))


def test_the_lines_for_a_terminal_hold_every_sentence(sealed: SealedBag) -> None:
    statement = stated(sealed)
    lines = as_lines(statement)
    assert len(lines) == 2 + len(statement.shown) + len(statement.not_shown)
    assert lines[0] == "shown:"


def test_the_page_says_how_to_check_each_file_by_the_tools_of_others(sealed: SealedBag, chain: Chain) -> None:
    reply = sealed.stamp(next(sealed.folder.glob("*.sig")).name, chain)
    commands = [command for _, command in stated(sealed).checks]
    assert commands[0] == "sha256sum ../BAG/tagmanifest-sha256.txt"
    assert any("ssh-keygen -Y verify" in command and ".sig < seal.json" in command for command in commands)
    assert any(command.startswith(f"openssl ts -verify -in {reply}") for command in commands)


def test_the_page_says_the_same_in_arabic_and_claims_no_more_there(sealed: SealedBag) -> None:
    failed = Answer(State.FAILED, "the reason")
    statement = make_statement("R1", sealed.facts, failed, failed)
    assert len(statement.arabic_shown) == len(statement.shown) == 1
    assert len(statement.arabic_not_shown) == len(statement.not_shown) == 6
    assert not any("the reason" in sentence for sentence in statement.arabic_shown)
    for state in State:
        told = Answer(state, "the reason")
        each = make_statement("R1", sealed.facts, told, told)
        where = (len(each.shown), len(each.not_shown))
        assert (len(each.arabic_shown), len(each.arabic_not_shown)) == where
    page = as_html(statement)
    assert '<section lang="ar" dir="rtl">' in page
    assert page.index("<h2>Not shown</h2>") < page.index("ما لا يتبيّن")
    for sentence in (*statement.arabic_shown, *statement.arabic_not_shown):
        assert f"<li><bdi>{sentence}</bdi></li>" in page

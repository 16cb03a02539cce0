"""What is made for a copy, its page and index, is what the disclosed part gives: nobody else's words are in it."""

from __future__ import annotations

import html
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.verify.run import verify
from archive.words import languages, load
from archive_manifests import layout
from archive_manifests.disclosure_copy import PROOFS, WITHHELD
from archive_manifests.findings import Severity, State
from tests.archive.disclose.test_disclose import alone, copy, remake_manifests, sealed, withheld  # noqa: F401 -- fixtures


def replaced(path: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    def forge(folder: Path) -> None:
        content = (folder / path).read_bytes()
        assert old in content
        (folder / path).write_bytes(content.replace(old, new, 1))

    return forge


def _double_index_line(folder: Path) -> None:
    place = folder / layout.INDEX
    lines = place.read_bytes().splitlines(keepends=True)
    place.write_bytes(b"".join([lines[0], *lines]))


def _drop_index_line(folder: Path) -> None:
    place = folder / layout.INDEX
    place.write_bytes(b"".join(place.read_bytes().splitlines(keepends=True)[1:]))


FORGERIES = {
    "words on the page": (layout.PAGE, replaced(layout.PAGE, b"</main>", b"<p>Sworn in court.</p></main>")),
    "another verdict": (layout.PAGE, replaced(layout.PAGE, b"Captured", b"Retracted")),
    "another address in the index": (layout.INDEX, replaced(layout.INDEX, b"p=24105", b"p=55768")),
    "another status in the index": (layout.INDEX, replaced(layout.INDEX, b'"200"', b'"404"')),
    "an answer left out of the index": (layout.INDEX, _drop_index_line),
    "an answer twice in the index": (layout.INDEX, _double_index_line),
    "another title in the list": (layout.PAGES, replaced(layout.PAGES, b"SNHR", b"SANA")),
    "another description of the bag": (layout.BAG_INFO, replaced(layout.BAG_INFO, b": Disclosure copy: 2 of", b": All of")),
    "another report in the description": (layout.BAG_INFO, replaced(layout.BAG_INFO, b"Access: restricted", b"Access: public")),
    "an organisation that nobody named": (
        *(layout.BAG_INFO,),
        replaced(layout.BAG_INFO, b"Access: restricted\n", b"Access: restricted\nSource-Organization: UN\n"),
    ),
    "another list of files": (layout.DATA_PACKAGE, replaced(layout.DATA_PACKAGE, b'"title"', b'"titel"')),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_what_is_made_for_a_copy_is_made_again_and_compared(copy: Path, name: str) -> None:  # noqa: F811
    path, forge = FORGERIES[name]
    forge(copy)
    remake_manifests(copy)
    found = verify(copy, jobs=1)
    wrong = {str(each.path) for each in found.findings if each.severity is Severity.ERROR}
    # The data package has a digest of the index and of the list of pages.
    assert wrong == ({path} if path in (layout.PAGE, layout.DATA_PACKAGE, layout.BAG_INFO) else {path, layout.DATA_PACKAGE})
    assert found.answers["origin"].state is State.FAILED


def test_the_page_of_a_copy_names_what_it_is_in_every_language(copy: Path) -> None:  # noqa: F811
    page = (copy / layout.PAGE).read_text("utf-8")
    for code in languages():
        words = load(code)
        assert f">{words.sentence('page.copy')}</h2>" in page and words.sentence("page.copy_made") in html.unescape(page)
    assert "Sources of the sealed bag that are here: 2. Withheld: 1; reason: <bdi" in page
    replaced(WITHHELD, b'"sources": 1', b'"sources": 2')(copy)
    remake_manifests(copy)
    assert [str(each.path) for each in verify(copy, jobs=1).findings if each.code == "origin-unproven"] == [layout.PAGE]


def test_a_copy_under_another_name_is_the_same_copy(copy: Path) -> None:  # noqa: F811
    other = copy.rename(copy.with_name("renamed"))
    shutil.move(copy.with_name("copy.seal"), copy.with_name("renamed.seal"))
    found = verify(other, jobs=1)
    assert found.errors == 0 and b"<code>copy.seal</code>" in (other / layout.PAGE).read_bytes()


def test_a_page_of_another_version_is_a_warning_and_no_forgery(copy: Path) -> None:  # noqa: F811
    for path in (layout.DATA_PACKAGE, layout.BAG_INFO):
        replaced(path, b"evidence-archive 0.", b"evidence-archive 7.")(copy)
    replaced(layout.PAGE, b"</main>", b"<p>Other words.</p></main>")(copy)
    remake_manifests(copy)
    found = verify(copy, jobs=1)
    assert found.errors == 0
    assert [(str(each.path), each.severity) for each in found.findings if each.code == "origin-unproven"] == [
        (layout.PAGE, Severity.WARNING)
    ]


ACTIVE = (b"<script>1</script>", b"<img src=x onerror=alert(1)>", b"<a href='java&#115;cript:1'>x</a>", b"<img src=//other.example/x.png>")


@pytest.mark.parametrize("content", ACTIVE)
def test_a_page_that_runs_or_loads_something_is_of_no_version(copy: Path, content: bytes) -> None:  # noqa: F811
    replaced(layout.DATA_PACKAGE, b"evidence-archive 0.", b"evidence-archive 7.")(copy)
    replaced(layout.PAGE, b"</main>", content + b"</main>")(copy)
    remake_manifests(copy)
    found = verify(copy, jobs=1)
    assert [str(each.path) for each in found.findings if each.severity is Severity.ERROR] == [layout.PAGE]
    assert found.answers["origin"].state is State.FAILED


def test_a_page_is_compared_where_the_head_of_the_report_was_taken_out(copy: Path) -> None:  # noqa: F811
    """Without it the copy is one that names no report, and its page, data package and description say so."""
    (copy / "data/ledger/report.json").unlink()
    lines = (copy / PROOFS).read_bytes().splitlines(keepends=True)
    (copy / PROOFS).write_bytes(b"".join(line for line in lines if b'"kind":"report"' not in line))
    (copy / layout.PAGE).write_bytes(b"<!doctype html><title>x</title><p>Nothing is withheld.")
    remake_manifests(copy)
    found = verify(copy, jobs=1)
    wrong = {str(each.path) for each in found.findings if each.severity is Severity.ERROR}
    assert wrong >= {layout.PAGE, layout.BAG_INFO, layout.DATA_PACKAGE} and found.answers["origin"].state is State.FAILED

"""What a bag may state otherwise because another version made it, and what no version excuses."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from archive.fetch.fetch import fetch
from archive.fetch.supply import attest
from archive.version import AGENT, __version__
from archive_manifests import canonical, disclosure, layout
from archive_manifests import ledger as ledgers
from archive_manifests.ledger import Status, Verdict
from archive_manifests.notes import Note
from archive_manifests.source_toml import from_toml, to_toml
from tests.archive.fetch.test_pilot import settings_for
from tests.archive.verify.forged_bag import ForgedBag
from tests.world import World

OLDER, LATER = "0.2.0", "9.9.9"
PAGE, OTHER, LOST, NOWHERE = "s01", "s02", "s03", "s04"
"""Two pages with one style sheet, one that is not found, and one whose host does not exist."""
_SHEET = "css/grid.css"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("versions")
    report = folder / "report.txt"
    addresses = ("sn4hr.org/blog/2019/04/30/53633/", "sn4hr.org/?p=24105", "sn4hr.org/there-is-no-such-page", "nowhere.invalid/a")
    report.write_text("".join(f"It was so. See https://{address} for it.\n\n" for address in addresses))
    with World() as world:
        return fetch(report, folder / "B", settings_for(world, media=False)).bag


@pytest.fixture
def bag(sound: Path, tmp_path: Path) -> ForgedBag:
    return ForgedBag.copy_of(sound, tmp_path / sound.name)


def observed(bag: ForgedBag, leave: tuple[str, ...] = ()) -> list[str]:
    """The errors, and as `(code: of what)` the warnings that another version explains, each with its source."""
    bag.seal_over(leave=leave)
    found = []
    for each in bag.verified().findings:
        where = each.source or (each.path.text if each.path is not None else "")
        if each.severity == "error":
            found.append(f"{each.code} {where}")
        elif each.code == "read-otherwise":
            assert each.note is not None
            assert AGENT in each.note
            found.append(f"({each.note.partition(':')[0]} {where})")
    return list(dict.fromkeys(found))


def judge_live(bag: ForgedBag, source: str, verdict: Verdict) -> None:
    """State another verdict on the live web wherever it stands."""
    stated = {"status": verdict.status, "reason": verdict.reason, "detail": verdict.detail}
    bag.set_source(source, live=verdict, **stated)
    bag.set_copy(source, "live", status=verdict.status, notes=())


def a_capture_of_an_error(bag: ForgedBag) -> None:
    judge_live(bag, LOST, Verdict(Status.CAPTURED))


def no_attempt_although_one_failed(bag: ForgedBag) -> None:
    judge_live(bag, NOWHERE, Verdict(Status.NOT_ATTEMPTED, "robots"))


def an_absent_page_although_no_host_responded(bag: ForgedBag) -> None:
    judge_live(bag, NOWHERE, Verdict(Status.GONE, "not-found"))


def no_response_although_there_is_one(bag: ForgedBag) -> None:
    judge_live(bag, PAGE, Verdict(Status.UNREACHABLE, "tls-expired"))


def a_part_left_out_that_another_page_has_of_the_same_document(bag: ForgedBag) -> None:
    others = [each for each in bag.entry(OTHER).requisites if not each.url.endswith(_SHEET)]
    bag.set_source(OTHER, requisites=tuple(others))


def a_part_left_out_whose_record_is_the_page_s_own(bag: ForgedBag) -> None:
    requisites = bag.entry(PAGE).requisites
    own = {record.id for record in bag.records if record.file == f"data/archive/{PAGE}.warc.gz"}
    first = next(each for each in requisites if each.record in own)
    bag.set_source(PAGE, requisites=tuple(each for each in requisites if each is not first))


def a_quotation_found_where_nothing_is_quoted(bag: ForgedBag) -> None:
    bag.set_source(PAGE, quote_found="yes")


def a_status_that_does_not_follow(bag: ForgedBag) -> None:
    bag.set_source(LOST, status=Status.UNREACHABLE, reason="timeout", detail=None)


def no_copy_of_what_was_received(bag: ForgedBag) -> None:
    bag.set_source(PAGE, copies=())


NEVER: dict[Callable[[ForgedBag], None], str] = {
    a_capture_of_an_error: f"verdict-contradicted {LOST}",
    no_attempt_although_one_failed: f"verdict-contradicted {NOWHERE}",
    an_absent_page_although_no_host_responded: f"verdict-contradicted {NOWHERE}",
    no_response_although_there_is_one: f"verdict-contradicted {PAGE}",
    a_part_left_out_that_another_page_has_of_the_same_document: f"requisite-unlisted {OTHER}",
    a_part_left_out_whose_record_is_the_page_s_own: f"record-unexplained {PAGE},{OTHER}",
    a_quotation_found_where_nothing_is_quoted: f"quote-contradicted {PAGE}",
    a_status_that_does_not_follow: f"verdict-contradicted {LOST}",
    no_copy_of_what_was_received: f"verdict-contradicted {PAGE}",
}


@pytest.mark.parametrize("version", [OLDER, LATER])
def test_a_bag_of_another_version_has_no_error(bag: ForgedBag, version: str) -> None:
    bag.set_version(version)
    assert observed(bag) == []


@pytest.mark.parametrize("forge", NEVER, ids=lambda forge: forge.__name__)
def test_no_version_excuses_what_the_records_alone_decide(bag: ForgedBag, forge: Callable[[ForgedBag], None]) -> None:
    bag.set_version(LATER)
    forge(bag)
    assert NEVER[forge] in observed(bag)


def a_code_that_is_not_known(bag: ForgedBag) -> None:
    invented = Note("seen-by-a-court", {}, "a court has seen this")
    bag.set_source(PAGE, notes=(*bag.entry(PAGE).notes, invented))


@pytest.mark.parametrize("version", [OLDER, __version__])
def test_a_note_that_no_version_up_to_this_one_has_is_an_error(bag: ForgedBag, version: str) -> None:
    bag.set_version(version)
    a_code_that_is_not_known(bag)
    assert observed(bag) == [f"note-contradicted {PAGE}"]


def test_a_note_of_a_later_version_is_not_checked_and_all_else_is(bag: ForgedBag) -> None:
    bag.set_version(LATER)
    a_code_that_is_not_known(bag)
    assert observed(bag) == []
    verified = bag.verified()
    (unknown,) = [each for each in verified.findings if each.code == "note-unknown"]
    assert (unknown.source, unknown.expected) == (PAGE, "a court has seen this")
    assert (unknown.note or "").startswith(f"made by evidence-archive {LATER}; this is {AGENT};")
    assert verified.answers["coverage"].state == "not-checked"
    a_capture_of_an_error(bag)
    assert f"verdict-contradicted {LOST}" in observed(bag)


def test_a_later_version_in_one_document_alone_excuses_no_unknown_note(bag: ForgedBag) -> None:
    bag.set_json(layout.SOFTWARE, lambda stated: stated.update(version=LATER))
    a_code_that_is_not_known(bag)
    assert f"software-contradicted {layout.SOFTWARE}" in observed(bag)


def a_key_in_the_first_copy(bag: ForgedBag) -> None:
    stated = json.loads(bag.read(layout.LEDGER))
    stated["sources"][0]["copies"][0]["notarised"] = "yes, by a court"
    bag.write(layout.LEDGER, canonical.document(stated).encode())


@pytest.mark.parametrize(
    ("version", "severity", "state"), [(__version__, "error", "failed"), (LATER, "warning", "not-checked")]
)
def test_a_key_that_the_ledger_does_not_have_is_named(
    bag: ForgedBag, version: str, severity: str, state: str
) -> None:
    bag.set_version(version)
    a_key_in_the_first_copy(bag)
    bag.seal_over()
    verified = bag.verified()
    found = [each for each in verified.findings if each.code == "key-unknown" or each.severity == "error"]
    assert [(each.code, str(each.severity), str(each.path), each.found) for each in found] == [
        ("key-unknown", severity, layout.LEDGER, "sources[0].copies[0].notarised")
    ]
    assert verified.answers["coverage"].state == state


@pytest.mark.parametrize(
    ("place", "key"),
    [
        (lambda ledger: ledger, "notarised"),
        (lambda ledger: ledger["conditions"], "conditions.notarised"),
        (lambda ledger: ledger["report"]["stated"], "report.stated.notarised"),
        (lambda ledger: ledger["sources"][1], "sources[1].notarised"),
        (lambda ledger: ledger["sources"][1]["citations"][0], "sources[1].citations[0].notarised"),
        (lambda ledger: ledger["sources"][1]["facets"]["media"]["reason"], "sources[1].facets.media.reason.notarised"),
    ],
)
def test_a_key_is_found_wherever_it_stands(
    sound: Path, place: Callable[[dict[str, Any]], dict[str, Any]], key: str
) -> None:
    data = (sound / layout.LEDGER).read_bytes()
    stated = json.loads(data)
    assert canonical.first_unknown(data, ledgers.from_json(data)) is None
    place(stated)["notarised"] = "yes, by a court"
    data = json.dumps(stated).encode()
    assert canonical.first_unknown(data, ledgers.from_json(data)) == key


def a_title(bag: ForgedBag) -> None:
    bag.set_source(PAGE, title="The regime admits it")


def a_wall_for_a_page_with_a_good_status(bag: ForgedBag) -> None:
    judge_live(bag, PAGE, Verdict(Status.BLOCKED, "challenge"))


def a_part_called_decoration(bag: ForgedBag) -> None:
    first, *others = bag.entry(OTHER).requisites
    bag.set_source(OTHER, requisites=(replace(first, decorative=not first.decorative), *others))


@pytest.mark.parametrize(
    ("forge", "expected"),
    [
        (a_title, {f"(title-contradicted {PAGE})"}),
        (a_wall_for_a_page_with_a_good_status, {f"(verdict-contradicted {PAGE})", f"(facet-contradicted {PAGE})"}),
        (a_part_called_decoration, {f"(verdict-contradicted {OTHER})"}),
    ],
)
def test_what_another_version_judged_is_a_warning_and_coverage_is_not_checked(
    bag: ForgedBag, forge: Callable[[ForgedBag], None], expected: set[str]
) -> None:
    bag.set_version(LATER)
    forge(bag)
    assert {*observed(bag)} == expected
    assert bag.verified().answers["coverage"].state == "not-checked"


@pytest.mark.parametrize(
    ("old", "new"),
    [("Access:", "Contact-Name: UN\nAccess:"), ("BagIt-Profile-Identifier", "Previous-Profile"), (LATER, "1.0.0")],
)
def test_no_version_excuses_a_label_of_bag_info(bag: ForgedBag, old: str, new: str) -> None:
    bag.set_version(LATER)
    bag.seal_over()
    info = bag.read(layout.BAG_INFO).decode()
    assert old in info
    bag.write(layout.BAG_INFO, info.replace(old, new).encode())
    bag.rewrite_manifests()
    assert [f"{each.code} {each.path}" for each in bag.verified().findings if each.severity == "error"] == [
        f"generated-differs {layout.BAG_INFO}"
    ]


@pytest.mark.parametrize(
    ("version", "expected"),
    [(OLDER, [f"(event-contradicted {layout.EVENTS})"]), (LATER, [f"event-contradicted {PAGE}"])],
)
def test_only_versions_without_events_of_persons_may_lack_them(
    sound: Path, tmp_path: Path, version: str, expected: list[str]
) -> None:
    ForgedBag.copy_of(sound, tmp_path / "B")
    bag = ForgedBag(attest(tmp_path / "B", PAGE, "I saw it", by="collector-7").bag)
    bag.set_version(version)
    bag.seal_over()
    bag.set_events(lambda events: [each for each in events if each.type != "metadata modification"])
    assert observed(bag, leave=(layout.EVENTS,)) == expected
    assert bag.verified().answers["coverage"].state == ("not-checked" if version == OLDER else "failed")


def leaf_of_manifest(bag: ForgedBag) -> str:
    digest = hashlib.sha256(bag.read(layout.SOURCE_MANIFEST)).hexdigest()
    return disclosure.stated_leaf(disclosure.parse_seed(bag.read(layout.SEED)), "file", layout.SOURCE_MANIFEST, digest)


def test_the_words_round_a_citation_are_the_reader_s_choice_and_its_place_is_not(bag: ForgedBag) -> None:
    manifest = from_toml(bag.read(layout.SOURCE_MANIFEST).decode())
    sources = tuple(
        replace(each, citations=tuple(replace(one, context=None) for one in each.citations)) for each in manifest.sources
    )
    text = to_toml(replace(manifest, sources=sources))
    citations = {each.id: tuple(replace(one, context=None) for one in each.citations) for each in bag.ledger.sources}
    before = leaf_of_manifest(bag)
    bag.write(layout.SOURCE_MANIFEST, text.encode())
    bag.set_warcinfo(before, leaf_of_manifest(bag))
    for source, shorter in citations.items():
        bag.set_source(source, citations=shorter)
    bag.set_version(LATER)
    cited = [f"(citation-contradicted {source})" for source in (PAGE, OTHER, LOST, NOWHERE)]
    assert sorted(observed(bag)) == sorted([*cited, f"(manifest-contradicted {layout.SOURCE_MANIFEST})"])
    bag.set_source(PAGE, citations=(replace(citations[PAGE][0], line=7),))
    assert f"citation-contradicted {PAGE}" in observed(bag)

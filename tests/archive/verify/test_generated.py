"""What our bags generate from the ledger and the logs is made again: whoever edits it is found, under any manifests."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.bag.interface import Broken
from archive.fetch.fetch import fetch
from archive.page.bag_info import info_fields
from archive.verify import content
from archive.verify.files import control_files, forked
from archive.verify.records import generated
from archive.verify.run import verify
from archive.version import __version__
from archive_manifests import disclosure, records
from archive_manifests import ledger as ledgers
from archive_manifests.layout import DISCLOSURE, SEED
from archive_manifests.paths import BagPath
from archive_manifests.payload import format_manifest, manifest_name
from archive_manifests.tags import Oxum, format_bag_info
from tests.archive.fetch.test_pilot import settings_for
from tests.archive.verify.forged_bag import ForgedBag
from tests.archive.verify.sample_bags import observed
from tests.world import World

check_here = content._check_generated
CONDITIONS = ["(private-trust data/sources.json)", "(redirected-capture data/sources.json)"]
SOFTWARE = "data/provenance/software.json"
PREMIS = "data/provenance/premis.xml"
CONTRADICTED = f"software-contradicted {SOFTWARE}"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    report = folder / "report.txt"
    report.write_text("One source: https://sn4hr.org/?p=24105 it is.\n")
    with World() as world:
        return fetch(report, folder / "R1", settings_for(world, media=False)).bag


@pytest.fixture
def bag(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "R1"))


def digest(place: Path, algorithm: str) -> str:
    return hashlib.new(algorithm, place.read_bytes()).hexdigest()


def remake_commitment(bag: Path) -> None:
    """`disclosure.txt` made right again: whoever holds the bag holds its seed."""
    seed = disclosure.parse_seed((bag / SEED).read_bytes())
    lines = (bag / "data/provenance/records.jsonl").read_bytes().splitlines(keepends=True)
    log = [records.parse_line(line, number) for number, line in enumerate(lines, start=1)]
    ledger = ledgers.from_json((bag / "data/sources.json").read_bytes())
    payload = [place for place in (bag / "data").rglob("*") if place.is_file()]
    files = [(str(place.relative_to(bag)), digest(place, "sha256")) for place in payload]
    made = disclosure.commit(seed, disclosure.items_of(log, files, ledger))
    (bag / DISCLOSURE).write_text(disclosure.format_commitment(made))


def remake_manifests(bag: Path, *, info: str | None = None) -> None:
    """All manifests made right again, as whoever edits a bag would; `bag-info.txt` too, where it is not given."""
    if (bag / SEED).exists() and (bag / DISCLOSURE).exists():
        remake_commitment(bag)
    payload = sorted(place for place in (bag / "data").rglob("*") if place.is_file())
    for algorithm in ("sha256", "sha512"):
        stated = {BagPath(str(place.relative_to(bag))): digest(place, algorithm) for place in payload}
        (bag / manifest_name(algorithm)).write_text(format_manifest(stated))
    ledger = ledgers.from_json((bag / "data/sources.json").read_bytes())
    oxum = Oxum(sum(place.stat().st_size for place in payload), len(payload))
    last = json.loads((bag / "data/provenance/events.jsonl").read_bytes().splitlines()[-1])
    identity = digest(bag / "manifest-sha256.txt", "sha256")
    fields = info_fields(ledger, oxum, identity, last["time"][:10], last["agent"])
    (bag / "bag-info.txt").write_text(format_bag_info(fields) if info is None else info)
    tags = [place for place in sorted(bag.iterdir()) if place.is_file() and "tagmanifest" not in place.name]
    for algorithm in ("sha256", "sha512"):
        stated = {BagPath(place.name): digest(place, algorithm) for place in tags}
        (bag / manifest_name(algorithm, tag=True)).write_text(format_manifest(stated))


def edit(bag: Path, name: str, old: str, new: str) -> None:
    place = bag / name
    text = place.read_bytes().decode()
    assert old in text
    place.write_bytes(text.replace(old, new).encode())


def restate_software(bag: Path, old: str, new: str) -> None:
    """Edit `software.json`, and say so in PREMIS, which states its digests."""
    place = bag / SOFTWARE
    before = [digest(place, "sha256"), digest(place, "sha512")]
    edit(bag, SOFTWARE, old, new)
    for algorithm, stated in zip(("sha256", "sha512"), before, strict=True):
        edit(bag, PREMIS, stated, digest(place, algorithm))


def restate_renderer(bag: Path, old: str, new: str) -> None:
    """Edit which library made the page, in `software.json` and in each warcinfo."""
    restate_software(bag, old, new)
    forged = ForgedBag(bag)
    forged.set_warcinfo(old.replace(": ", ":"), new.replace(": ", ":"))
    forged.relog()
    forged.seal_over()


def findings(bag: Path) -> list[str]:
    return [line for line in observed(verify(bag, jobs=1)) if line not in CONDITIONS]


def test_what_we_made_comes_out_the_same_when_it_is_made_again(bag: Path) -> None:
    assert observed(verify(bag, jobs=1)) == CONDITIONS
    remake_manifests(bag)
    assert observed(verify(bag, jobs=1)) == CONDITIONS


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("data/index.html", "24105", "24106"),
        ("data/index.html", "</html>", "<script>alert(1)</script></html>"),
        (PREMIS, "<eventOutcome>finished</eventOutcome>", "<eventOutcome>begun</eventOutcome>"),
        ("README-VERIFY.txt", "sha256sum", "sha1sum"),
    ],
)
def test_an_edited_file_is_found_under_manifests_that_agree_with_it(bag: Path, name: str, old: str, new: str) -> None:
    edit(bag, name, old, new)
    remake_manifests(bag)
    found = verify(bag, jobs=1)
    assert findings(bag) == [f"generated-differs {name}"]
    states = [str(found.answers[name].state) for name in ("structure", "warc", "coverage")]
    assert (states, found.is_complete, found.is_valid) == (["passed", "passed", "failed"], True, True)


def made_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the bag had many sources: generated files are made again in a process of their own."""
    monkeypatch.setattr(forked, "MANY", 1)
    monkeypatch.setattr(content, "can_fork", lambda: True)


def test_generated_files_are_compared_the_same_in_a_process_of_their_own(
    bag: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(bag, PREMIS, "<eventOutcome>finished</eventOutcome>", "<eventOutcome>begun</eventOutcome>")
    remake_manifests(bag)
    alone, ours, began = verify(bag, jobs=1).findings, os.getpid(), []
    made_apart(monkeypatch)
    monkeypatch.setattr(content, "_check_generated", lambda read: began.append(os.getpid()) or check_here(read))
    assert (verify(bag, jobs=2).findings, ours in began) == (alone, False)


def test_generated_files_are_compared_here_where_their_process_dies(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(bag, PREMIS, "<eventOutcome>finished</eventOutcome>", "<eventOutcome>begun</eventOutcome>")
    remake_manifests(bag)
    alone, ours = verify(bag, jobs=1).findings, os.getpid()
    made_apart(monkeypatch)
    monkeypatch.setattr(content, "_check_generated", lambda read: check_here(read) if os.getpid() == ours else os._exit(9))
    assert verify(bag, jobs=2).findings == alone


def test_generated_files_of_a_bag_with_an_error_are_not_waited_for(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(bag, PREMIS, "<eventOutcome>finished</eventOutcome>", "<eventOutcome>begun</eventOutcome>")
    edit(bag, "data/sources.json", '"status": "captured"', '"status": "gone"')
    remake_manifests(bag)
    alone = verify(bag, jobs=1).findings
    made_apart(monkeypatch)
    monkeypatch.setattr(content, "_check_generated", lambda read: time.sleep(60))
    assert verify(bag, jobs=2).findings == alone
    assert not any(str(one.path) == PREMIS for one in alone)


@pytest.mark.parametrize(
    ("old", "new"),
    [("Access: restricted", "Access: open"), ("External-Identifier: urn:uuid:", "External-Identifier: urn:uuid:0")],
)
def test_an_edited_field_of_bag_info_is_found(bag: Path, old: str, new: str) -> None:
    text = (bag / "bag-info.txt").read_text()
    assert old in text
    remake_manifests(bag, info=text.replace(old, new))
    assert findings(bag) == ["generated-differs bag-info.txt"]


def test_a_bag_may_be_renamed(bag: Path) -> None:
    other = bag.rename(bag.with_name("R1-from-a-partner"))
    assert findings(other) == []
    shutil.make_archive(str(other), "tar", other.parent, other.name)
    assert findings(other.with_suffix(".tar")) == []


def test_what_another_version_generated_is_warned_of_at_most(bag: Path) -> None:
    restate_software(bag, f'"version": "{__version__}"', '"version": "0.0.9"')
    remake_manifests(bag)
    assert findings(bag) == [CONTRADICTED]
    edit(bag, "data/datapackage.json", f"evidence-archive {__version__}", "evidence-archive 0.0.9")
    forged = ForgedBag(bag)
    forged.set_events(lambda events: [replace(event, agent="evidence-archive 0.0.9") for event in events])
    forged.seal_over()
    assert findings(bag) == [CONTRADICTED]  # by the WARCs
    forged.set_warcinfo(f"software: evidence-archive {__version__}", "software: evidence-archive 0.0.9")
    forged.relog()
    forged.seal_over()
    assert findings(bag) == []
    edit(bag, "data/index.html", "24105", "24106")
    edit(bag, PREMIS, "<eventOutcome>finished</eventOutcome>", "<eventOutcome>done</eventOutcome>")
    remake_manifests(bag)
    assert findings(bag) == ["(generated-differs data/index.html)", f"(generated-differs {PREMIS})"]
    found = verify(bag, jobs=1)
    assert [str(found.answers[name].state) for name in ("warc", "coverage")] == ["passed", "not-checked"]
    assert {finding.note for finding in found.findings if finding.code == "generated-differs"} == {
        f"made by evidence-archive 0.0.9; this is evidence-archive {__version__}"
    }


def test_no_version_is_excused_of_an_index_that_leads_elsewhere(bag: Path) -> None:
    restate_software(bag, f'"version": "{__version__}"', '"version": "0.0.9"')
    edit(bag, "data/indexes/index.cdx", "24105", "24106")
    remake_manifests(bag)
    assert findings(bag) == [
        "generated-differs data/datapackage.json", "generated-differs data/indexes/index.cdx", CONTRADICTED
    ]  # fmt: skip


def test_a_page_of_another_renderer_is_warned_of_and_the_rest_is_not_excused(bag: Path) -> None:
    stated = re.search(r'"jinja2": "[^"]+"', (bag / SOFTWARE).read_text())
    assert stated is not None
    restate_renderer(bag, stated[0], '"jinja2": "2.0"')
    page = (bag / "data/index.html").read_text()
    edit(bag, "data/index.html", "&#39;" if "&#39;" in page else "&quot;", "&#x27;" if "&#39;" in page else "&#34;")
    edit(bag, PREMIS, "<eventOutcome>finished</eventOutcome>", "<eventOutcome>done</eventOutcome>")
    remake_manifests(bag)
    assert findings(bag) == ["(generated-differs data/index.html)", f"generated-differs {PREMIS}"]


def test_no_renderer_is_excused_of_a_page_that_says_something_else(bag: Path) -> None:
    stated = re.search(r'"jinja2": "[^"]+"', (bag / SOFTWARE).read_text())
    assert stated is not None
    restate_renderer(bag, stated[0], stated[0].replace(': "', ': "9')[:-2] + '"')
    edit(bag, "data/index.html", "24105", "24106")
    remake_manifests(bag)
    assert findings(bag) == ["generated-differs data/index.html"]


def test_a_bag_that_does_not_say_what_made_it_is_excused_of_nothing(bag: Path) -> None:
    restate_software(bag, '"schema"', '"schema!')
    edit(bag, "data/index.html", "24105", "24106")
    remake_manifests(bag)
    assert findings(bag) == [CONTRADICTED]


def test_a_page_that_would_take_too_long_to_make_again_is_not_checked(
    bag: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generated, "MOST_OF_LEDGER", 100)
    assert findings(bag) == ["(generated-unchecked data/index.html)"]


def test_a_log_too_large_for_memory_is_read_again_for_the_page(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control_files, "STREAMED_LIMIT", 100)
    assert findings(bag) == []
    edit(bag, "data/index.html", "24105", "24106")
    remake_manifests(bag)
    assert findings(bag) == ["generated-differs data/index.html"]


def test_premis_too_large_for_memory_is_compared_line_by_line(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control_files, "STREAMED_LIMIT", 100)
    renamed = bag.rename(bag.with_name("renamed"))
    assert findings(renamed) == []
    edit(renamed, PREMIS, "<eventOutcome>finished</eventOutcome>", "<eventOutcome>begun</eventOutcome>")
    remake_manifests(renamed)
    (found,) = (each for each in verify(renamed).findings if each.code == "generated-differs")
    assert (str(found.path), found.found) == (PREMIS, "<eventOutcomeInformation><eventOutcome>begun</eventOutcome>\n")
    (renamed / PREMIS).write_bytes((renamed / PREMIS).read_bytes().rstrip(b"\n"))
    remake_manifests(renamed)
    assert findings(renamed) == [f"generated-differs {PREMIS}"]


def test_a_log_that_cannot_be_read_again_leaves_the_page_unchecked(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> list[object]:
        raise Broken("file-changed", "not the same when it was read a second time")

    monkeypatch.setattr(generated, "_answers", broken)
    assert findings(bag) == ["(generated-unchecked data/index.html)"]


def test_a_bag_that_is_broken_is_reported_once(bag: Path) -> None:
    edit(bag, "data/index.html", "24105", "24106")
    assert findings(bag) == ["payload-altered data/index.html"]


@pytest.mark.parametrize("edit", ["none", "page", "ledger"])
def test_one_verification_parses_the_ledger_once(bag: Path, edit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where sources are named in findings, and where the ledger cannot be parsed."""
    if edit != "none":
        name = "data/index.html" if edit == "page" else "data/sources.json"
        (bag / name).write_bytes((bag / name).read_bytes()[:-2])
    parse, parsed = ledgers.from_json, []

    def count(text: str | bytes) -> ledgers.Ledger:
        parsed.append(len(text))
        return parse(text)

    monkeypatch.setattr(ledgers, "from_json", count)
    codes = {finding.code for finding in verify(bag, jobs=1).findings}
    assert parsed == [(bag / "data/sources.json").stat().st_size]
    assert ("ledger-unreadable" in codes) == (edit == "ledger")


@pytest.mark.parametrize("left_out", ["", "Payload-Oxum"])
def test_fields_that_are_left_out_of_bag_info_are_an_error(bag: Path, left_out: str) -> None:
    lines = (bag / "bag-info.txt").read_text().splitlines(keepends=True)
    left = "".join(line for line in lines if not line.startswith(left_out))
    assert left != "".join(lines)
    remake_manifests(bag, info=left)
    assert findings(bag) == ["generated-differs bag-info.txt"]


@pytest.mark.parametrize("name", ["data/index.html", PREMIS])
def test_a_generated_file_that_was_removed_is_named(bag: Path, name: str) -> None:
    info = (bag / "bag-info.txt").read_text()
    (bag / name).unlink()
    remake_manifests(bag)
    assert findings(bag) == [f"web-archive-part-missing {name}"]
    stated = (bag / "bag-info.txt").read_text()
    oxum = next(line for line in stated.splitlines() if line.startswith("Payload-Oxum"))
    other = "".join(oxum + "\n" if line.startswith("Payload-Oxum") else line for line in info.splitlines(keepends=True))
    remake_manifests(bag, info=other)  # its identifier is that of the manifest before
    assert findings(bag) == [f"web-archive-part-missing {name}"]

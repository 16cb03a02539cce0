"""The folder of a corroboration: written once, countersigned by several, compared with each bag."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.corroborate import countersign as countersign_module
from archive.corroborate.check import check_corroboration
from archive.corroborate.corroborate import corroborate
from archive.corroborate.countersign import countersign, read_folder, write_corroboration
from archive.corroborate.page import render_corroboration
from archive.corroborate.standing import NO_STANDING, find_corroboration, standings_beside
from archive.errors import AlreadyThere, UsageProblem
from archive.ssh.keys import write_new_key
from archive.trust import seal_folder
from archive.verify.result.verification import Verification
from archive.verify.run import verify
from archive.words import languages
from archive_manifests.corroboration import (
    FILE,
    NAMESPACE,
    PAGE,
    CorroboratedSource,
    PairStatus,
    SourceState,
    from_json,
    to_json,
)
from archive_manifests.errors import StatementError
from tests.archive.corroborate.observed_site import make_report, observe, sign
from tests.cli.invoke import run as invoke
from tests.world.sealed_bag import file_key
from tests.world.time_authority import Way, by_hand, make_chain, make_reply, serve

NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def bags(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("bags")
    report = make_report(folder / "report", ("story", "plain"))
    made = {"mine": 1, "theirs": 2, "forged": 3}
    return {
        name: observe(report, folder / name / "R210517", "forged" if name == "forged" else "ok", key)
        for name, key in made.items()
    }


@pytest.fixture
def folder(bags: dict[str, Path], tmp_path: Path) -> Path:
    written = write_corroboration(corroborate([bags["mine"], bags["theirs"]], now=NOW), tmp_path / "c", "en")
    assert written.is_new
    return written.folder


def codes(bag: Path, folder: Path, trust: Path | None = None) -> list[tuple[str, str | None]]:
    return [(one.code, one.source) for one in check_corroboration(bag, folder, trust, NOW).findings]


def test_a_corroboration_is_compared_with_each_of_its_bags(bags: dict[str, Path], folder: Path) -> None:
    for name in ("mine", "theirs"):
        found = check_corroboration(bags[name], folder, None, NOW)
        assert found.findings == ()
        assert {one.source: (one.state, [status for _, status, _ in one.others]) for one in found.sources} == {
            "s01": ("corroborated", ["same-bytes"]), "s02": ("corroborated", ["same-bytes"]),
        }  # fmt: skip
    assert codes(bags["forged"], folder) == [("corroboration-other-bag", None)]


def test_each_observer_countersigns_what_all_of_them_find(bags: dict[str, Path], folder: Path, tmp_path: Path) -> None:
    document = corroborate([bags["theirs"], bags["mine"]], now=NOW + timedelta(days=9))
    for key in (1, 2):
        again = write_corroboration(document, folder, "ar")
        assert not again.is_new
        countersign(again, [file_key(key)], (), None, None, NOW)
    trust = tmp_path / "trust"
    trust.mkdir()
    text = file_key(1).public_key.text
    (trust / "allowed_signers").write_text(f'anna namespaces="archive-bag,{NAMESPACE}" {text}\n')
    found = check_corroboration(bags["mine"], folder, trust, NOW)
    assert found.findings == ()
    name_of = {one.bag_key: one.name for one in _keys(found.document)}
    assert {(one.key, one.names, one.observers) for one in found.signatures} == {
        (file_key(1).public_key.fingerprint, ("anna",), (name_of[file_key(1).public_key.fingerprint],)),
        (file_key(2).public_key.fingerprint, (), (name_of[file_key(2).public_key.fingerprint],)),
    }
    (trust / "allowed_signers").write_text(f'anna namespaces="archive-bag" {text}\n')
    found = check_corroboration(bags["mine"], folder, trust, NOW)
    assert {one.key: (one.names, one.known_for_others) for one in found.signatures} == {
        file_key(1).public_key.fingerprint: ((), ("anna",)),
        file_key(2).public_key.fingerprint: ((), ()),
    }


class _Key:
    def __init__(self, name: str, bag_key: str) -> None:
        self.name, self.bag_key = name, bag_key


def _keys(document: object) -> list[_Key]:
    return [_Key(one.name, one.keys[0]) for one in document.observers]  # type: ignore[attr-defined]


def test_ssh_keygen_checks_a_countersignature(bags: dict[str, Path], folder: Path, tmp_path: Path) -> None:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    written = write_corroboration(corroborate([bags["mine"], bags["theirs"]], now=NOW), folder, "en")
    countersign(written, [file_key(1)], (), None, None, NOW)
    (signature,) = folder.glob("*.sig")
    signers = tmp_path / "signers"
    signers.write_text(f"anna {file_key(1).public_key.text}\n")
    words = ["ssh-keygen", "-Y", "verify", "-f", signers, "-I", "anna", "-n", NAMESPACE, "-s", signature]
    with (folder / FILE).open("rb") as stream:
        assert subprocess.run(words, stdin=stream, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("is_there", [False, True], ids=["new", "an empty folder"])
def test_a_full_disk_leaves_nothing_that_a_second_run_takes_for_another_result(
    bags: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    document, folder = corroborate([bags["mine"], bags["theirs"]], now=NOW), tmp_path / "made/c"
    if is_there:
        folder.mkdir(parents=True)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched, pytest.raises(OSError, match="No space"):
        patched.setattr(countersign_module, "to_json", full)
        write_corroboration(document, folder, "en")
    assert list(folder.parent.glob("*/*")) == list(folder.parent.glob(".*")) == []
    assert write_corroboration(document, folder, "en").is_new
    assert {one.name for one in folder.iterdir()} == {FILE, PAGE}
    assert codes(bags["mine"], folder) == []


def test_another_result_is_not_written_over(bags: dict[str, Path], folder: Path) -> None:
    other = corroborate([bags["mine"], bags["forged"]], now=NOW)
    with pytest.raises(AlreadyThere, match="states something else"):
        write_corroboration(other, folder, "en")
    with pytest.raises(AlreadyThere, match="something else is there"):
        write_corroboration(other, bags["mine"], "en")
    with pytest.raises(UsageProblem, match="it needs --key"):
        countersign(
            write_corroboration(corroborate([bags["mine"], bags["theirs"]], now=NOW), folder, "en"),
            [],
            ("freetsa",),
            None,
            None,
            NOW,
        )


def _forge(folder: Path, **changes: object) -> None:
    document = read_folder(folder)
    ours = [replace(one, **changes) for one in document.sources[0].sightings]  # type: ignore[arg-type]
    sources = (replace(document.sources[0], sightings=tuple(ours)), *document.sources[1:])
    forged = replace(document, sources=sources)
    (folder / FILE).write_text(to_json(forged))
    (folder / PAGE).write_text(render_corroboration(forged))


@pytest.mark.parametrize(
    "forge", [lambda page: page.replace("same bytes", "contradicts"), lambda page: f"{page}<script>x()</script>"]
)
def test_a_page_that_states_something_else_than_the_document_is_found(
    bags: dict[str, Path], folder: Path, forge: Callable[[str], str]
) -> None:
    written = write_corroboration(corroborate([bags["mine"], bags["theirs"]], now=NOW), folder, "en")
    countersign(written, [file_key(1)], (), None, None, NOW)
    page = (folder / PAGE).read_text()
    assert forge(page) != page
    (folder / PAGE).write_text(forge(page))
    assert codes(bags["mine"], folder) == [("corroboration-page", None)]
    (folder / PAGE).unlink()
    assert codes(bags["mine"], folder) == []


@pytest.mark.parametrize("name", ["more.html", "INDEX.HTM", "more.svg", "sources/0001.html", "a/b/index.html"])
def test_a_page_that_the_document_does_not_give_is_found(bags: dict[str, Path], folder: Path, name: str) -> None:
    write_corroboration(corroborate([bags["mine"], bags["theirs"]], now=NOW), folder, "en")
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("<p>nobody saw it</p>")
    found = check_corroboration(bags["mine"], folder, None, NOW).findings
    assert [(one.code, str(one.path)) for one in found] == [("corroboration-page", f"{folder.name}/{name}")]


def test_a_page_in_any_language_is_what_the_document_states(bags: dict[str, Path], tmp_path: Path) -> None:
    for language in languages():
        written = write_corroboration(
            corroborate([bags["mine"], bags["theirs"]], now=NOW), tmp_path / language, language
        )
        assert codes(bags["mine"], written.folder) == []


@pytest.mark.parametrize(
    "change", [{"payload_sha256": "00" * 32}, {"text_sha256": "00" * 32}, {"status": "gone"}, {"title": "Other"}]
)
def test_what_a_corroboration_states_of_a_bag_is_derived_again(
    bags: dict[str, Path], folder: Path, change: dict[str, str]
) -> None:
    _forge(folder, **change)
    assert [code for code, _ in codes(bags["mine"], folder)] == ["corroboration-differs"]


def test_a_signature_over_other_bytes_is_bad(bags: dict[str, Path], folder: Path) -> None:
    written = write_corroboration(corroborate([bags["mine"], bags["theirs"]], now=NOW), folder, "en")
    countersign(written, [file_key(1)], (), None, None, NOW)
    _forge(folder, title="Other")
    assert {code for code, _ in codes(bags["mine"], folder)} == {"corroboration-signature-bad", "corroboration-differs"}


def test_what_an_altered_corroboration_says_is_not_shown_and_the_bag_is_not_blamed(
    bags: dict[str, Path], folder: Path
) -> None:
    written = write_corroboration(corroborate([bags["mine"], bags["theirs"]], now=NOW), folder, "en")
    countersign(written, [file_key(1), file_key(2)], (), None, None, NOW)
    order = ["verify", str(bags["mine"]), "--corroboration", str(folder)]
    before = invoke(*order).stdout.splitlines()
    assert [line for line in before if line.startswith("s01  Corroborated")]
    _forge(folder, title="Other")
    done = invoke(*order)
    lines = done.stdout.splitlines()
    assert (done.exit_code, lines[0]) == (1, before[0])
    assert [line for line in lines if line.startswith("s0")] == []
    assert any(line.startswith("corroboration: signatures that are not valid: 2, and no valid one") for line in lines)
    assert any(line.startswith("CORROBORATION: NOT TO BE RELIED ON. ") for line in lines)
    answer = json.loads(invoke(*order, "--json").stdout)
    assert (answer["outcome"], answer["corroboration"]["vouched_for"]) == ("intact-with-warnings", False)


@pytest.mark.parametrize(
    "forge",
    [
        lambda one: replace(one, state=SourceState.CONTRADICTED),
        lambda one: replace(one, independent=1),
        lambda one: replace(one, seen=3),
        lambda one: replace(one, pairs=tuple(replace(pair, status=PairStatus.CONTRADICTS) for pair in one.pairs)),
    ],
)
def test_a_state_that_does_not_follow_from_the_observers_is_found(
    bags: dict[str, Path], folder: Path, forge: Callable[[CorroboratedSource], CorroboratedSource]
) -> None:
    document = read_folder(folder)
    forged = replace(document, sources=(forge(document.sources[0]), *document.sources[1:]))
    (folder / FILE).write_text(to_json(forged))
    (folder / PAGE).write_text(render_corroboration(forged))
    found = check_corroboration(bags["mine"], folder, None, NOW)
    assert [one.code for one in found.findings if one.severity == "error"] == ["corroboration-inconsistent"]
    assert not found.is_vouched_for


def test_a_document_that_is_edited_is_unreadable(bags: dict[str, Path], folder: Path) -> None:
    path = folder / FILE
    path.write_text(path.read_text().replace('"o1"', '"o1" '))
    assert codes(bags["mine"], folder) == [("corroboration-unreadable", None)]
    with pytest.raises(StatementError, match="not in its one spelling"):
        from_json(path.read_bytes())


def test_what_others_contradict_is_a_warning_of_verify(bags: dict[str, Path], tmp_path: Path) -> None:
    document = corroborate(list(bags.values()), now=NOW)
    written = write_corroboration(document, tmp_path / "c", "en")
    for bag in bags.values():
        found = check_corroboration(bag, written.folder, None, NOW)
        assert [(one.code, str(one.severity), one.source) for one in found.findings] == [
            ("corroboration-contradicted", "warning", "s01")
        ]
    assert {pair.status for pair in document.sources[0].pairs} == {PairStatus.CONTRADICTS, PairStatus.SAME_BYTES}


def test_the_commands_of_the_readme_do_what_they_say(
    bags: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text()
    (line,) = re.findall(r"`archive (corroborate mine/.*?)`", readme)
    for name in ("mine", "theirs"):
        shutil.copytree(bags[name].parent, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    done = invoke(*line.split())
    assert done.exit_code == 0, done.output
    assert "2 sources were seen alike in bags that at least two different keys signed." in done.stdout
    assert (tmp_path / "R210517.corroboration/index.html").is_file()


def test_the_command_line_reports_contradictions_and_writes_the_page(bags: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = invoke("corroborate", *map(str, bags.values()), "-o", str(out))
    assert done.exit_code == 1
    assert "1 source is contradicted: observers saw different things." in done.stdout
    assert "o1, o2, o3: connections were led to other addresses than the names lead to" in done.stdout.splitlines()
    page = (out / "index.html").read_text()
    assert "<script" not in page
    first = page[: page.index('<h2 id="en-observers"')]
    assert "0 sources rest on one observer." in first
    assert "1 source is contradicted" in first and "http://daily.example/story" in first
    assert "a gas leak killed 37 people" in page and "shells killed 37 people" in page
    for language in ("Observateurs", "مراقب", "observadores"):
        assert language.lower() in page.lower()
    as_json = invoke("corroborate", *map(str, bags.values()), "--json")
    assert json.loads(as_json.stdout)["schema"] == "archive.corroboration/1"
    assert str(tmp_path) not in (out / FILE).read_text()
    checked = invoke("verify", str(bags["mine"]), "--corroboration", str(out), "--json")
    assert checked.exit_code == 0
    assert json.loads(checked.stdout)["corroboration"]["sources"][0]["state"] == "contradicted"
    observed = invoke("verify", str(bags["mine"]), "--corroboration", str(out))
    assert "corroboration: nobody signed it" in observed.stdout
    assert invoke("corroborate", str(bags["mine"])).exit_code == 2


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["-o", "{bag}/data/c"], 2, "inside the bag {bag}"),
        (["-o", "{bag}"], 2, "something else is there already"),
        (["-o", "{new}", "--tsa", "freetsa"], 2, "--tsa stamps a signature, so it needs --key"),
        (["-o", "{new}", "--key", "{new}.key"], 2, "no such key file"),
        (["--key", "{new}.key"], 2, "give -o DIR"),
    ],
)
def test_what_cannot_be_written_is_said_before_a_bag_is_read(
    bags: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    code: int,
    said: str,
) -> None:
    places = {"bag": bags["mine"], "new": tmp_path / "new"}

    def read_none(*_: object, **__: object) -> None:
        raise AssertionError("a bag was read")

    monkeypatch.setattr("archive.corroborate.corroborate.corroborate", read_none)
    done = invoke("corroborate", str(bags["mine"]), str(bags["theirs"]), *(one.format(**places) for one in options))
    assert done.exit_code == code and said.format(**places) in done.stderr, done.output
    assert verify(bags["mine"], now=NOW).errors == 0 and list(tmp_path.iterdir()) == []


def test_a_place_where_nothing_may_be_written_is_named_before_a_bag_is_read(
    bags: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_none(*_: object, **__: object) -> None:
        raise AssertionError("a bag was read")

    monkeypatch.setattr("archive.corroborate.corroborate.corroborate", read_none)
    monkeypatch.setattr(countersign_module.os, "access", lambda place, _: Path(place) != tmp_path)
    done = invoke("corroborate", bags["mine"], bags["theirs"], "-o", tmp_path / "new/c")
    assert (done.exit_code, list(tmp_path.iterdir())) == (3, [])
    assert str(tmp_path) in done.stderr


def test_the_next_steps_of_the_command_line_can_be_pasted(
    bags: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_new_key(tmp_path / "KEY", None)
    done = invoke("corroborate", *map(str, bags.values()), "-o", "a folder.corroboration")
    (line,) = [one for one in done.stderr.splitlines() if one.startswith("Next: ")]
    commands = re.findall(r"archive ([^;]+)", line)
    assert [one.split()[0] for one in commands] == ["verify", "corroborate"]
    codes_of = [invoke(*shlex.split(one)).exit_code for one in commands]
    assert codes_of == [0, 1]  # the story is contradicted
    assert len(list((tmp_path / "a folder.corroboration").glob("*.sig"))) == 1


def test_a_bag_that_may_not_be_read_does_not_count_and_stops_no_other(
    bags: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, **options: Any) -> Verification:
        if path == bags["theirs"]:
            raise PermissionError(errno.EACCES, "Permission denied", str(path / "bagit.txt"))
        return verify(path, **options)

    monkeypatch.setattr("archive.corroborate.observer.verify", refuse)
    found = corroborate(list(bags.values()), now=NOW)
    assert [(one.reason, one.detail) for one in found.refused] == [("unreadable", "Permission denied")]
    assert len(found.observers) == 2


def test_pairs_of_which_the_same_is_known_are_one_line(bags: dict[str, Path]) -> None:
    done = invoke("corroborate", *map(str, bags.values()))
    assert [line for line in done.stdout.splitlines() if line.startswith("o1 – o2")] == [
        "o1 – o2 – o3: Different keys (whether they are two people is not known)"
    ]
    story, plain = (at for at, line in enumerate(done.stdout.splitlines()) if "  http://daily.example/" in line)
    assert plain - story == 3 and len(done.stdout.splitlines()) == plain + 2


def test_a_path_that_does_not_exist_is_wrong_usage_and_nothing_is_signed(bags: dict[str, Path], tmp_path: Path) -> None:
    out, key = tmp_path / "out", tmp_path / "key"
    write_new_key(key, None)
    done = invoke("corroborate", bags["mine"], bags["theirs"], tmp_path / "typo", "-o", out, "--key", key)
    assert (done.exit_code, out.exists()) == (2, False)
    assert "typo: no such file" in done.stderr


def test_other_observers_are_printed_by_what_they_are_to_the_source(bags: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_corroboration(corroborate(list(bags.values()), now=NOW), out, "en")
    found = check_corroboration(bags["mine"], out, None, NOW)
    others = ", ".join(name for name, _, _ in found.sources[1].others)
    done = invoke("verify", bags["mine"], "--corroboration", out)
    (line,) = (one for one in done.stdout.splitlines() if one.startswith("s02"))
    assert line == f"s02  Corroborated  {others}: same bytes (Different keys)  http://daily.example/plain"
    assert found.document is not None
    for one in found.document.observers:
        bag = "this bag" if one.name == found.observer else "R210517"
        assert f"{one.name}: {bag}, {one.tagmanifest} ({one.keys[0]})" in done.stdout.splitlines()


def test_keys_are_compared_with_a_seal_that_lies_elsewhere(
    bags: dict[str, Path], folder: Path, tmp_path: Path
) -> None:
    bag = shutil.copytree(bags["mine"], tmp_path / "R210517")
    seal = shutil.copytree(seal_folder.seal_folder(bags["mine"]), tmp_path / "elsewhere")
    document = read_folder(folder)
    own = check_corroboration(bag, folder, None, NOW, seal).observer
    assert check_corroboration(bag, folder, None, NOW, seal).findings == ()
    observers = tuple(
        replace(one, keys=("SHA256:other",)) if one.name == own else one for one in document.observers
    )
    (folder / FILE).write_text(to_json(replace(document, observers=observers)))
    (folder / PAGE).unlink()
    assert "corroboration-differs" not in [code for code, _ in codes(bag, folder)]
    done = invoke("verify", bag, "--corroboration", folder, "--seal", seal, "--json")
    assert "corroboration-differs" in [one["code"] for one in json.loads(done.stdout)["findings"]]


def test_a_key_that_is_left_out_and_signed_another_bag_too_is_found(
    bags: dict[str, Path], folder: Path, tmp_path: Path
) -> None:
    """With it two bags are one observer; a key that no other bag has may have signed since."""
    document = read_folder(folder)
    own = check_corroboration(bags["mine"], folder, None, NOW).observer
    bag = shutil.copytree(bags["mine"].parent, tmp_path / "mine") / "R210517"
    for key, found in ((4, []), (2, ["corroboration-differs"])):
        sign(bag, key)
        assert codes(bag, folder) == [(code, None) for code in found]
    both = {"keys": tuple(sorted(file_key(key).public_key.fingerprint for key in (1, 2, 4)))}
    observers = tuple(replace(one, **both) if one.name == own else one for one in document.observers)
    (folder / FILE).write_text(to_json(replace(document, observers=observers)))
    (folder / PAGE).unlink()
    assert "corroboration-differs" not in [code for code, _ in codes(bag, folder)]


def test_a_signature_under_the_name_that_ssh_keygen_chooses_is_named(bags: dict[str, Path], folder: Path) -> None:
    written = write_corroboration(corroborate([bags["mine"], bags["theirs"]], now=NOW), folder, "en")
    countersign(written, [file_key(1)], (), None, None, NOW)
    (signature,) = folder.glob("SHA256-*.sig")
    signature.rename(folder / f"{FILE}.sig")
    (found,) = check_corroboration(bags["mine"], folder, None, NOW).findings
    assert (found.code, found.expected) == ("corroboration-signature-name", signature.name)


def test_the_court_draft_states_in_one_sentence_what_others_saw(bags: dict[str, Path], tmp_path: Path) -> None:
    bag = shutil.copytree(bags["mine"], tmp_path / "R210517")
    written = write_corroboration(corroborate(list(bags.values()), now=NOW), tmp_path / "R210517.corroboration", "en")
    countersign(written, [file_key(1), file_key(2)], (), None, None, NOW)
    draft = _draft(bag)
    signed = "The document that says so is signed by 2 of its 3 observers."
    assert (
        f"Observers contradict each other about this source; the corroboration shows what each of them saw. {signed}"
        in draft
    )
    assert (
        f"3 observers with different keys captured this source and saw the same, but for what changes with every visit. {signed}"
        in draft
    )
    digest = hashlib.sha256((written.folder / FILE).read_bytes()).hexdigest()
    cited = f"the folder R210517.corroboration, which the package does not contain: hand it over beside the package; SHA-256 of its {FILE}: {digest}"
    assert cited in draft
    _forge(written.folder, title="Other")  # a document that the bag contradicts says nothing
    draft = _draft(bag)
    assert draft.count("No corroboration of this source by other observers was given.") == 2
    assert "absent: no corroboration beside the bag that agrees with it" in draft
    assert "hand it over" not in draft


def _draft(bag: Path) -> str:
    from archive.bag.open import open_bag
    from archive.handover.court_drafts import court_drafts
    from archive.handover.pack_order import look

    with open_bag(bag) as opened:
        source = look(opened, None)
        return court_drafts(source, source.log, "2026-11-29T10:00:00Z", has_annex=False)


def test_whoever_shows_a_bag_reads_what_lies_beside_it(bags: dict[str, Path], tmp_path: Path) -> None:
    bag = shutil.copytree(bags["mine"], tmp_path / "R210517")
    assert find_corroboration(bag) is None
    write_corroboration(corroborate(list(bags.values()), now=NOW), tmp_path / "R210517.corroboration", "en")
    found = standings_beside(bag, str(verify(bag).tagmanifest))
    assert {source: one.state for source, one in found.items()} == {"s01": "contradicted", "s02": "corroborated"}
    assert found["s02"].sentence().startswith("3 observers with different keys captured this source")
    assert {found["s01"].sentence(code) for code in ("en", "ar", "fr", "es")} & {NO_STANDING.sentence()} == set()
    assert standings_beside(bag, "sha256:" + "00" * 32) == {}


def test_a_countersignature_is_timestamped_and_dated_by_a_trusted_authority(
    bags: dict[str, Path], tmp_path: Path
) -> None:
    chain = make_chain("ec", "Loopback Time")
    key = write_new_key(tmp_path / "key", None)
    trust = tmp_path / "trust"
    (trust / "tsa").mkdir(parents=True)
    (trust / "tsa/root.pem").write_bytes(chain.root_pem)
    (trust / "allowed_signers").write_text(f'berta namespaces="{NAMESPACE}" {key.text}\n')
    out = tmp_path / "out"
    with serve(by_hand(chain)) as authority:
        port = authority.url.split(":")[2].split("/")[0]
        words = [
            "--tsa",
            "http://time.example/tsa",
            "--connect-to",
            f"time.example:80:127.0.0.1:{port}",
            "--key",
            tmp_path / "key",
        ]
        done = invoke("corroborate", bags["mine"], bags["theirs"], "-o", out, *words)
        assert done.exit_code == 0, done.output
        again = invoke("corroborate", bags["theirs"], bags["mine"], "-o", out, "--key", tmp_path / "key")
        assert again.exit_code == 0, again.output
    assert "states the same; nothing was written over" in again.stdout
    (one,) = check_corroboration(bags["mine"], out, trust, NOW).signatures
    assert (one.names, one.observers, one.signed_not_later_than) == (("berta",), (), "2026-11-22T10:00:01Z")
    checked = invoke("verify", bags["mine"], "--corroboration", out, "--trust", trust)
    assert "berta" in checked.stdout
    assert "not later than: 2026-11-22T10:00:01Z" in checked.stdout
    (trust / "tsa/root.pem").unlink()
    checked = invoke("verify", bags["mine"], "--corroboration", out, "--trust", trust)
    assert "its timestamp is by an authority that is not in your trust folder" in checked.stdout
    (reply,) = out.glob("*.tsr")
    reply.write_bytes(reply.read_bytes()[:200])
    (bad,) = check_corroboration(bags["mine"], out, trust, NOW).findings
    assert (bad.code, str(bad.path)) == ("corroboration-stamp-bad", f"out/{reply.name}")


def test_the_round_and_the_timestamps_of_a_run_are_conditions_of_an_observer(tmp_path: Path) -> None:
    chain = make_chain("ec", "Loopback Time")
    trust = tmp_path / "trust"
    (trust / "tsa").mkdir(parents=True)
    (trust / "tsa/root.pem").write_bytes(chain.root_pem)
    report = make_report(tmp_path / "report", ("plain",))
    with serve(lambda query: make_reply(query, chain, Way(time=datetime.now(UTC)))) as authority:
        port = authority.url.split(":")[2].split("/")[0]
        more = {"round": "beacon 7", "authorities": ("http://time.example/tsa",)}
        bracketed = observe(report, tmp_path / "a" / "R1", key=1, route=f"time.example:80:127.0.0.1:{port}", **more)
    plain = observe(report, tmp_path / "b" / "R1", key=2)
    found = corroborate([bracketed, plain], trust=trust, now=NOW)
    assert found.refused == ()
    assert {
        one.round: (one.conditions, bool(one.not_earlier_than and one.not_later_than)) for one in found.observers
    } == {
        "beacon 7": (("connect-to", "added-ca"), True),
        None: (("connect-to", "added-ca", "no-bracket", "no-round"), False),
    }
    untrusted = corroborate([bracketed, plain], now=NOW)
    assert {one.conditions for one in untrusted.observers if one.round} == {
        ("connect-to", "added-ca", "bracket-not-trusted")
    }


@pytest.mark.parametrize("authorities", [(), ("Time Ltd",)])
def test_the_times_of_a_run_that_a_document_states_are_those_of_the_bag(
    bags: dict[str, Path], folder: Path, authorities: tuple[str, ...]
) -> None:
    document = read_folder(folder)
    own = check_corroboration(bags["mine"], folder, None, NOW).observer
    stated: dict[str, Any] = {"not_earlier_than": "2020-01-01T00:00:00Z", "not_later_than": "2020-01-02T00:00:00Z"}
    observers = []
    for one in document.observers:
        conditions = tuple(code for code in one.conditions if not authorities or code != "no-bracket")
        forged = replace(one, authorities=authorities, conditions=conditions, **stated)
        observers.append(forged if one.name == own else one)
    (folder / FILE).write_text(to_json(replace(document, observers=tuple(observers))))
    (folder / PAGE).unlink()
    assert "corroboration-differs" in [code for code, _ in codes(bags["mine"], folder)]

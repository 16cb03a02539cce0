"""Whoever reads only the last line of a command knows what to do next: it names commands that are there."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.words import languages
from archive_cli.main import COMMANDS, main
from tests.world import World

CITED = ("https://sn4hr.org/?p=55768", "https://www.coe.int/en/web/portal/-/nothing-here")
SWITCHES = ("--demonstration", "--delay", "0", "--no-memento", "--no-media")


def run(*arguments: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments], env=environment, prog_name="archive")


def next_step(done: Result) -> str:
    """The step that the last line names; there is no other such line."""
    lines = done.stderr.splitlines()
    assert [line for line in lines if line.startswith("Next: ")] == lines[-1:], done.output
    step = lines[-1].removeprefix("Next: ")
    assert set(re.findall(r"archive ([a-z-]+)", step)) <= {*COMMANDS}
    return step


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a report, its bag `B`, which has a gap, and a key."""
    folder = tmp_path_factory.mktemp("steps")
    (folder / "R1.txt").write_text(f"As seen on {CITED[0]} and on {CITED[1]} .\n")
    with World() as world:
        switches = [*SWITCHES, *world.cli_args]
        done = run("fetch", folder / "R1.txt", "-o", folder / "B", *switches)
        assert next_step(done) == f"archive view {folder}/B; for what is missing: archive help gap; then: archive sign {folder}/B --key KEY"
    assert run("keygen", "-o", folder / "key", "--no-passphrase").exit_code == 0
    return folder


@pytest.fixture(autouse=True)
def here(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(place)
    before = set(place.iterdir())
    yield
    for made in set(place.iterdir()) - before:
        shutil.rmtree(made) if made.is_dir() else made.unlink()


def test_reading_a_report_leads_to_its_sources_and_these_to_a_plan() -> None:
    assert next_step(run("cite", "R1.txt")).startswith("archive cite R1.txt -o sources.toml writes this")
    assert next_step(run("cite", "R1.txt", "-o", "s.toml")).endswith("archive fetch s.toml --plan")
    assert next_step(run("fetch", "s.toml", "--plan")).startswith("the same command without --plan; `archive help safety`")


def test_a_plan_of_a_second_bag_has_only_what_the_first_lacks_and_needs_a_first() -> None:
    again = ("fetch", "R1.txt", "--again", "--plan")
    assert re.findall(r"^  (\S+)", run(*again, "-o", "B").stdout, re.MULTILINE) == ["www.coe.int"]
    assert re.findall(r"^  (\S+)", run(*again, "-o", "B", "--all").stdout, re.MULTILINE) == ["sn4hr.org", "www.coe.int"]
    for words in (again, ("fetch", "R1.txt", "--again")):
        done = run(*words, "-o", "nothere")
        assert (done.exit_code, done.stdout) == (3, "")
        assert done.stderr.endswith("nothere: no such bag, so nothing to follow; name it with -o, or leave --again out\n")
    assert not Path("nothere.part").exists()


def test_a_bag_leads_to_its_page_its_seal_and_its_check() -> None:
    assert next_step(run("show", "B")) == "archive view B; archive verify B"
    assert next_step(run("view", "B", "--no-open")) == "open this file in any browser; it needs no network"
    assert next_step(run("verify", "B")) == "archive sign B --key KEY"
    shutil.copytree("B", "C/B")
    assert next_step(run("sign", "C/B", "--key", "key")) == "archive verify C/B --trust FOLDER; see `archive help trust`"
    assert next_step(run("verify", "C/B")) == "archive verify C/B --trust FOLDER; archive help trust"
    Path("trust").mkdir()
    assert run("keygen", "-o", "other", "--no-passphrase").exit_code == 0
    key = " ".join(Path("other.pub").read_text().split()[:2])
    Path("trust/allowed_signers").write_text(f'other namespaces="archive-bag" {key}\n')
    assert next_step(run("verify", "C/B", "--trust", "trust")).startswith("find out whose key")


def test_a_package_leads_to_the_partner_and_back() -> None:
    assert next_step(run("pack", "B", "-o", "out")).endswith("they run: archive receive out/B.tar")
    received = run("receive", "out/B.tar", "--into", "in")
    assert next_step(received).startswith("send the receipt back to the person who sent the bag (in/B.seal/receipts/")
    assert next_step(run("pack", "B", "-o", "w", "--as", "wacz")).endswith("archive verify w/B.wacz")


def test_two_bags_lead_to_what_differs_or_to_their_pages() -> None:
    shutil.copytree("B", "C/B")
    assert next_step(run("compare", "B", "C/B")) == "archive view B; archive view C/B"
    assert next_step(run("compare", "B", "C/B", "--no-check")) == "archive verify B; archive verify C/B"
    with Path("C/B/data/report/text.txt").open("ab") as file:
        file.write(b"!")
    assert next_step(run("compare", "B", "C/B")) == "archive verify C/B"
    done = run("corroborate", "B", "C/B", "-o", "corroboration")
    assert next_step(done).startswith("open corroboration/index.html")
    shutil.copytree("C/B", "altered")
    refused = run("corroborate", "B", "altered").stderr.splitlines()[0]
    assert refused.startswith("archive: altered does not verify (")


def test_two_observers_that_are_one_are_named_with_the_reason() -> None:
    shutil.copytree("B", "C/B")
    assert run("attest", "C/B", "s01", "--note", "seen").exit_code == 0
    done = run("attest", "C/B", "s01", "--note", "seen again")
    said = "archive: warning: B-3 follows B, and not B-2: what was added there is not in B-3"
    assert done.stderr.splitlines().count(said) == 1
    assert "follows" not in run("attest", "C/B-3", "s01", "--note", "once more").stderr
    done = run("corroborate", "B", "C/B-2")
    assert re.search(r"^o1 – o2: Not independent: one observer \(.*one copied from the other.*\)$", done.stdout, re.MULTILINE)


def test_two_packages_of_one_name_are_named_as_they_were_typed() -> None:
    shutil.copytree("B", "C/B")
    assert run("attest", "C/B", "s01", "--note", "seen").exit_code == 0
    for folder, bag in (("mine", "B"), ("theirs", "C/B-2")):
        shutil.copytree(bag, f"{folder}/B")
        shutil.make_archive(f"{folder}/B", "tar", folder, "B")
    done = run("corroborate", "mine/B.tar", "theirs/B.tar")
    named = re.findall(r"^o\d: (\S+) \(", done.stdout, re.MULTILINE)
    assert sorted(named) == ["mine/B.tar", "theirs/B.tar"]


def test_copies_of_one_name_and_one_fingerprint_are_not_taken_for_each_other() -> None:
    for folder in ("mine", "theirs", "altered"):
        shutil.copytree("B", f"{folder}/B")
    with Path("altered/B/data/report/text.txt").open("ab") as file:
        file.write(b"!")
    done = run("corroborate", "altered/B", "mine/B", "theirs/B")
    assert re.findall(r"^o\d: (\S+) \(", done.stdout, re.MULTILINE) == ["mine/B"]
    assert [line.split()[1] for line in done.stderr.splitlines()[:2]] == ["altered/B", "theirs/B"]


def test_an_annotated_report_leads_to_its_comparison() -> None:
    done = run("annotate", "B", "-o", "A")
    assert next_step(done).endswith("archive annotate --check A/R1.annotated.txt B")
    assert run("annotate", "--check", "A/R1.annotated.txt", "B").exit_code == 0
    assert next_step(run("annotate", "B", "--site", "site")).startswith("open site/index.html")


def test_a_copy_of_a_bag_that_nobody_signed_is_not_to_be_signed_itself() -> None:
    done = run("disclose", "B", "--withhold", "s02", "--because", "safety", "--accept-names", "-o", "copy")
    assert "copy: 1 source disclosed, 1 withheld" in done.stdout
    assert next_step(done).endswith("make the copy again: archive sign B --key KEY")
    assert "archive sign copy" not in run("verify", "copy").stderr
    assert next_step(run("verify", "copy")).startswith("only the seal of the bag that this copy was made from")
    shutil.copytree("B", "C/B")
    assert run("sign", "C/B", "--key", "key").exit_code == 0
    sealed = run("disclose", "C/B", "--withhold", "s02", "--because", "safety", "--accept-names", "-o", "sealed")
    assert next_step(sealed) == "archive verify sealed --trust FOLDER; archive pack sealed"
    assert run("pack", "sealed", "-o", "out").exit_code == 0
    assert "custody" not in run("verify", "sealed", "--json").stdout.partition('"findings"')[2]


def test_recordings_that_cover_nothing_of_a_source_are_named_before_the_next_step() -> None:
    recording = next(path for path in Path("B/data/archive").iterdir() if path.name.startswith("s01"))
    shutil.copy(recording, "visit.warc.gz")
    done = run("import", "visit.warc.gz", "--report", "R1.txt", "-o", "I")
    assert next_step(done).startswith("archive view I; for what is missing")
    assert "no recording contains s02\n" in done.stderr
    assert "archive import" in run("help", "skipped").stdout


@pytest.mark.parametrize("code", [code for code in languages() if code != "en"])
def test_errors_and_comparisons_are_in_the_language_of_the_output(code: str) -> None:
    shutil.copytree("B", "C/B")
    Path("bad.toml").write_text("x = = 1\n")
    for words in (["compare", "B", "C/B"], ["keygen", "-o", "k"], ["sign", "B", "--tsa", "nobody"], ["fetch", "bad.toml"]):
        spoken = run(*words, ARCHIVE_LANGUAGE=code).output
        for english in ("same", "no terminal", "no authority", "expected a source manifest"):
            assert english not in spoken.replace("Same", ""), words


def test_an_unknown_language_is_said_once_and_the_output_is_english() -> None:
    done = run("show", "B", ARCHIVE_LANGUAGE="tlh_KX.UTF-8")
    said = "archive: ARCHIVE_LANGUAGE=tlh_KX.UTF-8: no such language; there are en, ar, es, fr. The output is in English."
    assert done.stderr.splitlines().count(said) == 1
    assert "B: a finished bag." in done.stdout
    for code in ("en_US.UTF-8", "C", "ar_SY.UTF-8", "FR"):
        assert "no such language" not in run("show", "B", ARCHIVE_LANGUAGE=code).stderr


@pytest.mark.parametrize("part", ["data", "data/archive", "data/provenance"])
def test_a_part_of_a_bag_leads_to_the_bag(place: Path, part: str) -> None:
    done = run("verify", f"B/{part}")
    assert (done.exit_code, next_step(done)) == (1, "archive verify B")
    name = part.rpartition("/")[2]
    assert done.stdout.startswith(f"{name}: NOT A BAG but a folder inside one. Give the bag, {place}/B.")
    for command in (("show",), ("view",), ("pack",), ("sign", "--key", "key"), ("compare", "B"), ("annotate", "-o", "out")):
        done = run(*command, f"B/{part}")
        said = f"archive: B/{part}: a part of a bag, and no bag itself; give the bag: {place}/B\n"
        assert (done.exit_code, done.stderr) == (3, said), command


@pytest.mark.parametrize("part", ["bagit.txt", "data/sources.json", "data/index.html", "manifest-sha256.txt"])
def test_a_file_of_a_bag_leads_to_the_bag(place: Path, part: str) -> None:
    said = f"archive: B/{part}: a part of a bag, and no bag itself; give the bag: {place}/B\n"
    for command in ("verify", "show"):
        done = run(command, f"B/{part}")
        assert (done.exit_code, done.stderr) == (3, said)


def test_a_recording_in_a_bag_is_verified_by_itself_and_a_bag_in_a_bag_is_one(place: Path) -> None:
    assert run("verify", "B/data/archive/s01.warc.gz").exit_code == 0
    assert next_step(run("verify", "B/data")) == "archive verify B"
    shutil.copytree("B", "outer/data/B")
    Path("outer/bagit.txt").write_text("BagIt-Version: 1.0\n")
    assert run("verify", "outer/data/B").exit_code == 0


def test_the_seal_of_a_bag_that_was_packaged_leads_to_the_package(place: Path) -> None:
    shutil.copytree("B", "R1")
    assert run("sign", "R1", "--key", "key").exit_code == 0
    assert run("pack", "R1", "-o", "out").exit_code == 0
    done = run("verify", "out/R1.seal.tar")
    assert (done.exit_code, next_step(done)) == (0, "archive receive out/R1.tar")
    assert "This is the seal of a bag" in done.stdout
    assert "(--expect) or a seal would show it" not in done.stdout
    folder = run("verify", "out/R1.seal")
    assert "it is the seal of a bag: `archive verify` the bag beside it" in folder.stdout

"""`archive verify` as a person and as a program use it."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.words import load
from archive_cli.main import main
from archive_cli.verify_output import print_findings, stated_and_found
from archive_cli.verify_progress import VerifyProgress
from archive_manifests import bounded_findings
from archive_manifests.finding_codes import make_finding
from archive_manifests.paths import BagPath
from tests.archive.verify.sample_bags import make_bag
from tests.archive.warc.warc_bytes import record
from tests.world.wacz_bytes import wacz_files, write_wacz

ONE, TWO = (hashlib.sha512(data).hexdigest() for data in (b"one\n", b"two\n"))


@pytest.fixture
def bag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return make_bag(tmp_path / "R1")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["verify", *arguments])


def test_a_sound_bag_gets_its_outcome_its_six_answers_and_exit_code_0(bag: Path) -> None:
    result = run("R1")
    assert result.exit_code == 0
    octets = sum(place.stat().st_size for place in bag.rglob("*") if place.is_file())
    assert result.stdout == (
        "R1: the files agree with the bag's own manifests; nothing outside the bag vouches for them. Signed: no. Timestamped: no.\n"
        "Whoever can change the bag can write other manifests. "
        "A fingerprint that you wrote down (--expect) or a seal would show it.\n"
        "structure passed · fixity passed · warc absent · coverage absent · signed: no · timestamped: no\n"
        f"0 findings in 9 files, {load().size(octets)}\n"
    )
    assert result.stderr == "Next: archive sign R1 --key KEY\n"


def test_the_outcome_comes_first_then_findings_with_what_they_mean_and_exit_code_1(bag: Path) -> None:
    (bag / "data/a.txt").write_bytes(b"two\n")
    (bag / "data/sub/b.bin").unlink()
    result = run("R1")
    assert result.exit_code == 1
    octets = sum(place.stat().st_size for place in bag.rglob("*") if place.is_file())
    assert result.stdout.splitlines() == [
        "R1: DAMAGED. The bag does not match its manifests or records (3 errors). Signed: no. Timestamped: no.",
        "oxum-differs  bag-info.txt  stated 2317.3, found 13.2",
        f"payload-altered  data/a.txt  sha512 stated {ONE[:12]}… found {TWO[:12]}…",
        "payload-missing  data/sub/b.bin  listed in manifest-sha256.txt, manifest-sha512.txt",
        "oxum-differs: the payload is not as much as Payload-Oxum says (RFC 8493 2.2.2)",
        "payload-altered: a payload file is not what its manifest states (RFC 8493 3)",
        "payload-missing: a payload file that is listed is not there (RFC 8493 3)",
        "Keep this bag as it is, and get the files that the lines above name, or the whole bag, from whoever sent it; "
        "then verify it again. This program did not make the bag.",
        "structure FAILED · fixity FAILED · warc absent · coverage absent · signed: no · timestamped: no",
        f"3 findings in 8 files, {load().size(octets)}",
    ]
    assert result.stderr == "Next: archive help payload-altered\n"


def test_the_json_answer_is_one_object_of_the_contract(bag: Path) -> None:
    (bag / "data/a.txt").write_bytes(b"two\n")
    result = run("--json", "R1")
    assert (result.exit_code, result.stdout.count("\n")) == (1, 1)
    answer = json.loads(result.stdout)
    assert {key: answer[key] for key in ("schema", "bag", "outcome", "complete", "valid", "errors", "warnings")} == {
        "schema": "archive.verify/1",
        "bag": str(bag),
        "outcome": "damaged",
        "complete": True,
        "valid": False,
        "errors": 1,
        "warnings": 0,
    }
    assert answer["answers"] == {
        "structure": {"state": "passed"},
        "fixity": {"state": "failed", "why": "1 error"},
        "warc": {"state": "absent", "why": "no WARC in the bag"},
        "coverage": {"state": "absent", "why": "no ledger in the bag"},
        "who": {"state": "absent", "why": "no seal"},
        "when": {"state": "absent", "why": "no seal"},
    }
    [finding] = answer["findings"]
    assert finding == {
        "severity": "error",
        "kind": "damage",
        "code": "payload-altered",
        "path": "data/a.txt",
        "expected": f"sha512:{ONE}",
        "found": f"sha512:{TWO}",
        "rule": "RFC 8493 3",
        "question": "fixity",
    }


def test_of_a_log_that_was_altered_as_a_whole_the_first_lines_are_shown_and_the_others_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = BagPath("data/provenance/records.jsonl")
    print_findings(tuple(make_finding("log-chain", path, line=number) for number in range(1, 42)))
    shown = [line for line in capsys.readouterr().out.splitlines() if line.startswith("log-chain  ")]
    assert len(shown) == 10
    assert shown[-1].endswith("31 more of the same are not listed")


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("record-differs", ("expected", "found")),
        ("title-contradicted", ("found", "expected")),
        ("generated-differs", ("found", "expected")),
        ("requisite-unlisted", ("found", "expected")),
    ],
)
def test_stated_is_what_the_bag_says_and_found_what_was_derived(code: str, shown: tuple[str, str]) -> None:
    assert stated_and_found(code, "expected", "found") == shown


def test_a_package_that_leads_out_of_its_folder_is_called_dangerous_first(bag: Path, tmp_path: Path) -> None:
    place = tmp_path / "R9.tar"
    with tarfile.open(place, "w") as packed:
        packed.add(bag, arcname="R9")
        link = tarfile.TarInfo("R9/data/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        packed.addfile(link)
    lines = run(str(place)).stdout.splitlines()
    assert lines[0].startswith("R9.tar: DANGEROUS. Unpacking this package with another tool may write outside")
    assert any(line.startswith("Do not unpack it with tar, unzip") for line in lines)
    assert "fixity not checked" in " ".join(lines)


def test_a_file_that_was_not_there_was_not_compared(bag: Path) -> None:
    (bag / "data/a.txt").unlink()
    answers = json.loads(run(str(bag), "--json").stdout)["answers"]
    assert (answers["structure"]["state"], answers["fixity"]["state"]) == ("failed", "not-checked")
    assert answers["fixity"]["why"] == "files that are listed or packed, and could not be compared: 1"


@pytest.mark.parametrize("name", ["R1.zip", "R1.tar", "R1.tar.gz", "R1.wacz"])
def test_a_text_that_is_named_like_a_package_is_no_damaged_package(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("hello\n")
    done = run(str(tmp_path / name))
    assert (done.exit_code, "and it is a text file, no package" in done.stderr) == (3, True)


def test_several_bags_get_one_line_each_and_the_gravest_exit_code(bag: Path) -> None:
    broken = shutil.copytree(bag, bag.parent / "R2")
    (broken / "data/a.txt").unlink()
    result = run("--json", "R1", "R2")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(line["bag"], line["valid"]) for line in lines] == [(str(bag), True), (str(broken), False)]
    assert result.exit_code == 1


def test_one_of_several_bags_that_is_not_there_does_not_hide_the_others(bag: Path) -> None:
    result = run("--json", "nowhere", "R1")
    assert [json.loads(line)["valid"] for line in result.stdout.splitlines()] == [True]
    assert (result.exit_code, result.stderr) == (3, "archive: nowhere: no such path\n")


def test_what_is_not_there_is_exit_code_3_and_one_sentence(bag: Path) -> None:
    result = run("nowhere")
    assert (result.exit_code, result.stdout, result.stderr) == (3, "", "archive: nowhere: no such path\n")


def test_a_folder_that_is_no_bag_is_an_error_finding(bag: Path) -> None:
    Path("empty").mkdir()
    result = run("--json", "empty")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert [finding["code"] for finding in answer["findings"] if finding["severity"] == "error"] == [
        "manifest-missing",
        "declaration-missing",
        "payload-folder-missing",
    ]
    assert answer["answers"]["fixity"]["state"] == "not-checked"


def test_the_expected_digest_is_compared(bag: Path) -> None:
    stated = json.loads(run("--json", "R1").stdout)["tagmanifest"]
    assert run("R1", "--expect", stated).exit_code == 0
    assert run("R1", "--expect", stated.removeprefix("sha256:")).exit_code == 0


def test_a_folder_that_is_no_bag_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("a")
    result = run(str(tmp_path / "notes"))
    assert (result.exit_code, "Keep this bag" in result.stdout) == (1, False)
    assert result.stdout.startswith("notes: NOT A BAG. There is no bagit.txt, no manifest and no data folder;")


def test_another_fingerprint_says_first_that_this_is_not_the_bag(bag: Path) -> None:
    result = run("R1", "--expect", f"sha256:{'0' * 64}")
    assert result.exit_code == 1
    first = "R1: NOT THE BAG with the fingerprint that you gave. Only that fingerprint differs: the files agree with the bag's own "
    assert result.stdout.startswith(first)
    assert "archive help not-expected" in result.stderr
    (bag / "data/a.txt").write_bytes(b"two\n")
    assert run("R1", "--expect", "0" * 64).stdout.startswith("R1: DAMAGED.")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["R1", "--expect", "sha256:abc"],
        ["R1", "--expect", f"md5:{'0' * 32}"],
        ["R1", "R1", "--expect", f"sha256:{'0' * 64}"],
        ["R1", "R1", "--seal", "R1.seal"],
        ["R1", "--require", "truth"],
        ["R1", "--jobs", "0"],
        ["R1", "--unknown"],
    ],
)
def test_wrong_usage_is_exit_code_2(bag: Path, arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_required_answer_that_is_not_passed_is_an_error(bag: Path) -> None:
    result = run("--json", "R1", "--require", "fixity,who", "--require", "coverage")
    assert result.exit_code == 1
    found = [(finding["code"], finding["question"]) for finding in json.loads(result.stdout)["findings"]]
    assert found == [("required", "coverage"), ("required", "who")]


def test_names_from_outside_can_do_nothing_to_a_terminal(bag: Path) -> None:
    for name in ("\x1b]0;owned\x07", "line\nfixity passed", "\u202egnp.exe", os.fsdecode(b"bad\xff")):
        (bag / "data" / name).write_bytes(b"")
    for arguments in (["R1"], ["--json", "R1"]):
        result = run(*arguments)
        assert result.exit_code == 1
        assert not set(result.stdout) & set("\x1b\x07\u202e\udcff")
        assert "\nfixity passed" not in result.stdout
    assert len(json.loads(result.stdout)["findings"]) > 4


def test_jobs_and_quiet_change_nothing_about_the_answer(bag: Path) -> None:
    assert run("R1", "--jobs", "2", "--quiet").stdout == run("R1").stdout


def test_progress_is_shown_on_a_terminal_alone_and_taken_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for is_terminal in (True, False):
        monkeypatch.setattr("sys.stderr.isatty", lambda shown=is_terminal: shown, raising=False)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.delenv("NO_COLOR", raising=False)
        live = VerifyProgress("R1\x1b[31m")
        live._next = 0.0
        live.file_checked("data/large", 5 << 20)
        live.close()
        said = capsys.readouterr().err
        assert said == ("\r\x1b[KR1\\x1b[31m  1 file, 5.2 MB\r\x1b[K" if is_terminal else "")


def test_the_terminal_says_what_the_answers_rest_on(tmp_path: Path) -> None:
    from archive.seal.sealing import SealOrder, seal_bag
    from archive.ssh.allowed_signers import entry_line
    from tests.world.sealed_bag import file_key, make_bag
    from tests.world.time_authority import NOW, make_chain, pem

    bag = make_bag(tmp_path / "R1")
    key = file_key(1)
    seal_bag(bag, tmp_path / "R1.seal", SealOrder((key,)), None, None, NOW)
    trust = tmp_path / "trust"
    (trust / "tsa").mkdir(parents=True)
    (trust / "allowed_signers").write_text(f"{entry_line('anna')(key.public_key)}\n")
    (trust / "tsa" / "root.crt").write_bytes(pem(make_chain().root))
    said = CliRunner().invoke(main, ["verify", str(bag), "--trust", str(trust)]).stdout
    assert "trusted: allowed_signers (signers: 1), tsa/root.crt (certificates: 1)\n" in said
    assert "custody log: 1 event, signed by anna\n" in said
    said = CliRunner().invoke(main, ["verify", str(bag)]).stdout
    assert "custody log: 1 event, not signed by a signer you trust: anybody with the folder can rewrite it\n" in said


@pytest.mark.parametrize("name", ["visit.warc", "visit.wacz"])
@pytest.mark.parametrize("word", ["DAMAGED. ", "Keep this file as it is, and get another copy of the recording."])
def test_what_is_said_of_a_damaged_recording_names_no_bag(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, word: str
) -> None:
    monkeypatch.chdir(tmp_path)
    sound = record("response", 1, b"HTTP/1.1 200 OK\r\n\r\nevidence")
    broken = sound.replace(b"evidence", b"evidencE")
    if name == "visit.warc":
        Path(name).write_bytes(broken)
    else:
        write_wacz(Path(name), {**wacz_files({"data.warc": sound}), "archive/data.warc": broken})
    lines = run(name).stdout.splitlines()
    (line,) = (line for line in lines if word in line)
    assert "bag" not in line


def test_a_sound_wacz_rests_on_its_own_description_and_names_no_bag(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_wacz(Path("visit.wacz"), wacz_files({"data.warc": record("response", 1, b"HTTP/1.1 200 OK\r\n\r\nevidence")}))
    first, second = run("visit.wacz").stdout.splitlines()[:2]
    assert first.startswith("visit.wacz: the files are as this WACZ itself describes them")
    assert "bag" not in first + second


def test_findings_that_are_not_listed_are_counted(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_findings, "MOST", 1)
    for place in sorted((bag / "data").rglob("*")):
        if place.is_file():
            place.unlink()
    lines = run("R1").stdout.splitlines()
    assert lines[0].startswith("R1: INCOMPLETE.") and "(4 errors)" in lines[0]
    (missing,) = (line for line in lines if line.startswith("payload-missing  "))
    assert missing.endswith("  2 more of the same are not listed")
    answer = json.loads(run("R1", "--json").stdout)
    assert answer["errors"] == 4
    assert [one.get("more") for one in answer["findings"] if one["code"] == "payload-missing"] == [2]


def test_a_wacz_is_led_to_what_makes_a_bag_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_wacz(Path("visit.wacz"), wacz_files({"data.warc": record("response", 1, b"HTTP/1.1 200 OK\r\n\r\nevidence")}))
    result = run("visit.wacz")
    assert result.exit_code == 0, result.output
    assert result.stderr == (
        "Next: archive import visit.wacz --report REPORT; archive supply BAG SOURCE visit.wacz --how TEXT\n"
    )


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_wacz_that_cannot_be_inflated_is_to_be_zipped_again(
    method: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile("visit.wacz", "w", method) as packed:
        packed.writestr("archive/data.warc", b"WARC/1.1")
    result = run("visit.wacz")
    assert result.exit_code == 3
    assert result.stderr.endswith("; unpack it, and in the folder that comes of it: zip -0 -r ../NEW.wacz .\n")
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("name", "found"),
    [("R1.zip", "the zip has no central directory"), ("R1.tar.gz", "the gzip data ends too early")],
)
def test_a_package_whose_list_cannot_be_read_has_this_one_finding(
    name: str, found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    start = b"PK\3\4" + bytes(60) if name.endswith("zip") else gzip.compress(bytes(4096))[:15]
    Path(name).write_bytes(start)
    result = run(name, "--json")
    answer = json.loads(result.stdout)
    assert [(one["code"], one["note"]) for one in answer["findings"]] == [("package-broken", found)]
    assert answer["answers"]["fixity"] == {"state": "not-checked", "why": "the package could not be listed"}
    said, shown = run(name).stdout, CliRunner().invoke(main, ["show", name])
    assert "This program did not make" not in said and "lines above name" not in said
    assert (shown.exit_code, found in shown.stderr, "holds no" in shown.stderr) == (3, True, False)


def test_an_empty_zip_is_one_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    zipfile.ZipFile("R1.zip", "w").close()
    answer = json.loads(run("R1.zip", "--json").stdout)
    assert [(one["code"], one["found"]) for one in answer["findings"]] == [("package-top", "no file at all")]

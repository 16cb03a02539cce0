"""`archive cite` at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive_cli.main import main
from archive_manifests.source_toml import from_toml

EXAMPLE = Path(__file__).parents[2] / "manifests" / "examples" / "R210517"
PILOT = str(EXAMPLE / "report.txt")


def test_the_pilot_gives_the_source_manifest_that_is_beside_it() -> None:
    done = CliRunner().invoke(main, ["cite", PILOT])
    assert (done.exit_code, done.stderr.splitlines()[0]) == (0, "R210517: 9 sources, 12 links, on 4 pages")
    assert done.stderr.splitlines()[1].startswith("Next: archive cite manifests/examples/R210517/report.txt -o sources.toml ")
    assert len(done.stderr.splitlines()) == 2
    assert done.stdout.encode() == (EXAMPLE / "sources.toml").read_bytes()


def test_a_file_named_report_is_not_called_report_twice(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text("See https://example.org/a\n")
    done = CliRunner().invoke(main, ["cite", str(tmp_path / "report.txt")])
    assert done.stdout.startswith("# Source manifest: what the report cites, and what is to be captured of it.\n")


def test_a_manifest_written_to_a_file_leaves_stdout_empty(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["cite", PILOT, "-o", str(tmp_path / "s.toml")])
    assert (done.exit_code, done.stdout) == (0, "")
    assert (tmp_path / "s.toml").read_bytes() == (EXAMPLE / "sources.toml").read_bytes()


def test_a_manifest_that_a_person_edited_is_never_written_over(tmp_path: Path) -> None:
    edited = tmp_path / "s.toml"
    edited.write_text("# mine")
    done = CliRunner().invoke(main, ["cite", PILOT, "-o", str(edited)])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"archive: {edited}: exists already with other content; choose another -o\n"
    assert edited.read_text() == "# mine"
    edited.write_bytes((EXAMPLE / "sources.toml").read_bytes())
    assert CliRunner().invoke(main, ["cite", PILOT, "-o", str(edited)]).exit_code == 0


def test_json_is_one_object_that_says_the_same_as_the_manifest() -> None:
    done = CliRunner().invoke(main, ["cite", "--json", PILOT])
    answer = json.loads(done.stdout)
    manifest = from_toml((EXAMPLE / "sources.toml").read_text(encoding="utf-8"))
    assert done.stdout.count("\n") == 1
    assert (answer["schema"], answer["report"]) == ("archive.cite/1", "R210517")
    assert (answer["links"], answer["pages"]) == (12, 7)
    assert [source["id"] for source in answer["sources"]] == [f"s{n:02d}" for n in range(1, 10)]
    assert [source["cited"] for source in answer["sources"]] == [source.cited for source in manifest.sources]
    assert answer["sources"][3]["citations"] == [
        {"page": 3, "line": line, "offset": offset, "length": 40, "anchor": None, "context": None, "found_by": "text"}
        for line, offset in ((180, 7890), (181, 7931))
    ]


@pytest.mark.parametrize(
    ("name", "content", "code", "reason"),
    [
        ("R1.txt", "Nothing is cited here.\n", "no-address", "there is no address in its text; is this the report?"),
        ("R1.txt", " \n\f\n", "no-text", "it contains no text"),
        ("R1.txt", "", "empty", "the file is empty"),
        ("R1.html", "<html><img src=scan.png>", "scan", "it contains pictures and no text, like a scan; run text recognition "
         "(OCR) on it, or list its addresses"),
    ],
)
def test_a_report_without_addresses_gets_a_warning_with_the_reason(
    tmp_path: Path, name: str, content: str, code: str, reason: str
) -> None:
    (tmp_path / name).write_text(content)
    done = CliRunner().invoke(main, ["cite", "--json", str(tmp_path / name)])
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    assert (answer["sources"], answer["nothing"]) == ([], code)
    assert done.stderr == f"R1: 0 sources, 0 links\narchive: warning: nothing to capture: {reason}\n"


def test_what_is_no_source_is_listed_with_its_place_and_without_the_authors_paths(tmp_path: Path) -> None:
    page = '<a href="mailto:a@x.org">a</a><a href="file:///home/me/x">c</a> https://x.org and snhr.org, 10.1000/xyz1'
    (tmp_path / "R1.html").write_text(f"<html>{page}</html>")
    done = CliRunner().invoke(main, ["cite", "--json", str(tmp_path / "R1.html")])
    assert done.stderr == (
        "R1: 1 source, 1 link\n"
        "archive: warning: 4 passages are not taken as sources:\n"
        "  in the file: a mail address: mailto:a@x.org\n"
        "  in the file: a file on the author's machine; its path is left out\n"
        "  line 1: a host name without a path: snhr.org\n"
        "  line 1: a DOI, not an address: 10.1000/xyz1\n"
    )
    answer = json.loads(done.stdout)
    assert [source["cited"] for source in answer["sources"]] == ["https://x.org"]
    assert [one["kind"] for one in answer["passed_over"]] == ["mailto", "file", "bare-host", "doi"]
    assert "/home/me" not in done.stdout


def test_what_is_printed_so_that_nobody_follows_it_is_counted(tmp_path: Path) -> None:
    (tmp_path / "R1.txt").write_text("See https://x.org/a and hxxps://bad[.]example/a here.\n")
    done = CliRunner().invoke(main, ["cite", str(tmp_path / "R1.txt")])
    counted = "R1: 2 sources, 2 links, 1 of them set to skip (printed so that nobody follows it)"
    assert (done.exit_code, done.stderr.splitlines()[0]) == (0, counted)


def test_uncertain_readings_come_first_with_the_words_round_them(tmp_path: Path) -> None:
    (tmp_path / "R1.txt").write_text("See https://x.org/sure and\nhttps://x.org/2019/04/30/536\n33 (last seen 3 May).\n")
    done = CliRunner().invoke(main, ["cite", str(tmp_path / "R1.txt")])
    assert done.exit_code == 0
    assert done.stderr.partition("Next: ")[0] == (
        "R1: 2 sources, 2 links\n"
        "archive: warning: 1 reading is uncertain; a person should look at it:\n"
        "  s02  https://x.org/2019/04/30/536: a line breaks within a word or number of it\n"
        "       printed: line 2: See https://x.org/sure and https://x.org/2019/04/30/536 33 (last seen 3 May).\n"
        "       or: https://x.org/2019/04/30/53633\n"
    )
    first = done.stdout.index("[[source]]  # s02")
    assert first < done.stdout.index("[[source]]  # s01")
    (one, other) = from_toml(done.stdout).sources
    assert (one.cited, other.doubts) == ("https://x.org/sure", ("break-in-segment",))


@pytest.mark.parametrize(
    ("content", "name", "complaint"),
    [
        (None, "none.txt", "none.txt: no such file"),
        (b"PK\0\1\2\0", "report.txt", "report.txt: holds binary data"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(
    tmp_path: Path, content: bytes | None, name: str, complaint: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = CliRunner().invoke(main, ["cite", str(tmp_path / name)])
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert complaint in done.stderr and "Traceback" not in done.stderr


def test_fetch_takes_one_report_or_addresses_and_no_mixture(tmp_path: Path) -> None:
    plan = CliRunner().invoke(main, ["fetch", "https://x.org/a", "https://y.org/b", "--plan", "--json"])
    assert (plan.exit_code, json.loads(plan.stdout)["hosts"]) == (0, {"x.org": 1, "y.org": 1})
    mixed = CliRunner().invoke(main, ["fetch", PILOT, "https://x.org/a", "--plan"])
    assert mixed.exit_code == 2
    assert "give one report, one source manifest, or web addresses only" in mixed.stderr
    wrong = CliRunner().invoke(main, ["fetch", "ftp://x.org/a", "--plan"])
    assert (wrong.exit_code, wrong.stderr) == (
        2, "archive: ftp://x.org/a: not a web address; expected https://… or http://…\n",
    )


def test_fetch_makes_no_bag_of_a_report_without_addresses(tmp_path: Path) -> None:
    (tmp_path / "R1.txt").write_text("Nothing is cited here.\n")
    done = CliRunner().invoke(main, ["fetch", str(tmp_path / "R1.txt"), "-o", str(tmp_path / "B")])
    assert (done.exit_code, done.stderr) == (
        3, "archive: R1.txt: nothing to capture: there is no address in its text; is this the report?\n",
    )
    assert [path.name for path in tmp_path.iterdir()] == ["R1.txt"]


def test_json_is_on_stdout_and_in_the_file(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["cite", "--json", "-o", str(tmp_path / "sources.json"), PILOT])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == json.loads((tmp_path / "sources.json").read_text("utf-8"))


def test_the_words_printed_of_a_doubtful_address_show_the_address(tmp_path: Path) -> None:
    report = tmp_path / "long.txt"
    report.write_text("word " * 300 + "see htps://x.org/a and " + "word " * 300)
    [line] = [line for line in CliRunner().invoke(main, ["cite", str(report)]).stderr.splitlines() if "printed:" in line]
    assert "…word" in line and "see htps://x.org/a and word" in line and line.endswith("…")
    assert len(line) < 250


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\nhttps://x.org/a", "a picture, so it is no text"),
        (b"GIF89a", "a picture, so it is no text"),
        (b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbg==\n", "a secret key, and no report"),
        (b"# created: 2026\n# public key: age1q\nAGE-SECRET-KEY-1QQ\n", "a secret key, and no report"),
    ],
)
@pytest.mark.parametrize("name", ["r.txt", "r.md", "r.csv", "r.html"])
def test_a_picture_or_a_secret_key_is_no_report(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    done = CliRunner().invoke(main, ["cite", str(tmp_path / name)])
    assert (done.exit_code, done.stdout) == (3, "")
    assert said in done.stderr and "AGE-SECRET" not in done.stderr


def test_a_report_that_quotes_the_beginning_of_a_key_is_one(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("He posted AGE-SECRET-KEY-1QQ at https://x.org/a\n-----BEGIN OPENSSH PRIVATE KEY-----\n")
    assert CliRunner().invoke(main, ["cite", str(tmp_path / "r.txt")]).exit_code == 0

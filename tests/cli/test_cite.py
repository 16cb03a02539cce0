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


def test_the_pilot_gives_the_source_manifest_that_lies_beside_it() -> None:
    done = CliRunner().invoke(main, ["cite", PILOT])
    assert (done.exit_code, done.stderr) == (0, "R210517: 9 sources, 12 links, on 4 pages\n")
    assert done.stdout.encode() == (EXAMPLE / "sources.toml").read_bytes()


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


def test_a_report_without_links_is_an_answer_with_a_warning(tmp_path: Path) -> None:
    (tmp_path / "R1.txt").write_text("Nothing is cited here.\n")
    done = CliRunner().invoke(main, ["cite", "--json", str(tmp_path / "R1.txt")])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "schema": "archive.cite/1", "report": "R1", "pages": None, "links": 0, "sources": [],
    }
    assert done.stderr == (
        "R1: 0 sources, 0 links\narchive: warning: the report contains no links; is this the right file?\n"
    )


def test_a_scan_is_told_from_a_report_that_cites_nothing(tmp_path: Path) -> None:
    (tmp_path / "R1.txt").write_text(" \n\f\n")
    done = CliRunner().invoke(main, ["cite", str(tmp_path / "R1.txt")])
    assert done.stderr == (
        "R1: 0 sources, 0 links\n"
        "archive: warning: the report contains no text; the program cannot read a scan or a picture\n"
    )


def test_what_is_no_source_is_counted_on_stderr_and_nowhere_else(tmp_path: Path) -> None:
    page = '<a href="mailto:a@x.org">a</a><a href="mailto:b@x.org">b</a><a href="file:///home/me/x">c</a> https://x.org'
    (tmp_path / "R1.html").write_text(f"<html>{page}</html>")
    done = CliRunner().invoke(main, ["cite", "--json", str(tmp_path / "R1.html")])
    assert done.stderr == "R1: 1 source, 1 link\nnot taken as sources: mailto 2, file 1\n"
    assert [source["cited"] for source in json.loads(done.stdout)["sources"]] == ["https://x.org"]
    assert "/home/me" not in done.stdout


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

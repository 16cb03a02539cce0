from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from archive_cli.main import main
from archive_cli.output import address_of
from archive_cli.shell import shell_path
from archive_manifests.ledger import Reading, Status
from tests.archive.page.sample_ledger import source


def test_a_path_is_written_as_a_person_types_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shell_path(tmp_path / "out" / "R1") == "out/R1"
    assert shell_path(Path("R1")) == "R1"
    assert shell_path(tmp_path / "my bag; rm") == "'my bag; rm'"
    assert shell_path(tmp_path.parent / "other") == str(tmp_path.parent / "other")


def test_the_last_line_says_what_to_do_next_and_leaves_stdout_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("r.md").write_text("https://x.example/a\n")
    cited = CliRunner().invoke(main, ["cite", "r.md", "-o", "out file.toml"])
    assert cited.stdout == ""
    assert cited.stderr.splitlines()[-1] == "Next: read the source manifest, then: archive fetch 'out file.toml' --plan"
    made = CliRunner().invoke(main, ["keygen", "-o", "k", "--no-passphrase"])
    assert made.stderr.startswith("Next: archive sign BAG --key k; ")
    assert len(made.stdout.splitlines()) == 2
    assert "Next" not in CliRunner().invoke(main, ["keygen", "-o", "k2", "--no-passphrase", "--json"]).output


def test_a_line_names_the_reading_that_was_captured_in_place_of_the_printed_one() -> None:
    urls = ("https://a/?p=99", "https://a/?p=24105")
    readings = tuple(Reading(url, "uncertain", ("link-differs",), requested=True) for url in urls)
    entry = source(1, urls[0], Status.CAPTURED, readings=readings, request_url=urls[1])
    assert address_of(entry) == f"{urls[0]} (captured: another reading, {urls[1]})"
    assert address_of(replace(entry, request_url=urls[0])) == urls[0]

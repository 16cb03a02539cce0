from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from archive_cli.main import main
from archive_cli.shell import shell_path


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

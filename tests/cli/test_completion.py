from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import BashComplete
from click.testing import CliRunner

from archive_cli.main import COMMANDS, main
from archive_cli.topics import TOPICS
from archive_manifests.ledger import to_json
from tests.archive.page.sample_ledger import Pilot


def completed(*words: str | Path, incomplete: str = "") -> list[str]:
    found = BashComplete(main, {}, "archive", "_ARCHIVE_COMPLETE").get_completions([*map(str, words)], incomplete)
    return [item.value for item in found]


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    folder = tmp_path / "R210517"
    (folder / "data").mkdir(parents=True)
    (folder / "data/sources.json").write_text(to_json(Pilot().ledger()))
    return folder


def test_commands_and_switches_are_completed() -> None:
    assert completed() == list(COMMANDS)
    assert completed(incomplete="ver") == ["verify"]
    assert completed("fetch", incomplete="--no-m") == ["--no-media", "--no-memento"]


@pytest.mark.parametrize("command", ["supply", "attest"])
def test_the_ids_of_the_bags_sources_are_completed(bag: Path, command: str) -> None:
    assert completed(command, bag, incomplete="s") == [f"s{number:02d}" for number in range(1, 10)]
    assert completed(command, bag, incomplete="s05") == ["s05"]


def test_a_bag_that_cannot_be_read_completes_nothing_and_says_nothing(bag: Path, tmp_path: Path) -> None:
    (bag / "data/sources.json").write_text("{")
    assert completed("supply", bag) == []
    assert completed("supply", tmp_path / "none") == []
    assert completed("supply") != ["s01"]


def test_topics_commands_and_codes_are_completed_after_help() -> None:
    assert completed("help") == [*COMMANDS, *TOPICS]
    assert completed("help", incomplete="payload-a") == ["payload-altered"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(shell: str) -> None:
    done = CliRunner().invoke(main, ["completion", shell])
    assert done.exit_code == 0
    assert f"_ARCHIVE_COMPLETE={shell}_complete" in done.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_itself_completes_a_source_id(bag: Path) -> None:
    script = CliRunner().invoke(main, ["completion", "bash"]).stdout
    requested = f'{script}\nCOMP_WORDS=(archive attest {bag} s0); COMP_CWORD=3; _archive_completion archive; echo "${{COMPREPLY[@]}}"'
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", requested], capture_output=True, text=True, env=environment, check=False)
    assert done.stdout.split() == [f"s{number:02d}" for number in range(1, 10)], done.stderr

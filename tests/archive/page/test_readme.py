from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from archive.page.readme import readme_verify
from archive.words import languages

ENGLISH, ARABIC = "How to check this bag: R210517", "كيف تتحقق من هذه الحقيبة: R210517"


def commands(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.startswith("    ")]


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    """A folder with the two lists that the commands read, over three files."""
    contents = {"data/a.txt": b"one", "data/archive/s01.warc.gz": b"two", "data/sources.json": b"{}"}
    for path, content in contents.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    lines = [f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in contents.items()]
    (tmp_path / "manifest-sha256.txt").write_text("".join(lines))
    digest = hashlib.sha256((tmp_path / "manifest-sha256.txt").read_bytes()).hexdigest()
    (tmp_path / "tagmanifest-sha256.txt").write_text(f"{digest}  manifest-sha256.txt\n")
    return tmp_path


def test_it_is_reported_in_every_language_and_the_first_is_chosen() -> None:
    english, arabic = readme_verify("R210517"), readme_verify("R210517", language="ar")
    assert english.startswith(ENGLISH)
    assert arabic.startswith(ARABIC)
    for text in (english, arabic):
        assert text.count("sha256sum -c manifest-sha256.txt") == len(languages())
    assert sorted(english.split()) == sorted(arabic.split())


@pytest.mark.parametrize(
    "command",
    [
        "sha256sum tagmanifest-sha256.txt",
        "sha256sum -c tagmanifest-sha256.txt",
        "sha256sum -c manifest-sha256.txt",
        "shasum -a 256 -c manifest-sha256.txt",
        "certutil -hashfile tagmanifest-sha256.txt SHA256",
        "bagit.py --validate .",
        "warcio check data/archive/*.warc.gz",
        "archive verify .",
    ],
)
def test_the_commands_that_people_have_are_there(command: str) -> None:
    assert commands(readme_verify("R210517")).count(command) == len(languages())


@pytest.mark.parametrize("tool", ["sha256sum", "shasum"])
def test_the_commands_of_the_lists_run_and_notice_a_changed_file(bag: Path, tool: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not on this machine")
    lines = {line for line in commands(readme_verify("R210517")) if line.startswith(tool) and " -c " in line}
    assert len(lines) == 2
    assert [_run(line, bag) for line in sorted(lines)] == [0, 0]
    (bag / "data/a.txt").write_bytes(b"One")
    (bag / "manifest-sha256.txt").write_text((bag / "manifest-sha256.txt").read_text() + " ")
    assert [_run(line, bag) for line in sorted(lines)] == [1, 1]


def _run(command: str, folder: Path) -> int:
    return subprocess.run(command.split(), cwd=folder, capture_output=True, check=False).returncode


def test_a_demonstration_says_so() -> None:
    assert "DEMONSTRATION" not in readme_verify("R210517")
    observed = readme_verify("R210517", demonstration=True)
    assert "DEMONSTRATION: this bag shows what the program does" in observed
    assert "عرض تجريبي" in observed


def test_lines_fit_a_terminal_and_end_alike() -> None:
    text = readme_verify("R210517")
    assert "\r" not in text
    assert text.endswith("\n")
    prose = [line for line in text.splitlines() if not line.startswith("    ")]
    assert max(map(len, prose)) <= 88
    assert re.search("[\x00-\x09\x0b-\x1f\u200e\u200f\u202a-\u202e]", text) is None


def test_it_points_to_the_seal_beside_the_bag_and_warns_of_programs_in_it() -> None:
    text = " ".join(readme_verify("R210517-2").split())
    assert "in a folder R210517-2.seal, say who signed it" in text
    assert "Do not run a program that came with the evidence." in text

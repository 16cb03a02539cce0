"""The command line in another language: every sentence of a made-up one comes out of the catalogue."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive import words
from archive_cli.main import main
from tests.world.sealed_bag import make_bag

CATALOGUE = Path(words.__file__).parent / "en.toml"


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A language that says each English sentence in brackets of its own, and a bag `B`."""
    folder = tmp_path / "words"
    folder.mkdir()
    english = CATALOGUE.read_text("utf-8")
    (folder / "en.toml").write_text(english, "utf-8")
    retained, _, rest = english.partition("\n[unit]")
    catalogue = re.sub(r'^((?:"(?:[^"\\]|\\.)*"|[\w.-]+) = ")(.*)"$', r'\1⟦\2⟧"', rest, flags=re.MULTILINE)
    made = retained.replace('code = "en"', 'code = "qps"').replace('group = ","', 'group = "’"')
    (folder / "qps.toml").write_text(f"{made}\n[unit]{catalogue}", "utf-8")
    monkeypatch.setattr(words, "CATALOGUES", folder)
    monkeypatch.setenv("ARCHIVE_LANGUAGE", "qps")
    monkeypatch.chdir(tmp_path)
    words.load.cache_clear()
    make_bag(tmp_path / "B")
    yield
    words.load.cache_clear()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), prog_name="archive")


@pytest.mark.usefixtures("made_up")
def test_the_answers_of_verify_are_reported_in_the_language_requested() -> None:
    with Path("B/data/report/text.txt").open("r+b") as file:
        file.write(b"!")
    done = run("verify", "B")
    first, last, before = (done.stdout.splitlines()[at] for at in (0, -1, -3))  # the last but one: why it is not checked
    assert first.startswith("B: ⟦DAMAGED. ")
    assert first.endswith("⟦Signed: no.⟧ ⟦Timestamped: no.⟧")
    assert before.startswith("⟦structure⟧ ⟦passed⟧ · ⟦fixity⟧ ⟦FAILED⟧ · ⟦warc⟧ ⟦absent⟧")
    assert re.fullmatch(r"⟦⟦1 finding⟧ in ⟦12 files⟧, ⟦[\d.]+ KB⟧⟧", last)
    assert "payload-altered  data/report/text.txt  ⟦sha512 stated " in done.stdout  # codes and paths stay
    assert done.exit_code == 1


@pytest.mark.usefixtures("made_up")
def test_errors_have_their_frame_and_their_advice_in_it() -> None:
    assert run("verifi").stderr == "⟦archive: ⟦no command 'verifi'⟦; did you mean verify?⟧; `archive --help` lists all commands⟧⟧\n"
    assert run("verify").stderr.startswith("⟦archive: ⟦⟦BAG|URL... is missing⟧; see `archive verify --help`⟧⟧")
    assert run("show", "nothing").stderr.startswith("⟦archive: ⟦nothing: no such path")


@pytest.mark.usefixtures("made_up")
def test_what_programs_read_is_the_same_in_every_language(monkeypatch: pytest.MonkeyPatch) -> None:
    observed = json.loads(run("verify", "B", "--json").stdout)
    monkeypatch.delenv("ARCHIVE_LANGUAGE")
    assert json.loads(run("verify", "B", "--json").stdout) == observed


@pytest.mark.usefixtures("made_up")
def test_receiving_ends_in_what_to_do_next(tmp_path: Path) -> None:
    assert run("pack", "B", "-o", "out").exit_code == 0
    done = run("receive", "out/B.tar", "--into", "in")
    assert f"⟦received: {tmp_path / 'in/B'}⟧" in done.stdout
    assert done.stderr.splitlines()[-1].startswith("⟦Next: ⟦send the receipt back to the person who sent the bag (")


def test_without_being_requested_it_speaks_english_whatever_the_system_speaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_bag(tmp_path / "B", {"data/a.txt": b"a"})
    monkeypatch.setenv("LANG", "ar_SY.UTF-8")
    assert "B: the files agree with the bag's own manifests; nothing outside the bag vouches for them. Signed: no. Timestamped: no.\nWhoever can change the bag" in run("verify", str(tmp_path / "B")).stdout
    monkeypatch.setenv("ARCHIVE_LANGUAGE", "ar")
    assert "B: تطابق الملفات بيانات الحقيبة نفسها؛ ولا شيء خارج الحقيبة يشهد لها. موقّعة: لا. مختومة زمنيًا: لا.\nمن يستطيع تغيير" in run("verify", str(tmp_path / "B")).stdout


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("environment", "is_live"), [({"TERM": "xterm"}, True), ({"TERM": "dumb"}, False), ({"NO_COLOR": "1"}, False)]
)
def test_the_live_line_keeps_off_terminals_that_cannot_or_should_not_show_it(
    environment: dict[str, str], is_live: bool
) -> None:
    import pty

    first, second = pty.openpty()
    script = (
        "import time; from archive_cli.verify_progress import VerifyProgress; live = VerifyProgress('B'); time.sleep(0.6);"
        "live.file_checked('a', 1 << 21); live.close()"
    )
    clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    done = subprocess.run([sys.executable, "-c", script], stderr=second, env={**clean, "TERM": "xterm", **environment}, check=False)
    os.write(second, b"|")
    os.close(second)
    printed = os.read(first, 4096).partition(b"|")[0]
    os.close(first)
    assert (done.returncode, printed) == (0, b"\r\x1b[KB  1 file, 2.1 MB\r\x1b[K" if is_live else b"")

"""`archive audit`, as a person calls it; and the coordinator killed in the middle of a run."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from archive.audit.instants import moment_of
from tests.archive.verify.sample_bags import make_bag, put
from tests.cli.invoke import answer, run

pytest.importorskip("sqlalchemy", reason="the extra [audit] is not installed")


@pytest.fixture
def bags(tmp_path: Path) -> Path:
    for number in range(3):
        make_bag(tmp_path / f"bags/b{number}", {"data/a.txt": b"%d\n" % number})
    return tmp_path / "bags"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of one bag, of which nothing but the policy is changed."""
    folder = tmp_path_factory.mktemp("known")
    make_bag(folder / "bags/b0")
    run("audit", "add", folder / "bags", "--catalogue", folder / "c.sqlite3")
    return folder / "c.sqlite3"


def test_bags_are_added_audited_reported_and_accepted(bags: Path, tmp_path: Path) -> None:
    catalogue = ("--catalogue", tmp_path / "c.sqlite3")
    assert answer("audit", "add", bags, "--custodian", "one", *catalogue)["outcomes"]["sound"] == 3
    assert answer("audit", "add", bags, *catalogue)["known"] == 3
    assert answer("audit", "run", "--all", "--jobs", "1", *catalogue)["new"] == []
    put(bags / "b1", "data/a.txt", b"9\n")
    found = answer("audit", "run", "--all", "--jobs", "1", *catalogue, code=1)
    assert found["schema"] == "archive.audit-run/1"
    assert (found["looked_at"], found["left"]) == (3, 0)
    assert found["outcomes"] == {"sound": 2, "damaged": 1, "substituted": 0, "unreadable": 0}
    (new,) = found["new"]
    assert (new["bag"], new["outcome"]) == (str(bags / "b1"), "damaged")
    assert [one["code"] for one in new["findings"]] == ["payload-altered"]
    assert answer("audit", "status", *catalogue, code=1)["alarming"] == 1
    done = answer("audit", "accept", bags / "b1", "--by", "a", "--note", "b", *catalogue)
    assert done["codes"] == {"payload-altered": 1}
    assert answer("audit", "status", "--check-chain", *catalogue)["chain"] == {"events": 18, "faults": []}
    history = answer("audit", "history", "b1", *catalogue)
    assert [one["type"] for one in history["events"]] == ["added", "fixity check", "fixity check", "accepted"]


def test_people_are_reported_in_plain_lines(bags: Path, tmp_path: Path) -> None:
    catalogue = ("--catalogue", tmp_path / "c.sqlite3")
    assert run("audit", "add", bags, *catalogue).stdout == "added: 3 (3 sound); in the catalogue already: 0\n"
    put(bags / "b1", "data/a.txt", b"9\n")
    done = run("audit", "run", "--all", "--jobs", "1", *catalogue)
    lines = done.stdout.splitlines()
    assert lines[0] == f"DAMAGED  {bags / 'b1'}"
    assert lines[1].startswith("  a payload file is not what its manifest states [payload-altered]  data/a.txt  stated")
    assert lines[-1].endswith("looked at: 3 (2 sound, 1 damaged)")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "--all", "--due"), "--due, --all and --sample exclude each other"),
        (("run", "--budget", "soon"), "'soon' is no span of time"),
        (("run", "--seed", "ab"), "--seed belongs to --sample"),
        (("run", "--engine", "magic"), "--engine magic: expected processes"),
        (("run", "--engine", "tcp://192.0.2.1:8786"), "neither encrypted nor authenticated"),
        (("run", "--engine", "tls://127.0.0.1:8786"), "needs --tls FOLDER"),
        (("history", "nothing"), "nothing: not in the catalogue"),
        (("add", "ftp://example.org/x"), "ftp:// is not supported"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    arguments: tuple[str, ...], message: str, known: Path
) -> None:
    done = run("audit", *arguments, "--catalogue", known)
    assert (done.exit_code, message in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr


def test_a_catalogue_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    done = run("audit", "run", "--catalogue", tmp_path / "none")
    assert (done.exit_code, "no catalogue there" in done.stderr) == (2, True)


def test_a_policy_is_set_and_shown_and_holds_at_once(known: Path) -> None:
    catalogue = ("--catalogue", known)
    usual = {"custodian": "*", "class": "*", "every_days": 90, "full_read_days": 90}
    assert answer("audit", "policy", *catalogue)["rules"] == [usual]
    before = answer("audit", "status", *catalogue)["due"][0]["next_due_at"]
    done = answer("audit", "policy", "--class", "-", "--every", "2w", *catalogue)
    rule = {"custodian": "*", "class": "-", "every_days": 14, "full_read_days": 14}
    assert (done["rules"], done["rescheduled"]) == ([rule], 1)
    after = answer("audit", "status", *catalogue)["due"][0]
    assert after["last_read_at"] < after["next_due_at"] < before
    assert moment_of(after["next_due_at"]) - moment_of(after["last_read_at"]) <= timedelta(days=14)
    longer = run("audit", "policy", "--class", "-", "--every", "1y", *catalogue).stdout
    assert "365" in longer
    assert "due dates computed anew: 1" in longer
    typo = run("audit", "policy", "--custodian", "TYPO", "--every", "1y", *catalogue)
    assert (typo.exit_code, "no copy has custodian TYPO; the catalogue has" in typo.stderr) == (2, True)
    short = run("audit", "policy", "--every", "90s", *catalogue)
    assert (short.exit_code, "write 30d, 2w or 1y" in short.stderr) == (2, True)


def test_copies_that_nobody_could_read_are_named_until_they_were_read(bags: Path, tmp_path: Path) -> None:
    catalogue = ("--jobs", "1", "--catalogue", tmp_path / "c.sqlite3")
    make_bag(tmp_path / "disk/b9")
    run("audit", "add", bags, "--custodian", "us", *catalogue)
    run("audit", "add", tmp_path / "disk", "--custodian", "partner", *catalogue)
    (tmp_path / "disk").rename(tmp_path / "unplugged")
    first = run("audit", "run", "--all", *catalogue)
    again = [run("audit", "run", *words, *catalogue) for words in (("--due",), ("--due", "--custodian", "partner"))]
    assert first.stdout.splitlines()[-2].endswith("looked at: 3 (3 sound)")
    for done in (first, *again):
        assert (done.exit_code, "no new problem" in done.stdout) == (3, False)
        assert "nobody knows how they are: 1; due again: 20" in done.stdout
        assert "run --all --custodian partner" in done.stderr or done is first
    assert run("audit", "run", "--due", "--custodian", "us", *catalogue).exit_code == 0
    (tmp_path / "unplugged").rename(tmp_path / "disk")
    back = run("audit", "run", "--all", "--custodian", "partner", *catalogue)
    assert (back.exit_code, back.stdout.splitlines()[-1]) == (0, "no new problem")


def test_what_cannot_be_a_bag_makes_no_catalogue_and_is_named_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text\n")
    for name, code in (("a.txt", 3), ("none", 3)):
        done = run("audit", "add", tmp_path / name, "--catalogue", tmp_path / "c.sqlite3")
        assert (done.exit_code, done.stdout, done.stderr.count(name)) == (code, "", 1), done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


def test_the_next_step_names_every_alarm_and_not_what_was_just_done(bags: Path, tmp_path: Path) -> None:
    catalogue = ("--catalogue", tmp_path / "c.sqlite3")
    assert "Next: archive audit status" in run("audit", "add", bags, *catalogue).stderr
    report = run("audit", "report", "--html", tmp_path / "page.html", "--language", "fr", *catalogue).stderr
    assert f"open {tmp_path / 'page.html'} in your browser; archive audit status" in report
    assert 'lang="fr"' in (tmp_path / "page.html").read_text("utf-8")
    for name in ("b0", "b1"):
        put(bags / name, "data/a.txt", b"9\n")
    for done in (run("audit", "run", "--all", "--jobs", "1", *catalogue), run("audit", "status", *catalogue)):
        assert [f"archive audit history {bags / name} --catalogue" in done.stderr for name in ("b0", "b1")] == [True] * 2
    moved = run("audit", "add", bags / "b2", "--custodian", "partner", *catalogue)
    assert "stays with custodian -, class -" in moved.stdout
    assert f"Next: archive audit add {bags / 'b2'} --custodian partner --class - --reassign" in moved.stderr
    assert "now with custodian partner" in run(
        "audit", "add", bags / "b2", "--custodian", "partner", "--reassign", *catalogue
    ).stdout


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_coordinator_that_is_killed_loses_what_was_in_flight_alone(tmp_path: Path) -> None:
    for number in range(40):
        make_bag(tmp_path / f"bags/b{number:02}", {"data/a.txt": b"%d\n" % number * 500})
    catalogue = tmp_path / "c.sqlite3"
    run("audit", "add", tmp_path / "bags", "--catalogue", catalogue)
    program = "from archive_cli.main import main; main()"
    command = [sys.executable, "-c", program, "audit", "run", "--all", "--catalogue", str(catalogue)]
    coordinator = subprocess.Popen([*command, "--jobs", "2", "--max-mb-s", "0.02"], stdout=subprocess.DEVNULL)
    try:
        assert wait_for_checks(catalogue, 4)
    finally:
        coordinator.send_signal(signal.SIGKILL)
        coordinator.wait()
    before = checks(catalogue)
    done = subprocess.run([*command, "--jobs", "2", "--json"], check=False, capture_output=True, text=True)
    result = json.loads(done.stdout)
    assert (done.returncode, result["resumed"], result["looked_at"], result["left"]) == (0, True, 40, 0)
    assert len(checks(catalogue)) == 40
    assert checks(catalogue)[: len(before)] == before
    assert answer("audit", "status", "--check-chain", "--catalogue", catalogue)["chain"]["faults"] == []


@pytest.mark.skipif(os.name != "posix", reason="SIGINT")
def test_ctrl_c_ends_at_once_and_the_same_command_continues(tmp_path: Path) -> None:
    for number in range(12):
        make_bag(tmp_path / f"bags/b{number:02}", {"data/a.txt": b"%d\n" % number * 5000})
    catalogue = tmp_path / "c.sqlite3"
    run("audit", "add", tmp_path / "bags", "--catalogue", catalogue)
    program = "from archive_cli.main import main; main()"
    command = [sys.executable, "-c", program, "audit", "run", "--all", "--jobs", "1", "--catalogue", str(catalogue)]
    slow = [*command, "--max-mb-s", "0.01"]  # a bag takes seconds, a batch of three longer than the test waits
    # A shell's background job ignores the signal, and so would what it starts.
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    slow[2] = listening + program
    started = subprocess.Popen(slow, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert wait_for_checks(catalogue, 1)
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=60)
    assert (started.returncode, "Traceback" in said) == (130, False), said
    assert answer(*command[3:-2], "--catalogue", catalogue)["looked_at"] == 12


def checks(catalogue: Path) -> list[str]:
    with sqlite3.connect(catalogue) as connection:
        query = "SELECT copy_id FROM fixity_event WHERE type = 'fixity check' ORDER BY seq"
        return [row[0] for row in connection.execute(query)]


def wait_for_checks(catalogue: Path, number: int) -> bool:
    for _ in range(600):
        if len(checks(catalogue)) >= number:
            return True
        time.sleep(0.05)
    return False

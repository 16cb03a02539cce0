"""Errors in one renderer: what, where, what to do next; on one line of stderr, with the exit code of the contract."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from archive.ssh.keys import write_new_key
from archive_cli.errors import describe_os_error
from archive_cli.main import COMMANDS, main
from tests.world.sealed_bag import make_bag

NOTHING_TO_LOOK_AT, WRONG_USAGE = 3, 2


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), prog_name="archive")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an empty folder `d`, a file `f.txt`, a foreign bag `B`, a key `k`."""
    monkeypatch.chdir(tmp_path)
    Path("d").mkdir()
    Path("f.txt").write_text("See https://a.example/page\n")
    make_bag(Path("B"))
    write_new_key(Path("k"), None)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("cite none", NOTHING_TO_LOOK_AT, "none: no such file; check the name"),
        ("cite d", NOTHING_TO_LOOK_AT, "d: is a folder; give one file"),
        ("fetch none", NOTHING_TO_LOOK_AT, "none: no such file; check the name"),
        ("fetch d", NOTHING_TO_LOOK_AT, "d: is a folder; give one file"),
        ("fetch f.txt -o x.part", WRONG_USAGE, "choose a name for the bag that does not end in .part"),
        ("fetch f.txt -o /", WRONG_USAGE, "/: not a name for a bag"),
        ("fetch f.txt --connect-to x", WRONG_USAGE, "--connect-to x: expected HOST:PORT:ADDR:PORT"),
        ("fetch f.txt --cacert f.txt", WRONG_USAGE, "--cacert f.txt: no certificate in PEM form"),
        ("fetch f.txt --cookies k", WRONG_USAGE, "--cookies k: not a cookie file in Netscape format"),
        ("fetch f.txt --proxy ftp://me:hunter2@x", WRONG_USAGE, "--proxy: expected http://HOST:PORT or socks5h"),
        ("fetch f.txt --cacert none", WRONG_USAGE, "--cacert: File 'none' does not exist; see `archive fetch --help`"),
        ("fetch f.txt --max-size huge", WRONG_USAGE, "--max-size: 'huge' is not a size; write 500M or 2GiB"),
        ("fetch f.txt --all", WRONG_USAGE, "--all goes with --again"),
        ("verify none", NOTHING_TO_LOOK_AT, "none: no such path"),
        ("verify B --trust none", WRONG_USAGE, "none: no such trust folder; it holds allowed_signers"),
        ("verify B --require whom", WRONG_USAGE, "no such question: whom; there are structure"),
        ("verify B --expect", WRONG_USAGE, "--expect: the value is missing; write it behind the option"),
        ("fetch f.txt --delay soon", WRONG_USAGE, "--delay: 'soon' is no number; see `archive fetch --help`"),
        ("fetch f.txt --jobs many", WRONG_USAGE, "--jobs: 'many' is no number; see `archive fetch --help`"),
        ("fetch f.txt --accept-certificate --plan", WRONG_USAGE, "--accept-certificate: the value is missing: --plan is"),
        ("fetch f.txt --identify --plan", WRONG_USAGE, "or --identify=--plan if that is the value"),
        ("fetch f.txt -o --plan", WRONG_USAGE, "-o: the value is missing: --plan is an option"),
        ("fetch f.txt -qo --plan=x", WRONG_USAGE, "-o: the value is missing"),
        ("fetch --round --no-media f.txt", WRONG_USAGE, "--round: the value is missing"),
        ("fetch f.txt --identify -q", WRONG_USAGE, "--identify: the value is missing: -q is"),
        ("audit add B --store --json", WRONG_USAGE, "no option"),
        ("--config --version", WRONG_USAGE, "--config: the value is missing"),
        ("pack B --encrypt-to AGE-SECRET-KEY-1QQ", WRONG_USAGE, "archive: a secret key was given where a recipient is due"),
        ("pack B --encrypt-to k", WRONG_USAGE, "k: a secret key, and no recipients; give its public key"),
        ("desk /", WRONG_USAGE, "/: this is a whole disk; give a folder on it"),
        ("audit add f.txt /", WRONG_USAGE, "/: this is a whole disk; give a folder on it"),
        ("verify B --expect 123", WRONG_USAGE, "not a digest: '123'; expected algorithm:hex"),
        ("verify B --seal none", WRONG_USAGE, "--seal: none: no such folder; give the folder of a seal"),
        ("verify B --receipt none", WRONG_USAGE, "--receipt: File 'none' does not exist"),
        ("show none", NOTHING_TO_LOOK_AT, "none: no such path"),
        ("show d", NOTHING_TO_LOOK_AT, "d: contains no data/sources.json"),
        ("view none", NOTHING_TO_LOOK_AT, "none: no such path"),
        ("view d", NOTHING_TO_LOOK_AT, "d: contains no data/index.html"),
        ("finish none", NOTHING_TO_LOOK_AT, "none.part: no work folder there; `archive fetch --hold` makes one"),
        ("supply none s01 f.txt --how x", NOTHING_TO_LOOK_AT, "none: neither a bag nor a held work folder"),
        ("supply d s01 f.txt --how x", NOTHING_TO_LOOK_AT, "its manifest does not list data/sources.json; nothing is taken over from this bag"),
        ("supply d s01 none --how x", NOTHING_TO_LOOK_AT, "none: no such file"),
        ("supply d s01 f.txt", WRONG_USAGE, "--how is missing; see `archive supply --help`"),
        ("supply d s01 f.txt --how x --when today", WRONG_USAGE, "--when: 'today' is no time; write 2026-11-22, or"),
        ("supply d s01 f.txt --how x --when 2026-11-22T10:00", WRONG_USAGE, "has no zone; end it with Z for UTC"),
        ("attest none s01 --note x", NOTHING_TO_LOOK_AT, "none: neither a bag nor a held work folder"),
        ("keygen -o d/x/k --no-passphrase", NOTHING_TO_LOOK_AT, "no such file or folder; check the name"),
        ("keygen -o k --no-passphrase", WRONG_USAGE, "a key is never overwritten; choose another name"),
        ("sign none --key k", NOTHING_TO_LOOK_AT, "none: no such path"),
        ("sign B", WRONG_USAGE, "nothing to do; give --key to sign"),
        ("sign B --key none", WRONG_USAGE, "none: no such key file"),
        ("sign B --key f.txt", WRONG_USAGE, "f.txt: not a private key in OpenSSH's format"),
        ("pack none", NOTHING_TO_LOOK_AT, "none: no such path"),
        ("pack B --profile nobody", WRONG_USAGE, "no profile 'nobody'; there are aptrust"),
        ("receive none", NOTHING_TO_LOOK_AT, "none: no such file"),
        ("compare none d", NOTHING_TO_LOOK_AT, "none: no such path"),
        ("completion tcsh", WRONG_USAGE, "is not one of"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(words: str, code: int, said: str, here: Path) -> None:
    before = sorted(here.rglob("*"))
    done = run(*words.split())
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (code, "", 1), done.output
    assert done.stderr.startswith("archive: ")
    assert said in done.stderr
    assert not done.stderr.rstrip("\n").endswith((".", "!"))
    assert "hunter2" not in done.stderr
    assert "Errno" not in done.stderr and "Traceback" not in done.stderr
    assert sorted(here.rglob("*")) == before, "nothing is left behind"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("command", ["cite", "fetch", "verify", "show"])
def test_a_file_that_may_not_be_read_is_nothing_to_look_at(command: str, here: Path) -> None:
    (here / "f.txt").chmod(0)
    done = run(command, "f.txt")
    assert (done.exit_code, done.stdout) == (NOTHING_TO_LOOK_AT, "")
    assert done.stderr.startswith("archive: f.txt: ")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EFBIG, "R1.part: the system lets no file get that large: a limit of your shell (ulimit -f), or of the disk (FAT32: 4 GB); raise the limit or choose a place on another disk, and run it again"),
        (errno.ENOSPC, "R1.part: the disk is full; make room, and run it again"),
        (errno.EACCES, "R1.part: not permitted; choose a place that is yours"),
        (errno.EROFS, "R1.part: nothing can be written there; choose another place"),
        (errno.EIO, "R1.part: the disk failed to read or to write; repair it, and run it again"),
        (
            errno.EMFILE,
            "R1.part: the system opens no more files for this program; close other programs, or raise the limit"
            " (ulimit -n), and run it again",
        ),
    ],
)
def test_what_the_system_refuses_is_reported_with_what_to_do(number: int, said: str) -> None:
    assert describe_os_error(OSError(number, os.strerror(number), "R1.part")) == said


def test_a_fault_of_the_program_is_no_traceback_unless_requested(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by \x1b[31mnought")

    monkeypatch.setattr("archive.verify.run.verify", broken)
    done = run("verify", "B")
    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr == (
        "archive: fault in the program: ZeroDivisionError: by \\x1b[31mnought; set ARCHIVE_DEBUG=1 and run again to report it\n"
    )
    monkeypatch.setenv("ARCHIVE_DEBUG", "1")
    assert isinstance(run("verify", "B").exception, ZeroDivisionError)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_refuses_an_unknown_switch_alike(name: str) -> None:
    done = run(name, "--xyzzy")
    assert (done.exit_code, done.stdout) == (WRONG_USAGE, "")
    assert done.stderr == f"archive: no option --xyzzy; see `archive {name} --help`\n"


def test_a_moment_with_a_zone_is_reported_in_utc() -> None:
    from archive_cli.parameters import Moment

    observed = [Moment().convert(text, None, None) for text in ("2026-11-22T12:30+02:00", "2026-11-22T10:00:00Z", "2026-11-22")]
    assert observed == ["2026-11-22T10:30:00Z", "2026-11-22T10:00:00Z", "2026-11-22"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_where_nothing_can_be_said_any_more_the_exit_code_still_is(here: Path) -> None:
    said = here / "said"
    program = [sys.executable, "-c", "from archive_cli.main import main; main()", "cite", "none"]
    with Path("/dev/full").open("w") as full, said.open("w") as retained:
        silent = subprocess.run(program, stdout=retained, stderr=full, check=False).returncode
        messages = subprocess.run(program, stdout=retained, stderr=retained, check=False).returncode
    assert (silent, messages) == (NOTHING_TO_LOOK_AT, NOTHING_TO_LOOK_AT)
    assert said.read_text() == f"archive: {run('cite', 'none').stderr.removeprefix('archive: ')}"


def test_an_error_says_what_happened_in_the_language_of_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.errors import BagUnreadable, BagUnsupported, NotSound, UsageProblem
    from archive_cli.errors import describe_error

    monkeypatch.setenv("ARCHIVE_LANGUAGE", "fr")
    assert describe_error(BagUnsupported("x.rar: rar")) == (
        "le paquet ne peut pas être ouvert. Détails, en anglais : x.rar: rar"
    )
    assert describe_error(UsageProblem("a")).startswith("la commande ne peut pas être exécutée ainsi.")
    assert describe_error(NotSound("a")).startswith("la commande n'a pas abouti.")
    monkeypatch.setenv("ARCHIVE_LANGUAGE", "en")
    assert describe_error(BagUnreadable("x: no such path")) == "x: no such path"


def test_no_option_of_any_command_takes_the_next_option_for_its_value() -> None:
    """Every option with a value of every command is given `--help`, which else would be its value."""
    groups = [(main, []), (main.get_command(click.Context(main), "audit"), ["audit"])]
    tried = 0
    for group, words in groups:
        assert isinstance(group, click.Group)
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            for option in command.params:
                if isinstance(option, click.Option) and not option.is_flag and not option.count:
                    done = run(*words, name, option.opts[-1], "--help")
                    assert (done.exit_code, "is an option itself" in done.stderr) == (WRONG_USAGE, True), (name, option.opts)
                    tried += 1
    assert tried > 100


def test_a_value_that_looks_like_an_option_is_taken_where_it_is_written_as_the_value() -> None:
    assert "is an option itself" not in run("cite", "f.txt", "-o=--json").stderr
    assert "is an option itself" not in run("verify", "--", "--json").stderr


def test_the_short_option_for_help_is_still_there() -> None:
    assert [run(*words.split()).exit_code for words in ("-h", "fetch -h", "audit -h", "audit run -h")] == [0, 0, 0, 0]


def test_an_empty_value_is_said_with_its_option() -> None:
    done = run("supply", "B", "s01", "f.txt", "--how", "")
    assert (done.exit_code, done.stderr) == (
        WRONG_USAGE, "archive: --how: the value is empty: ''; give one, or leave the option out if it is not required\n"
    )


@pytest.mark.parametrize("command", ["receive", "verify"])
def test_of_a_folder_above_a_bag_the_bag_is_named_and_nothing_else_is_advised(command: str, here: Path) -> None:
    Path("above").mkdir()
    make_bag(here / "above/R2")
    done = run(command, "above")
    assert (done.exit_code, done.stderr) == (1, f"Next: archive {command} above/R2\n")


def test_a_report_that_cannot_be_written_is_named_as_it_was_given() -> None:
    from archive.audit.report.files import write_whole

    with pytest.raises(OSError, match="nowhere") as refused:
        write_whole(Path("nowhere/x.html"), "")
    assert refused.value.filename == "nowhere/x.html"

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from archive.words.notes import describe
from archive.workfolder.events import Begun, Ended, Judged
from archive.workfolder.journal import Journal
from archive_cli.main import main
from archive_manifests.ledger import Conditions, Ledger, Status, Verdict, to_json
from archive_manifests.notes import note
from tests.archive.page.sample_ledger import HOSTILE, STARTED, USER_AGENT, Pilot, every_verdict, ledger, source


def show(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["show", *map(str, arguments)])


def bag_of(folder: Path, observed: Ledger) -> Path:
    bag = folder / "R210517"
    (bag / "data").mkdir(parents=True)
    (bag / "data/sources.json").write_text(to_json(observed))
    return bag


def work_of(folder: Path, observed: Ledger, *, ended: bool = False) -> Path:
    work = folder / "R210517.part"
    (work / "bag").mkdir(parents=True)
    journal = Journal(work / "journal.jsonl")
    journal.append(Begun(1, "ab" * 32, {}, STARTED, observed.report, observed.conditions, "5e" * 32))
    for entry in reversed(observed.sources):
        journal.append(Judged(entry))
    if ended:
        journal.append(Ended("2026-11-22T10:14:32Z"))
    journal.close()
    return work


def test_every_source_stands_in_a_line_with_its_verdict_and_reason(tmp_path: Path) -> None:
    result = show(bag_of(tmp_path, Pilot().ledger()))
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines[2:11] == [
        "Source Verdict Why Address as cited",
        "s01 Captured https://sn4hr.org/blog/2019/04/30/53633/",
        "s02 Captured with gaps [requisites] https://sn4hr.org/?p=24105",
        "s03 Captured https://www.youtube.com/watch?v=ut0DuECJLjs",
        "s04 Not reachable [dns] https://sn4hr.org/blog/2018/04/08/51899/",
        "s05 Blocked [challenge] https://www.faselhd.pro/movies/فيلم-cave-2019",
        lines[8],
        lines[9],
        "s08 Not attempted [skipped] https://sn4hr.org/?p=55768",
    ]
    assert "[requisites] Images, styles or other parts of the page are missing. (s02)" in lines
    assert "[dns] The name of the host could not be found. (s04)" in lines
    assert lines[8].startswith("s06 Gone [soft-404] https://www.coe.int/en/web/portal/")
    assert lines[9].startswith("s07 Copy from another archive 2 April 2021 http://webtv.un.org/")
    assert lines[1] == (
        "R210517: a finished bag. 9 sources: 2 captured, 1 captured with gaps, 1 copy from another archive, "
        "1 supplied by a person, 1 blocked, 1 gone, 1 not reachable, 1 not attempted."
    )


def test_what_was_seen_at_a_source_stands_below_its_reason(tmp_path: Path) -> None:
    observed, seen = every_verdict(), {}
    for number, verdict in enumerate((note("tiktok-unknown", number="10204"), note("not-found", status=404), note("defanged"))):
        seen[observed.sources[number].id] = Verdict(Status.GONE, "not-found", verdict)
    sources = [
        replace(each, status=seen[each.id].status, reason="not-found", detail=seen[each.id].detail)
        for each in observed.sources[:3]
    ]
    bag = bag_of(tmp_path, replace(observed, sources=tuple(sources)))
    lines = show(bag).stdout.splitlines()
    first, second, third = seen
    at = next(index for index, line in enumerate(lines) if line.startswith("[not-found]"))
    assert lines[at].endswith(f"({first}, {second}, {third})")
    assert lines[at + 1] == f"  {first}: TikTok's page says that there is no such video (its status 10204)"
    assert lines[at + 2] == f"  {second}: the server has no such thing (status 404)"
    assert lines[at + 3].startswith(f"  {third}: the report spells it so that nobody follows it by accident (hxxp, [.])")


def test_a_demonstration_says_so_first(tmp_path: Path) -> None:
    assert show(bag_of(tmp_path, Pilot().ledger())).stdout.startswith("This bag is a DEMONSTRATION.")
    shutil.rmtree(tmp_path / "R210517")
    assert "DEMONSTRATION" not in show(bag_of(tmp_path, every_verdict())).output


def test_the_last_line_says_what_to_do_next_and_is_not_the_answer(tmp_path: Path) -> None:
    bag = bag_of(tmp_path, every_verdict())
    assert show(bag).stderr == f"Next: archive view {bag}; archive verify {bag}\n"


def test_json_is_one_object_with_the_sources_of_the_ledger(tmp_path: Path) -> None:
    observed = Pilot().ledger()
    bag = bag_of(tmp_path, observed)
    result = show(bag, "--json")
    assert result.stderr == ""
    assert json.loads(result.stdout) == {
        "schema": "archive.show/1",
        "bag": str(bag),
        "report": "R210517",
        "finished": True,
        "demonstration": True,
        "sources": [
            {"id": e.id, "cited": e.cited, "status": e.status, "reason": e.reason, "final_url": e.final_url}
            | ({"noted": noted} if (noted := [describe(n) for n in e.notes if n.code.startswith("attested")]) else {})
            for e in observed.sources
        ],
        "counts": {"captured": 2, "partial": 1, "memento": 1, "supplied": 1, "blocked": 1}
        | {"gone": 1, "unreachable": 1, "not-attempted": 1},
    }


def test_what_persons_noted_is_shown(tmp_path: Path) -> None:
    observed = every_verdict()
    seen = note("attested", who="collector-7", when="2026-11-23T10:00:00Z", detail="the same text as in print")
    first = replace(observed.sources[0], notes=(seen,))
    bag = bag_of(tmp_path, replace(observed, sources=(first, *observed.sources[1:])))
    said = "attested by collector-7 on 2026-11-23T10:00:00Z: the same text as in print"
    assert f"Noted by persons: {first.id}: {said}" in show(bag).stdout
    sources = json.loads(show(bag, "--json").stdout)["sources"]
    assert [one.get("noted") for one in sources] == [[said], *[None] * (len(sources) - 1)]


def test_a_packed_bag_is_shown_without_unpacking_it(tmp_path: Path) -> None:
    bag = bag_of(tmp_path, every_verdict())
    (bag / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    with tarfile.open(tmp_path / "other-name.tar", "w") as package:
        package.add(bag, "R210517")
    packed = json.loads(show(tmp_path / "other-name.tar", "--json").stdout)
    assert packed["sources"] == json.loads(show(bag, "--json").stdout)["sources"]
    assert len(packed["sources"]) == len(every_verdict().sources)


@pytest.mark.parametrize("name", ["R210517.part", "R210517"])
def test_a_work_folder_shows_what_was_judged_so_far_in_the_order_of_citation(tmp_path: Path, name: str) -> None:
    work = work_of(tmp_path, Pilot().ledger())
    result = show(tmp_path / name)
    ids = [line.split()[0] for line in result.stdout.splitlines() if line.startswith("s0")]
    assert ids == [f"s{number:02d}" for number in range(1, 10)]
    assert "R210517: not finished yet; this is a work folder. 9 sources" in result.stdout
    assert result.stderr == f"Next: archive fetch R210517.txt -o {tmp_path / 'R210517'} --cacert FILE\n"
    shutil.rmtree(work)
    work_of(tmp_path, Pilot().ledger(), ended=True)
    assert show(tmp_path / name).stderr == f"Next: archive finish {tmp_path / 'R210517'}\n"
    answer = json.loads(show(work, "--json").stdout)
    assert (answer["finished"], answer["report"], answer["demonstration"]) == (False, "R210517", True)


def test_a_torn_last_line_of_the_journal_does_no_harm(tmp_path: Path) -> None:
    work = work_of(tmp_path, every_verdict())
    whole = (work / "journal.jsonl").read_bytes()
    (work / "journal.jsonl").write_bytes(whole[:-40])
    judged = len(every_verdict().sources)
    assert len(json.loads(show(work, "--json").stdout)["sources"]) == judged - 1


def test_text_from_outside_cannot_steer_the_terminal(tmp_path: Path) -> None:
    entry = source(1, HOSTILE.replace("\ud800", "") + "\nsecond\tline", Status.CAPTURED)
    result = show(bag_of(tmp_path, ledger((entry,))))
    assert result.exit_code == 0
    assert "\\x1b[31mred" in result.stdout
    assert "\\u202e" in result.stdout
    assert "second line" in result.stdout
    assert len([line for line in result.stdout.splitlines() if line.startswith("s01")]) == 1
    assert not set("\x1b\x00\u202e\u2066\u2028") & set(result.stdout)


def test_a_wide_terminal_shows_columns_and_a_narrow_one_two_lines_a_source(tmp_path: Path) -> None:
    bag = bag_of(tmp_path, Pilot().ledger())
    wide = _on_terminal(260, bag, NO_COLOR="1").splitlines()
    assert wide[2].split() == ["Source", "Verdict", "Why", "Address", "as", "cited"]
    assert wide[6].split() == ["s04", "Not", "reachable", "[dns]", "https://sn4hr.org/blog/2018/04/08/51899/"]
    assert {line.index("http") for line in wide[3:12]} == {wide[2].index("Address")}
    narrow = _on_terminal(60, bag, NO_COLOR="1").splitlines()
    assert narrow[8:10] == ["s04     Not reachable  [dns]", "        https://sn4hr.org/blog/2018/04/08/51899/"]


def test_colour_is_for_terminals_that_want_it(tmp_path: Path) -> None:
    bag = bag_of(tmp_path, Pilot().ledger())
    for columns in (60, 260):
        painted = _on_terminal(columns, bag)
        for colour, label in (("32", "Captured"), ("33", "Captured with gaps"), ("31", "Blocked")):
            assert re.search(f"\x1b\\[{colour}m{label} *\x1b\\[0m", painted)
        assert "\x1b" not in _on_terminal(columns, bag, NO_COLOR="1")
    assert "\x1b" not in show(bag).stdout


def _on_terminal(columns: int, bag: Path, **environment: str) -> str:
    """What `archive show` prints on a terminal of that width."""
    pty = pytest.importorskip("pty", reason="a terminal is made by POSIX alone")
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", "from archive_cli.main import main; main()", "show", str(bag)],
        stdout=follower,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "COLUMNS": str(columns), "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        | environment,
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            data = os.read(leader, 65_536)
        except OSError:  # the other end was closed
            break
        if not data:
            break
        shown += data
    os.close(leader)
    assert process.wait() == 0
    return shown.decode()


@pytest.mark.parametrize(
    ("made", "message"),
    [
        ("nothing", "no such path"),
        ("empty", "contains no data/sources.json; archive verify checks bags of any origin"),
        ("broken", "sources.json: Input data was truncated; see: archive verify"),
        ("linked", "data/sources.json: "),
        ("journal", "not the journal of a work folder"),
    ],
)
def test_what_cannot_be_shown_is_reported_in_one_line_with_exit_code_3(tmp_path: Path, made: str, message: str) -> None:
    bag = tmp_path / "R210517"
    if made != "nothing":
        (bag / "data").mkdir(parents=True)
    if made == "broken":
        (bag / "data/sources.json").write_text('{"schema":')
    if made == "linked":
        (tmp_path / "secret.json").write_text(to_json(every_verdict()))
        (bag / "data/sources.json").symlink_to(tmp_path / "secret.json")
    if made == "journal":
        (bag / "journal.jsonl").write_text("{}\n")
    result = show(bag)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.startswith("archive: ")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_bag_without_sources_says_so(tmp_path: Path) -> None:
    result = show(bag_of(tmp_path, ledger((), Conditions(USER_AGENT))))
    assert result.stdout == "R210517: a finished bag. No source was found in this report.\n"


def test_a_work_folder_states_how_many_of_the_cited_sources_have_a_verdict(tmp_path: Path) -> None:
    work = work_of(tmp_path, Pilot().ledger())
    cited = "".join(f'[[source]]\ncited = "https://a.example/{n}"\n' for n in range(11))
    (work / "bag/data/report").mkdir(parents=True)
    (work / "bag/data/report/sources.toml").write_text(f'[report]\nid = "R210517"\n{cited}')
    assert "this is a work folder. 11 sources, 9 of them with a verdict so far:" in show(work).stdout

"""The same torture by the kernel's hand: strace kills or fails the real program at system calls that write."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.archive.workfolder.repeated_runs import trials
from tests.archive.workfolder.test_torture import (
    CITED,
    Ground,
    Tiny,
    assert_bears_a_failed_call,
    assert_is_whole,
    assert_nothing_half_made_looks_like_a_bag,
    assert_resumes,
    requested_once,
)
from tests.world import World

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")

CALLS = ("write", "openat", "fsync", "rename", "mkdir", "unlink", "unlinkat", "rmdir")
DEATH = "signal=SIGKILL"
ERRORS = {"write": ("ENOSPC", "EIO"), "openat": ("ENOSPC",), "fsync": ("EIO", "ENOSPC"), "rename": ("EIO",)}
_TRACED = re.compile(r"^(\d+) +([a-z0-9]+)\((.*)$")


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    home = tmp_path_factory.mktemp("strace")
    lines = "".join(f'\n[[source]]\ncited = "{url}"\n' for url in CITED)
    (home / "sources.toml").write_text(f'[report]\nid = "T"\ntitle = "T"\n{lines}')
    with World([Tiny()]) as world, trials() as running:
        ground = Ground(world, running, home)
        folder = ground.fresh()
        assert ground.fetch(folder).code == 1
        ground.blocks = requested_once(folder / "B")
        shutil.rmtree(folder)
        yield ground


@pytest.fixture(scope="module")
def places(ground: Ground) -> dict[str, list[int]]:
    """Call -> the turns, counted in each thread as strace counts them, at which it touches the work folder."""
    folder = ground.fresh()
    log = ground.home / "strace.log"
    tracing = ["-y", "-s", "0", "-e", f"trace={','.join(CALLS)}", "-o", str(log)]
    assert ground.trials.run(ground.command(folder), folder, strace=tracing).code == 1
    turns: Counter[tuple[str, str]] = Counter()
    found: dict[str, set[int]] = {call: set() for call in CALLS}
    for line in log.read_text().splitlines():
        match = _TRACED.match(line)
        if match is None:
            continue
        thread, call, rest = match.groups()
        turns[thread, call] += 1
        if str(folder) in rest and not (call == "openat" and "O_CREAT" not in rest):
            found[call].add(turns[thread, call])
    shutil.rmtree(folder)
    assert all(found.values())
    return {call: sorted(places) for call, places in found.items()}


def endure(ground: Ground, call: str, turn: int, how: str) -> bool:
    """Strike once, then run the same command to its end. True where it struck."""
    folder = ground.fresh()
    injecting = ["-e", f"trace={call}", "-e", f"inject={call}:{how}:when={turn}", "-o", "/dev/null"]
    struck = ground.trials.run(ground.command(folder), folder, strace=injecting)
    assert_nothing_half_made_looks_like_a_bag(folder)
    if how == DEATH:
        assert struck.code in (-9, 1)
    elif struck.said or struck.code != 3:  # each thread has that turn: the one in which the line is written too
        assert_bears_a_failed_call(struck, 2 if "--cacert" in struck.said else 3)  # or an input is opened
    if struck.code == 1:
        assert_is_whole(ground, folder / "B")
    assert_resumes(ground, folder)
    shutil.rmtree(folder)
    return struck.code in (-9, 3)


def test_real_system_calls_can_be_the_last_ones(ground: Ground, places: dict[str, list[int]]) -> None:
    chance = random.Random("strace")
    tried = [("write", chance.choice(places["write"])), ("fsync", places["fsync"][0]), ("rename", places["rename"][-1])]
    assert [endure(ground, call, turn, DEATH) for call, turn in tried].count(True) >= 2


@pytest.mark.torture
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("call", CALLS)
def test_every_system_call_that_writes_can_be_the_last_one(
    ground: Ground, places: dict[str, list[int]], call: str
) -> None:
    struck = [endure(ground, call, turn, DEATH) for turn in places[call]]
    print(f"{call}: struck {struck.count(True)} of {len(struck)}")
    assert struck.count(True) >= 0.7 * len(struck)  # threads share the work again each time


@pytest.mark.torture
@pytest.mark.timeout(7200)
@pytest.mark.parametrize(("call", "error"), [(call, error) for call, errors in ERRORS.items() for error in errors])
def test_every_system_call_that_writes_can_fail(
    ground: Ground, places: dict[str, list[int]], call: str, error: str
) -> None:
    for turn in places[call]:
        endure(ground, call, turn, f"error={error}")

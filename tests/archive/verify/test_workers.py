"""Reading in several processes: the same answers, and one that dies costs the file that killed it alone."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.bag.interface import Entry, Reader
from archive.verify.files import workers as workers_module
from archive.verify.files.reading import Batch
from archive.verify.files.workers import ReadingFailed, WorkerPool
from archive.verify.run import verify
from tests.archive.verify.sample_bags import make_bag, observed


class Fatal(Reader):
    """Reads a file's own name, and dies on some."""

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        if "kill" in entry.path:
            os._exit(9)
        if "fault" in entry.path:
            raise ZeroDivisionError(entry.path)
        yield entry.path.encode()


def batch(*names: str) -> Batch:
    made = Batch()
    for name in names:
        made.add(Entry(name, len(name), 0))
    return made


def read(batches: list[Batch], jobs: int = 2) -> dict[str, tuple[int, tuple[str, str] | None]]:
    """Size and problem of each file."""
    found = {}
    with WorkerPool(Fatal(), ("sha256",), jobs) as pool:
        pool.start()
        for requested, answer in pool.read(batches):
            for index, name in enumerate(requested.paths):
                found[name] = (answer.sizes[index], answer.problems.get(index))
    return found


def test_every_batch_is_read_once_whatever_the_number_of_processes() -> None:
    batches = [batch(f"a{number}", f"b{number}") for number in range(50)]
    expected = {name: (len(name), None) for one in batches for name in one.paths}
    assert read(batches, jobs=2) == read(batches, jobs=3) == read(batches, jobs=1) == expected


def test_what_is_done_meanwhile_is_done_step_by_step_beside_the_reading() -> None:
    steps: list[int] = []

    def meanwhile() -> Iterator[None]:
        for number in range(1000):
            steps.append(number)
            yield

    with WorkerPool(Fatal(), ("sha256",), 2) as pool:
        pool.start()
        early = pool.hand_out(iter([batch("a")]))
        every = early + list(pool.read([batch("b"), batch("c")], meanwhile()))
    assert sorted(each.paths[0] for each, _ in every) == ["a", "b", "c"]
    assert steps == list(range(len(steps)))


def test_small_batches_are_given_out_in_advance_and_large_ones_are_not() -> None:
    def held(batches: list[Batch]) -> list[int]:
        counts: list[int] = []

        with WorkerPool(Fatal(), ("sha256",), 2) as pool:
            pool.start()
            waiting = iter(batches)
            pool._send(waiting)
            counts.extend(len(member.batches) for member in pool._members)
            assert len(list(pool.read(waiting))) == len(batches)
        return counts

    large = Batch(["data/large"], [40 << 20], [0], 40 << 20)
    long_names = [batch(*(f"{number}-{each}" * 100 for each in range(60))) for number in range(9)]
    assert held([batch(f"a{number}", f"b{number}") for number in range(10)]) == [5, 5]
    assert held([large] * 10) == [1, 1]
    assert held(long_names) == [2, 2]


def test_a_file_that_kills_its_reader_is_reported_and_the_others_are_read() -> None:
    found = read([batch("a", "kill", "b"), batch("c"), batch("kill2"), batch("d", "e")])
    died = (0, ("reader-died", "the process that read it died (9)"))
    assert found == {"a": (1, None), "b": (1, None), "c": (1, None), "d": (1, None), "e": (1, None)} | {
        "kill": died,
        "kill2": died,
    }


def test_a_fault_in_another_process_is_raised_here() -> None:
    with pytest.raises(ReadingFailed, match="ZeroDivisionError: fault"):
        read([batch("a"), batch("fault")])


def test_little_work_is_done_in_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers_module, "_Member", None)
    assert verify(make_bag(tmp_path / "R1"), jobs=4).findings == ()


@pytest.mark.parametrize("form", ["folder", "tar", "zip", "gztar"])
def test_packages_are_read_right_by_several_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """Forked processes share the place in an open file, unless each opens its own."""
    monkeypatch.setattr(workers_module, "WORTHWHILE", 0)
    files = {f"data/{number:03}": os.urandom(3000 + 7000 * (number % 50)) for number in range(150)}
    place = make_bag(tmp_path / "R1", files)
    if form != "folder":
        place = Path(shutil.make_archive(str(tmp_path / "out" / "R1"), form, tmp_path, "R1"))
    assert observed(verify(place, jobs=3)) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_no_process_outlives_the_one_that_requested(tmp_path: Path, method: str) -> None:
    bag = make_bag(tmp_path / "R1", {"data/large": bytes(100)})
    script = f"""
import multiprocessing, os, sys, time
from archive.bag.open import open_bag
from archive.verify.files import workers
workers._context = lambda: multiprocessing.get_context({method!r})
if __name__ == "__main__":
    members = workers.WorkerPool(open_bag(sys.argv[1]).reader(), ("sha256",), 3)
    members.start()
    print(*(member._process.pid for member in members._members), flush=True)
    time.sleep(60)
"""
    (tmp_path / "script.py").write_text(script)
    asking = subprocess.Popen([sys.executable, tmp_path / "script.py", bag], stdout=subprocess.PIPE, text=True)
    assert asking.stdout is not None
    readers = [int(number) for number in asking.stdout.readline().split()]
    asking.kill()
    asking.wait()
    for _ in range(100):
        if all(map(is_dead, readers)):
            break
        time.sleep(0.1)
    assert len(readers) == 3
    assert [reader for reader in readers if not is_dead(reader)] == []


def is_dead(process: int) -> bool:
    """True for what is gone, and for a zombie that nobody has waited for."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_a_batch_that_is_sent_leaves_its_paths_as_small_as_they_were() -> None:
    sent = batch("data/تقرير.txt", "data/odd\udcff.txt")
    before = [sys.getsizeof(path) for path in sent.paths]
    assert pickle.loads(pickle.dumps(sent)) == sent
    assert [sys.getsizeof(path) for path in sent.paths] == before

"""Processes that read files side by side. One that dies costs the file that killed it, no more."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from archive.bag.interface import Reader
from archive.errors import ArchiveError
from archive.verify.files.reading import Batch, BatchRead, read_batch

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext
from collections.abc import Container

from archive.bag.interface import UNKNOWN, Entry

MOST_FILES = 256
MOST_OCTETS = 8 << 20
MOST_NAMES = 12 << 10
"""Characters of names: a batch must fit into a pipe (64 KiB), or both sides could wait for the other for ever."""

FEW = 5_000
"""Files of a bag that are sorted before they are read, the largest first, so that no core waits at the end."""

FEW_A_BATCH = 32
"""Files of such a bag that are read together."""


def by_size(entries: Iterable[Entry], large: float, leave_out: Container[str] = ()) -> Iterator[Batch]:
    """Batches of files whose sizes are known, in their order; one of `large` or more octets may have idle cores."""
    batch, names = Batch(), 0
    for entry in entries:
        if entry.path in leave_out:
            continue
        names += len(entry.path)
        is_full = len(batch.paths) >= FEW_A_BATCH or batch.octets + entry.size > MOST_OCTETS
        if batch.paths and (is_full or names > MOST_NAMES):
            yield batch
            batch, names = Batch(), len(entry.path)
        batch.add(entry)
        batch.is_wide = entry.size >= large
    if batch.paths:
        yield batch


def by_number(names: Iterable[list[str]], number: int) -> Iterator[Batch]:
    """Batches of `number` files of unknown size."""
    waiting: list[str] = []
    for more in names:
        waiting += more
        whole = len(waiting) - len(waiting) % number
        for start in range(0, whole, number):
            yield from _named(waiting[start : start + number])
        del waiting[:whole]
    if waiting:
        yield from _named(waiting)


def number_for(mean: int) -> int:
    """How many files of a mean size are read together. The size is what the bag claims, so it may be anything."""
    return max(1, min(MOST_FILES, MOST_OCTETS // max(1, min(mean, MOST_OCTETS))))


def _named(names: list[str]) -> Iterator[Batch]:
    """A batch of names, or several where they are long."""
    if len(names) > 1 and sum(map(len, names)) > MOST_NAMES:
        middle = len(names) // 2
        yield from _named(names[:middle])
        yield from _named(names[middle:])
    else:
        yield Batch(paths=names, sizes=[UNKNOWN] * len(names), at=[0] * len(names))


AHEAD = 2
"""Batches that a process holds where they are small: the one it reads, and the next."""
_MOST_AHEAD = 24 << 20
"""Octets up to which it is given one more, so that it does not wait while this process does something else."""
_MOST_SENT = 32 << 10
"""Bytes of requests up to which there are more than two: they have to fit into a pipe together with one more."""

WORTHWHILE = 48 << 20
"""Octets (a file counts for 16 KiB more) below which starting processes costs more than it saves."""

_FILE_COST = 16 << 10


_NO_STEP = object()
"""Stands for the end of what is done meanwhile."""


class ReadingFailed(ArchiveError):
    """A fault in the program, met in another process."""


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def weight(batch: Batch) -> int:
    return batch.octets + _FILE_COST * len(batch.paths)


class WorkerPool:
    """Reads batches: in this process where there is little to do, else in `jobs` others."""

    def __init__(self, reader: Reader, algorithms: tuple[str, ...], jobs: int) -> None:
        self._reader = reader
        self._algorithms = algorithms
        self._jobs = jobs
        self._members: list[_Member] = []
        self._retries: deque[Batch] = deque()

    def start(self) -> None:
        """Start the processes, best while this one is still small."""
        if self._jobs > 1 and not self._members:
            self._members = [_Member(self._reader, self._algorithms) for _ in range(self._jobs)]

    def read(self, batches: Iterable[Batch], meanwhile: Iterable[object] = ()) -> Iterator[tuple[Batch, BatchRead]]:
        """Yield every batch with what was read, in any order, those too that were handed out before.

        `meanwhile` is what this process does, step by step, as long as it would wait for others; not to its end where
        they are quicker, and not at all where there are none.
        """
        waiting = iter(batches)
        if not self._members and self._jobs > 1:
            first: list[Batch] = []
            for batch in waiting:
                first.append(batch)
                if sum(map(weight, first)) > WORTHWHILE:
                    self.start()
                    break
            waiting = iter([*first, *waiting]) if not self._members else _chained(first, waiting)
        if self._members:
            yield from self._share_out(waiting, iter(meanwhile))
        else:
            for batch in waiting:
                yield batch, read_batch(self._reader, batch, self._algorithms)

    def close(self) -> None:
        """End the processes at once, also those with work left."""
        for member in self._members:
            member.end()
        self._members = []
        self._reader.close()

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def hand_out(self, batches: Iterator[Batch]) -> list[tuple[Batch, BatchRead]]:
        """Have the processes that were started read what they have room for; what was read so far, without waiting."""
        self._send(batches)
        return list(self._received(timeout=0))

    def _share_out(self, batches: Iterator[Batch], meanwhile: Iterator[object]) -> Iterator[tuple[Batch, BatchRead]]:
        has_steps = True
        while True:
            self._send(batches)
            if not any(member.batches for member in self._members):
                return
            received = list(self._received(timeout=0 if has_steps else None))
            if not received and has_steps:
                has_steps = next(meanwhile, _NO_STEP) is not _NO_STEP
            yield from received

    def _send(self, batches: Iterator[Batch]) -> None:
        lacking = [member for member in self._members if member.has_room]
        while lacking and (batch := self._retries.popleft() if self._retries else next(batches, None)) is not None:
            member = min(lacking, key=lambda member: len(member.batches))
            member.send(batch)
            if not member.has_room:
                lacking.remove(member)

    def _received(self, timeout: float | None) -> Iterator[tuple[Batch, BatchRead]]:
        from multiprocessing.connection import wait

        active = {member.answers: member for member in self._members if member.batches}
        for ready in wait(list(active), timeout):
            member = active[ready]  # type: ignore[index]
            try:
                yield member.receive()
            except (EOFError, ConnectionError):
                yield from self._replace_crashed(member)

    def _replace_crashed(self, member: _Member) -> Iterator[tuple[Batch, BatchRead]]:
        """Replace a process that died and read its files one by one; a file read alone when it died is reported."""
        lost = list(member.batches)
        member.end()
        self._members[self._members.index(member)] = _Member(self._reader, self._algorithms)
        for batch in lost:
            if batch is lost[0] and len(batch.paths) == 1:
                note = f"the process that read it died ({member.exit_code})"
                yield batch, BatchRead([b""], [0], {0: ("reader-died", note)})
            else:
                self._retries.extend(_single(batch))


def _single(batch: Batch) -> Iterator[Batch]:
    for entry in batch.entries():
        alone = Batch(is_wide=batch.is_wide, start=batch.start, stop=batch.stop)
        alone.add(entry)
        yield alone


def _chained(first: list[Batch], rest: Iterator[Batch]) -> Iterator[Batch]:
    yield from first
    yield from rest


class _Member:
    """One process, and the batches that it holds, in the order it was given them."""

    def __init__(self, reader: Reader, algorithms: tuple[str, ...]) -> None:
        context = _context()
        # One-way pipes: a two-way one is a socket, and verifying opens none.
        requests, self._requests = context.Pipe(duplex=False)
        self.answers, answering = context.Pipe(duplex=False)
        self.batches: deque[Batch] = deque()
        self._sent: deque[int] = deque()
        """Bytes of the requests for these."""
        # A forked process has its parent's ends too: it would never see them closed while it holds them itself.
        inherited = (self._requests, self.answers) if context.get_start_method() == "fork" else ()
        arguments = (requests, answering, inherited, reader, algorithms)
        self._process = context.Process(target=_work, args=arguments, daemon=True)  # type: ignore[attr-defined]
        self._process.start()
        requests.close()
        answering.close()

    @property
    def has_room(self) -> bool:
        """True where it should be given one more batch: small ones in advance, so that it never waits for the next.

        A large one only when it has none, so that none waits for it at the end while others are idle.
        """
        waiting = self.batches
        is_short = not waiting or sum(map(weight, waiting)) < _MOST_AHEAD
        return is_short and (len(waiting) < AHEAD or sum(self._sent) < _MOST_SENT)

    @property
    def exit_code(self) -> int | None:
        code: int | None = self._process.exitcode
        return code

    def send(self, batch: Batch) -> None:
        request = pickle.dumps(batch, pickle.HIGHEST_PROTOCOL)
        self.batches.append(batch)
        self._sent.append(len(request))
        with contextlib.suppress(ConnectionError):  # it died; receiving says so
            self._requests.send_bytes(request)

    def receive(self) -> tuple[Batch, BatchRead]:
        answer = self.answers.recv()
        if isinstance(answer, str):
            raise ReadingFailed(answer)
        self._sent.popleft()
        return self.batches.popleft(), answer

    def end(self) -> None:
        self._requests.close()
        self.answers.close()
        self._process.terminate()
        self._process.join()


def _context() -> BaseContext:
    import multiprocessing

    # Forking is quickest, and safe where no other thread may hold a lock.
    is_alone = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if is_alone else "spawn")


def _work(
    requests: Connection,
    answering: Connection,
    inherited: tuple[Connection, ...],
    reader: Reader,
    algorithms: tuple[str, ...],
) -> None:
    """The main loop of a worker process: it ends when its pipe is closed, also where the parent was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for end in inherited:
        end.close()
    reader.close()  # a forked process would share the place in an open file with its parent
    try:
        while True:
            batch = requests.recv()
            try:
                answering.send(read_batch(reader, batch, algorithms))
            except Exception:  # noqa: BLE001 -- raised again where it is seen
                answering.send(traceback.format_exc())
    except (EOFError, ConnectionError):
        return

"""Hands batches to an engine, a few at a time, and yields what comes back. A worker that dies costs a repetition."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait

from archive.audit.check import died
from archive.audit.engine.interface import Engine, Loss
from archive.audit.look import Look, Pin, Rules

BATCH_COPIES = 50

BATCH_OCTETS = 256 << 20

AHEAD = 2
"""Batches that wait for each worker, the one it reads included."""

TRIES = 2
"""How often a copy that is read all by itself may end its worker before that is its result."""

Batch = tuple[Pin, ...]


def batches(pins: Iterable[Pin], most: int = BATCH_COPIES, octets: int = BATCH_OCTETS) -> Iterator[Batch]:
    """Group copies: few enough that no worker is busy for long, enough to be worth a message."""
    batch: list[Pin] = []
    size = 0
    for pin in pins:
        if batch and (len(batch) >= most or size + pin.octets > octets):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(pin)
        size += pin.octets
    if batch:
        yield tuple(batch)


def batch_size(copies: int, workers: int) -> int:
    """Copies of a batch: at most `BATCH_COPIES`, fewer where there would be nothing to share out."""
    return max(1, min(BATCH_COPIES, copies // (workers * 4) or 1))


class Dispatcher:
    """Batches in flight, and those that were in flight when workers died."""

    def __init__(self, engine: Engine, rules: Rules) -> None:
        self._engine = engine
        self._rules = rules
        self._live: dict[Future[list[Look]], Batch] = {}
        self._suspects: deque[tuple[Batch, int]] = deque()
        """Batches that were in flight when a worker died, with how often each was read alone since."""
        self._alone: tuple[Batch, int] | None = None

    def run(self, work: Iterable[Batch], is_stopped: Callable[[], bool] = lambda: False) -> Iterator[list[Look]]:
        """Yield the looks of each batch, in any order. Once `is_stopped`, nothing more is handed out.

        Raises `EngineLost`; what was yielded before stays right.
        """
        waiting = iter(work)
        while True:
            if not is_stopped():
                self._submit_batches(waiting)
            if not self._live:
                if self._suspects and not is_stopped():
                    continue
                return
            done, _ = wait(list(self._live), return_when=FIRST_COMPLETED)
            for future in sorted(done, key=_is_lost):  # results first: what is here is not repeated
                if future in self._live:
                    yield from self._taken(future)

    def _submit_batches(self, waiting: Iterator[Batch]) -> None:
        """Suspects one at a time with nothing beside them, so that it is known which copy ends its worker."""
        if self._suspects:
            if not self._live:
                self._alone = self._suspects.popleft()
                self._submit(self._alone[0])
            return
        self._alone = None
        while len(self._live) < self._engine.workers * AHEAD:
            batch = next(waiting, None)
            if batch is None:
                return
            self._submit(batch)

    def _submit(self, batch: Batch) -> None:
        try:
            future = self._engine.submit(batch, self._rules)
        except BrokenExecutor:  # a worker died between two batches
            self._lose_all()
            self._suspects.append((batch, 0))
            self._engine.rebuild()
            return
        self._live[future] = batch

    def _taken(self, future: Future[list[Look]]) -> Iterator[list[Look]]:
        batch = self._live.pop(future)
        error = CancelledError() if future.cancelled() else future.exception()
        if error is None:
            yield future.result()
            return
        loss = self._engine.meaning(error)
        if loss is Loss.NONE:
            raise error
        alone, self._alone = self._alone, None
        if alone is not None or loss is Loss.BATCH:
            yield from self._blamed(batch, alone[1] if alone else TRIES)
        else:
            self._suspects.append((batch, 0))
        if loss is Loss.POOL:
            self._lose_all()
            self._engine.rebuild()

    def _blamed(self, batch: Batch, tries: int) -> Iterator[list[Look]]:
        """A batch that ended its worker while nothing else ran is read copy by copy; such a copy once more."""
        if len(batch) > 1:
            self._suspects.extend(((pin,), 0) for pin in batch)
        elif tries + 1 < TRIES:
            self._suspects.append((batch, tries + 1))
        else:
            yield [died(batch[0], "the process that read it ended each time it did")]

    def _lose_all(self) -> None:
        self._suspects.extend((batch, 0) for batch in self._live.values())
        self._live.clear()


def _is_lost(future: Future[list[Look]]) -> bool:
    return future.cancelled() or future.exception() is not None

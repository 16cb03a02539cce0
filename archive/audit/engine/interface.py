"""An engine: an executor of `concurrent.futures`, and what its failures mean. The catalogue keeps the results."""

from __future__ import annotations

from abc import ABC, abstractmethod
from concurrent.futures import Executor, Future
from enum import Enum

from archive.audit.check import check_batch
from archive.audit.look import Look, Pin, Rules


class Loss(Enum):
    """What an exception of a future says about the engine."""

    BATCH = "this batch ended the workers that read it"
    POOL = "whatever was in flight is lost"
    NONE = "a fault of the program"


class Engine(ABC):
    """Runs `check_batch` somewhere. The constructor opens it; its owner closes it."""

    name: str
    """As `--engine` spells it, for the record."""

    @property
    @abstractmethod
    def workers(self) -> int:
        """How many batches are read at once."""

    @property
    @abstractmethod
    def executor(self) -> Executor:
        """What takes work. Raises `EngineLost`."""

    def submit(self, pins: tuple[Pin, ...], rules: Rules) -> Future[list[Look]]:
        """Hand out one batch. Raises `EngineLost`."""
        return self.executor.submit(check_batch, pins, rules)

    @abstractmethod
    def meaning(self, error: BaseException) -> Loss:
        """What it means that a future ended in `error`."""

    @abstractmethod
    def rebuild(self) -> None:
        """Restart the lost workers. Raises `EngineLost` where that cannot be done."""

    @abstractmethod
    def close(self, *, wait: bool = True) -> None:
        """End the workers; without `wait`, also those with work left."""

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close(wait=kind is None)

"""The final response of each request of a run: where the journal states it, or itself where it says more than that."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archive.capture.retry import may_pass
from archive.workfolder.recorded import Recorded

MOST_IN_MEMORY = 1024
"""Responses that were requested last, a kilobyte each: the pages of a site share what they need."""


class KnownResponses:
    """Responses by request. Used on the event loop alone."""

    def __init__(self, read_back: Callable[[int], Recorded], earlier: Mapping[str, Recorded]) -> None:
        """`read_back` reads the exchange that a line of the journal states; `earlier` are responses of earlier runs."""
        self._read_back = read_back
        self._lines: dict[str, int] = {}
        self._whole: dict[str, Recorded] = {}
        """Those that failed and may be requested once more, or that are more than one exchange."""
        self._recent: dict[str, Recorded] = {}
        for request, recorded in earlier.items():
            self.put(request, recorded)

    def put(self, request: str, recorded: Recorded) -> None:
        """Keep the final response to a request."""
        if recorded.line is None or recorded.earlier or may_pass(recorded):
            self.forget(request)
            self._whole[request] = recorded
            return
        self._whole.pop(request, None)
        self._lines[request] = recorded.line
        self._remember(request, recorded)

    def get(self, request: str) -> Recorded | None:
        """The final response to a request; None where it was not sent yet."""
        recorded = self._whole.get(request) or self._recent.get(request)
        if recorded is not None or (line := self._lines.get(request)) is None:
            return recorded
        return self._remember(request, self._read_back(line))

    def _remember(self, request: str, recorded: Recorded) -> Recorded:
        self._recent[request] = recorded
        if len(self._recent) > MOST_IN_MEMORY:
            del self._recent[next(iter(self._recent))]
        return recorded

    def forget(self, request: str) -> None:
        """Have the request sent once more when it is needed."""
        self._lines.pop(request, None)
        self._whole.pop(request, None)
        self._recent.pop(request, None)

    def failures(self) -> dict[str, Recorded]:
        """The responses that failed, and may not fail again."""
        return {request: recorded for request, recorded in self._whole.items() if may_pass(recorded)}

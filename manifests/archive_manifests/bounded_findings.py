"""Findings that stay few in memory and on paper, however many files they are about; their number stays right."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from archive_manifests.findings import Finding, Severity, place_of

MOST = 1000
"""Findings of one code and severity that are listed one by one."""


class BoundedFindings:
    """Holds the first `most` findings of each code in path order, whatever order they come in; counts the others.

    The last of those that are listed states how many `more` there are.
    """

    def __init__(self, findings: Iterable[Finding] = (), *, most: int | None = None) -> None:
        self._most = MOST if most is None else most
        self._listed: defaultdict[tuple[str, Severity], list[Finding]] = defaultdict(list)
        self._counts: Counter[tuple[str, Severity]] = Counter()
        self.add(findings)

    def add(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            kind = finding.code, finding.severity
            self._counts[kind] += finding.count
            listed = self._listed[kind]
            listed.append(finding if finding.more is None else replace(finding, more=None))
            if len(listed) >= 2 * self._most:
                self._cut(listed)

    def __iter__(self) -> Iterator[Finding]:
        for kind, listed in self._listed.items():
            if len(listed) > self._most:
                self._cut(listed)
            more = self._counts[kind] - len(listed)
            yield from listed[:-1]
            yield replace(listed[-1], more=more) if more else listed[-1]

    def _cut(self, listed: list[Finding]) -> None:
        """Keep the first ones in path order."""
        listed.sort(key=place_of)
        del listed[self._most :]


def bounded(findings: Iterable[Finding], *, most: int | None = None) -> tuple[Finding, ...]:
    """Findings in path order, of each code and severity the first `most`; the others are counted."""
    return tuple(sorted(BoundedFindings(findings, most=most), key=place_of))

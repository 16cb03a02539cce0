"""Time, bracketed: a timestamp before the first exchange, and one after the last.

The first one's reply is what the records log begins with, so the log was made after it; the second is over the log's
last line, so the log existed by then. An authority that fails stops nothing: the capture goes on without its word.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from archive.errors import ArchiveError
from archive.net import HttpClient
from archive.progress import Progress
from archive.timestamp.authority import read_url, request_timestamp
from archive.timestamp.cms import BrokenToken
from archive.timestamp.token import check_answers, check_covers, make_query, read_query, read_reply
from archive.workfolder.folder import WorkFolder
from archive_manifests import canonical, records
from archive_manifests.layout import BEGUN, ENDED, stamp_path


@dataclass(frozen=True, slots=True)
class Bracket:
    """Has both ends of a run stamped by the same authorities."""

    work: WorkFolder
    wire: HttpClient
    authorities: Sequence[str]
    progress: Progress

    def open(self, token: str) -> None:
        """Stamp what the run begins with; a run that is gone on with was stamped already."""
        begun = self.work.state.begun
        if not self.authorities or BEGUN in self.work.state.files:
            return
        stated = {
            "schema": "archive.bracket/1",
            "end": "begun",
            "report": begun.report.stated.id,
            "input_sha256": begun.input_sha256,
            "started": begun.started,
            "random": token,
        }
        self._stamp(BEGUN, canonical.document(stated).encode())

    def close(self) -> None:
        """Stamp what the run ends with: the head of the records log."""
        if not self.authorities or ENDED in self.work.state.files:
            return
        log, head = self.work.state.records(), None
        for line in records.chained(log, self.work.state.first_prev):
            head = hashlib.sha256(line.encode()).hexdigest()
        stated = {"schema": "archive.bracket/1", "end": "ended", "records": len(log), "records_head": head}
        self._stamp(ENDED, canonical.document(stated).encode())

    def _stamp(self, path: str, data: bytes) -> None:
        got = [pair for url in self.authorities if (pair := self._asked(url, data)) is not None]
        for number, (query, reply) in enumerate(got, start=1):
            self.work.add_file(stamp_path(path, number, "tsq"), query)
            self.work.add_file(stamp_path(path, number, "tsr"), reply)
        if got:
            self.work.add_file(path, data)

    def _asked(self, url: str, data: bytes) -> tuple[bytes, bytes] | None:
        query = make_query(data)
        try:
            reply = request_timestamp(read_url(url), query, self.wire)
            stamp = read_reply(reply)
            check_covers(stamp, data)
            check_answers(stamp, read_query(query))
        except (ArchiveError, BrokenToken) as error:
            self.progress.stage("no-timestamp", why=str(error))
            return None
        return query, reply

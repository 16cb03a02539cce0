"""Timestamps both ends of a run: one before the first exchange, one after the last.

The records log begins with the reply to the first, so the log is younger; the second covers its last line, so it is
older. An authority that fails stops nothing: the capture continues without its timestamp.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from msgspec import Struct, to_builtins

from archive.errors import ArchiveError
from archive.net import HttpClient
from archive.progress import Progress
from archive.timestamp.authority import read_url, request_timestamp
from archive.timestamp.cms import BrokenToken
from archive.timestamp.token import check_answers, check_covers, make_query, read_query, read_reply
from archive.workfolder.folder import WorkFolder
from archive_manifests import canonical, disclosure, records
from archive_manifests.layout import BEGUN, ENDED, stamp_path


class RunStamper(Struct, frozen=True):
    """Requests the timestamps of both ends of a run from the same authorities."""

    work: WorkFolder
    client: HttpClient
    authorities: Sequence[str]
    progress: Progress

    def open(self, token: str) -> None:
        """Stamp the start of the run; a resumed run has its stamp already."""
        begun = self.work.state.begun
        if not self.authorities or BEGUN in self.work.state.files:
            return
        stated = {
            "schema": "archive.run-stamp/1",
            "end": "begun",
            "report": begun.report.stated.id,
            "input_sha256": begun.input_sha256,
            "started": begun.started,
            "random": token,
        } | ({"round": begun.conditions.round} if begun.conditions.round is not None else {})
        self._stamp(BEGUN, canonical.document(stated).encode())

    def close(self) -> None:
        """Stamp the end of the run: the head of the records log, and the root of the tree over its records.

        By the root a disclosure copy can show that one record was there by then, without the other lines of the log.
        """
        if not self.authorities or ENDED in self.work.state.files:
            return
        log, head = self.work.state.records(), None
        for line in records.chained(log, self.work.state.first_prev):
            head = hashlib.sha256(line.encode()).hexdigest()
        stated = {"schema": "archive.run-stamp/1", "end": "ended", "records": len(log), "records_head": head}
        seed = bytes.fromhex(self.work.state.begun.seed)
        stated["disclosure"] = to_builtins(disclosure.commit(seed, disclosure.record_items(log)))
        self._stamp(ENDED, canonical.document(stated).encode())

    def _stamp(self, path: str, data: bytes) -> None:
        received = [pair for url in self.authorities if (pair := self._request_stamp(url, data)) is not None]
        stem = f"{path.removesuffix('.json')}-"
        for left in [each for each in self.work.state.files if each.startswith(stem)]:
            self.work.remove_file(left)  # of a run that was killed here: these replies answer other queries
        for number, (query, reply) in enumerate(received, start=1):
            self.work.add_file(stamp_path(path, number, "tsq"), query)
            self.work.add_file(stamp_path(path, number, "tsr"), reply)
        if received:
            self.work.add_file(path, data)

    def _request_stamp(self, url: str, data: bytes) -> tuple[bytes, bytes] | None:
        query = make_query(data)
        try:
            reply = request_timestamp(read_url(url), query, self.client)
            stamp = read_reply(reply)
            check_covers(stamp, data)
            check_answers(stamp, read_query(query))
        except (ArchiveError, BrokenToken) as error:
            self.progress.stage("no-timestamp", why=str(error))
            return None
        return query, reply

"""Follows the journal of a run, to make visits again while it goes on."""

from __future__ import annotations

from pathlib import Path

import msgspec

from archive.verify.visits.early_visits import EarlyVisits
from archive.workfolder.events import Begun, Event, Judged
from archive.workfolder.folder import JOURNAL
from archive.workfolder.sorted_records import RECORDS_ADDED
from archive_manifests import layout
from archive_manifests.errors import StatementError
from archive_manifests.source_toml import from_toml


class RunFollower:
    """The journal of one work folder, as far as it was read."""

    def __init__(self, base: Path, visits: EarlyVisits) -> None:
        """`base` is the folder that becomes the bag."""
        self._base, self._journal, self._visits = base, base.parent / JOURNAL, visits
        self._decode = msgspec.json.Decoder(Event).decode
        self._begun: Begun | None = None
        self._end = 0

    def read_on(self) -> None:
        """Read what was appended since the last time. What cannot be read is left: then less is made early."""
        try:
            with self._journal.open("rb") as file:
                file.seek(self._end)
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    self._end += len(line)
                    if not line.startswith(RECORDS_ADDED):
                        self._take(self._decode(line))
        except OSError:
            return  # there is none yet, or none any more
        except (ValueError, msgspec.MsgspecError, StatementError):
            self._visits.close()

    def _take(self, event: Event) -> None:
        match event:
            case Begun():
                self._begun = event
            case Judged(entry=entry):
                if self._begun is not None:
                    manifest = (self._base / layout.SOURCE_MANIFEST).read_text("utf-8")
                    self._visits.begin(self._begun.report, self._begun.conditions, from_toml(manifest))
                    self._begun = None
                self._visits.judge(entry)

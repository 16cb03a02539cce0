"""When the timestamps of a seal have to be renewed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from archive.audit.instants import text_of
from archive.audit.look import SealDeadline

NOTICE = timedelta(days=90)
"""How long before a certificate ends its stamps are due for renewal: a stamp that is too late proves nothing."""

TIMESTAMP = "timestamp"


class _End(Struct, frozen=True):
    authority: str
    at: datetime


def seal_deadlines(folder: Path) -> tuple[SealDeadline, ...]:
    """When the timestamps of a seal folder have to be renewed: before the last of their certificates ends.

    Each renewal stamps all that was there before, so the one that holds longest decides.
    """
    ends = sorted(_ends(folder), key=lambda end: end.at)
    if not ends:
        return ()
    last = ends[-1]
    detail = f"certificates of {last.authority} end on {last.at:%Y-%m-%d}; `archive sign BAG --renew --tsa URL`"
    return (SealDeadline(TIMESTAMP, last.authority, text_of(last.at - NOTICE), detail),)


def _ends(folder: Path) -> Iterator[_End]:
    from archive.timestamp.cms import BrokenToken
    from archive.timestamp.token import read_reply
    from archive.trust import seal_folder
    from archive.trust.seal_folder import FileRefused

    listing = seal_folder.list_folder(folder)
    for name in listing.replies if listing else ():
        try:
            stamp = read_reply(seal_folder.read_file(folder, name))
        except (BrokenToken, FileRefused):
            continue  # a stamp that does not hold has no deadline; verifying says that it does not
        chain = (stamp.certificate, *stamp.carried)
        yield _End(stamp.authority, min(certificate.not_valid_after_utc for certificate in chain))

"""Who collected, sealed away: a record that only chosen recipients can open, and a commitment to it for everybody.

The commitment stands in the custody log. Years later the record can be opened before a court, and shown to be the one
that was meant: SHA-256 of the salt and the record gives the commitment. Without the salt nobody can try names.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from archive.errors import BagUnreadable, StatementError, UsageProblem
from archive.trust import custody_log, seal_folder
from archive.trust.seal_folder import FileRefused
from archive_manifests import canonical
from archive_manifests.plain_text import plain_reason

NAME = "identity.age"
"""In the seal folder."""

SCHEMA = "archive.identity/1"
RECORD_LIMIT = 256 << 10
SALT = 32
_STEP = 4096


class Annex(Struct, frozen=True):
    """What recipients find when they open it."""

    schema: str
    salt: str
    """Hex."""
    record: str
    """The record's bytes, base64."""
    padding: str = ""
    """So that its size shows nothing."""

    @property
    def content(self) -> bytes:
        return base64.b64decode(self.record, validate=True)

    @property
    def commitment(self) -> str:
        return f"sha256:{hashlib.sha256(bytes.fromhex(self.salt) + self.content).hexdigest()}"


def make_annex(record: bytes, salt: bytes, recipients: Sequence[Any]) -> tuple[bytes, str]:
    """The encrypted annex and the commitment. Raises `UsageProblem` where there is nobody, or nothing, to seal."""
    import pyrage

    if not recipients:
        raise UsageProblem("an identity annex needs somebody who can open it: give --annex-to")
    if not record or len(record) > RECORD_LIMIT or len(salt) != SALT:
        raise UsageProblem(f"an identity record holds between 1 and {RECORD_LIMIT:,} bytes")
    annex = Annex(SCHEMA, salt.hex(), base64.b64encode(record).decode())
    short = -len(canonical.document(annex)) % _STEP
    padded = Annex(annex.schema, annex.salt, annex.record, "0" * short)
    place = io.BytesIO()
    pyrage.encrypt_io(io.BytesIO(canonical.document(padded).encode()), place, list(recipients))
    return place.getvalue(), annex.commitment


class Identity(Struct, frozen=True):
    """Who collected, as it was sealed away."""

    record: bytes
    commitment: str
    is_committed: bool
    """The custody log beside the bag names this commitment, and hangs together."""


def open_identity(seal: Path, identities: Sequence[Any]) -> Identity:
    """Open the annex in a seal folder, and hold it against the custody log there. Nothing is written.

    Raises `BagUnreadable` where there is none, `NotForUs`, `StatementError`.
    """
    try:
        annex = open_annex(seal_folder.read_file(seal, NAME), identities)
    except (FileRefused, FileNotFoundError, NotADirectoryError) as error:
        raise BagUnreadable(f"{seal / NAME}: no identity annex that can be read ({error})") from error
    return Identity(annex.content, annex.commitment, annex.commitment in _commitments(seal))


def _commitments(seal: Path) -> set[str]:
    try:
        log = custody_log.read_log(seal, custody_log.first_prev(seal))
    except custody_log.CustodyBroken:
        return set()
    return {event.facts["commitment"] for event in custody_log.identity_events(log)}


def open_annex(content: bytes, identities: Sequence[Any]) -> Annex:
    """Open an annex. Raises `StatementError` for what is none, `NotForUs` where no identity opens it."""
    import pyrage

    from archive.handover.encrypt import NotForUs

    try:
        plain = pyrage.decrypt(content, list(identities))
    except pyrage.DecryptError as error:
        raise NotForUs(f"{NAME}: no identity given opens it ({error})") from error
    annex = canonical.parse(plain, Annex, what="identity annex")
    try:
        well_formed = annex.schema == SCHEMA and len(bytes.fromhex(annex.salt)) == SALT and annex.content
    except ValueError as error:
        raise StatementError(f"identity annex: {plain_reason(error)}") from error
    if not well_formed:
        raise StatementError("identity annex: not one that is known here")
    return annex

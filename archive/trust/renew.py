"""Renewal: a list of everything in the seal so far, stamped anew, so that old stamps outlive their certificates.

The list is in the format of `sha512sum`: `sha512sum -c renewal-01.txt` and `openssl ts -verify -data renewal-01.txt`
check it without this program. It does what RFC 4998 calls hash-tree renewal (section 5.3), in plain text.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from archive.trust import folder as seal_folder
from archive.trust.folder import FileRefused, SealUnwritable
from archive.trust.stamping import Target


def make_renewal(folder: Path) -> Target:
    """The next renewal of a seal folder, not yet written: it is worth nothing without a stamp."""
    listing = seal_folder.list_folder(folder)
    if listing is None or listing.is_empty:
        raise SealUnwritable(f"{folder}: nothing to renew; `archive sign` makes a seal first")
    names = sorted((seal_folder.SEAL, *listing.signatures, *listing.queries, *listing.replies, *listing.renewals))
    try:
        lines = [f"{hashlib.sha512(seal_folder.read_file(folder, name)).hexdigest()}  {name}\n" for name in names]
    except FileRefused as error:
        raise SealUnwritable(f"{folder}: cannot be renewed: {error}") from error
    return Target(seal_folder.next_renewal(listing), "".join(lines).encode())

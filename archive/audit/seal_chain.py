"""Signs and timestamps the head of the chain: what the catalogue said until then cannot be rewritten unnoticed."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from sqlalchemy import delete, insert

from archive.audit.catalogue.agreement import check_catalogue
from archive.audit.catalogue.chain import head
from archive.audit.catalogue.database import CatalogueDatabase
from archive.audit.catalogue.schema import chain_head
from archive.audit.errors import ChainBroken
from archive.audit.instants import text_of
from archive.errors import ArchiveError, UsageProblem
from archive.ssh.signature import Signer, sign
from archive.timestamp.authority import read_url, request_timestamp
from archive.timestamp.cms import BrokenToken
from archive.timestamp.token import check_answers, check_covers, make_query, read_query, read_reply

if TYPE_CHECKING:
    from archive.net import HttpClient

NAMESPACE = "archive-audit"
"""Of the signature (SSHSIG): `ssh-keygen -Y verify -n archive-audit` checks it."""


class SealedHead(Struct, frozen=True):
    """A head of the chain with its proofs."""

    seq: int
    statement: str
    signer: str | None
    timestamps: tuple[dict[str, str], ...]
    problems: tuple[str, ...]
    """Why an authority gave no stamp."""


def seal_chain(
    catalogue: CatalogueDatabase, signer: Signer | None, urls: Sequence[str], wire: HttpClient | None, now: datetime
) -> SealedHead:
    """Sign the head, stamp it, and enter both. A chain that does not hold is not sealed: raises `ChainBroken`."""
    places = [read_url(url) for url in urls]
    with catalogue.reading() as connection:
        number, faults = check_catalogue(connection)
        seq, digest = head(connection)
    if faults:
        raise ChainBroken(f"{catalogue.name}: event {faults[0].seq} {faults[0].what}; the chain was not sealed")
    if not number:
        raise UsageProblem(f"{catalogue.name}: holds no event yet; there is nothing to seal")
    statement = _statement(seq, digest, now)
    signature = sign(statement.encode(), NAMESPACE, signer).decode() if signer else None
    stamped = (signature or statement).encode()
    stamps: list[dict[str, str]] = []
    problems: list[str] = []
    for place in places:
        assert wire is not None
        query = make_query(stamped)
        try:
            reply = request_timestamp(place, query, wire)
            found = read_reply(reply)
            check_covers(found, stamped)
            check_answers(found, read_query(query))
        except (ArchiveError, BrokenToken) as error:
            problems.append(f"{place}: no timestamp: {error}")
        else:
            stamps.append({"url": str(place), "tsq": _base64(query), "tsr": _base64(reply)})
    row = _row(seq, digest, statement, signature, signer, stamps, now)
    with catalogue.coordinator(), catalogue.writing() as connection:
        connection.execute(delete(chain_head).where(chain_head.c.seq == seq))
        connection.execute(insert(chain_head), [row])
    return SealedHead(seq, statement, row["signer"], tuple(stamps), tuple(problems))


def _statement(seq: int, digest: str | None, now: datetime) -> str:
    document = {"schema": "archive.audit-head/1", "event": seq, "head": digest, "at": text_of(now)}
    return msgspec.json.encode(document).decode() + "\n"


def _row(
    seq: int,
    digest: str | None,
    statement: str,
    signature: str | None,
    signer: Signer | None,
    stamps: list[dict[str, str]],
    now: datetime,
) -> dict[str, Any]:
    return {
        "seq": seq, "row_hash": digest, "at": text_of(now), "statement": statement, "signature": signature,
        "signer": signer.public_key.fingerprint if signer else None,
        "timestamps": msgspec.json.encode(stamps).decode(),
    }  # fmt: skip


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()

"""Large responses that survive the death of the process: the bytes in a named file, the exchange beside them.

The file of a response is deleted some time after the response is in the WARC. What still lies there when a run starts
belongs to a run that was killed, and may be in the WARC already.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.http.message import MessageReader
from archive.net.exchange import ConnectionFacts, Exchange, Spool, TlsFacts
from archive.urls import UrlError, parse
from archive_manifests.notes import note

SCHEMA = "archive.interrupted/1"
BODY, ABOUT = ".received", ".json"
_PIECE = 1 << 20


def place_for(exchange: Exchange, folder: Path, tag: dict[str, Any]) -> Path:
    """The file for the bytes of a response, described beside it; `tag` is the caller's. Raises `OSError`."""
    place = folder / f"{uuid.uuid4().hex}{BODY}"
    about = {
        "schema": SCHEMA,
        "url": exchange.url.href,
        "method": exchange.method,
        "started": exchange.started.isoformat(),
        "sent": base64.b64encode(exchange.sent.read()).decode(),
        "connection": _facts(exchange.connection),
        "tag": tag,
    }
    place.with_suffix(ABOUT).write_text(json.dumps(about), encoding="utf-8")
    return place


def discard(place: Path) -> None:
    """Delete the file of a response and its description."""
    for each in (place, place.with_suffix(ABOUT)):
        each.unlink(missing_ok=True)


def restore(folder: Path) -> Iterator[tuple[Exchange, dict[str, Any]]]:
    """Yield the exchanges that a killed run was receiving, each with its tag; their files are deleted afterwards."""
    for number, place in enumerate(sorted(folder.glob(f"*{BODY}")), start=1):
        try:
            about = json.loads(place.with_suffix(ABOUT).read_text(encoding="utf-8"))
            exchange = _exchange(place, about, folder, number)
        except (OSError, ValueError, KeyError, TypeError, UrlError):
            exchange = None
        if exchange is not None:
            yield exchange, about["tag"]
            exchange.close()
        discard(place)


def _exchange(place: Path, about: dict[str, Any], folder: Path, number: int) -> Exchange | None:
    """The exchange as far as it came; None where no head had arrived."""
    if about.get("schema") != SCHEMA or not isinstance(about["tag"], dict):
        return None
    sent, received = Spool(folder), Spool(folder)
    sent.write(base64.b64decode(about["sent"]))
    exchange = Exchange(parse(about["url"]), about["method"], datetime.fromisoformat(about["started"]), sent, received)
    reader = MessageReader(exchange.hash_payload, method=exchange.method)
    with place.open("rb") as file:
        while piece := file.read(_PIECE):
            received.write(piece)
            reader.feed(piece)
    if reader.head is None:
        return None
    exchange.head, exchange.interim, exchange.framing = reader.head, reader.interim, reader.framing
    exchange.small_chunks = reader.small_chunks
    exchange.body_start, exchange.body_end = reader.head_size, reader.head_size + reader.body_size
    exchange.ended = datetime.fromtimestamp(place.stat().st_mtime, UTC)
    exchange.connection = _connection(about["connection"], -number)  # no number of a connection of this run
    exchange.is_first_on_connection = True
    if not reader.is_complete:
        exchange.truncated = "disconnect"
        exchange.oddities.append(note("killed-early"))
    return exchange


def _facts(facts: ConnectionFacts | None) -> dict[str, Any] | None:
    if facts is None:
        return None
    tls = facts.tls
    secure = (
        None
        if tls is None
        else {
            "version": tls.version,
            "cipher": tls.cipher,
            "chain": [base64.b64encode(certificate).decode() for certificate in tls.chain],
            "verified": tls.verified,
            "accepted": tls.accepted,
            "anchor": tls.anchor,
            "added": list(tls.added),
        }
    )
    names = ("peer", "peer_port", "proxied", "mapped")
    return {**{name: getattr(facts, name) for name in names}, "resolved": list(facts.resolved), "tls": secure}


def _connection(stated: dict[str, Any] | None, number: int) -> ConnectionFacts | None:
    with suppress(KeyError, TypeError, ValueError):
        if stated is not None:
            tls = stated.pop("tls")
            secure = None
            if tls is not None:
                chain = tuple(base64.b64decode(certificate) for certificate in tls.pop("chain"))
                secure = TlsFacts(chain=chain, added=tuple(tls.pop("added")), **tls)
            return ConnectionFacts(number, resolved=tuple(stated.pop("resolved")), tls=secure, **stated)
    return None

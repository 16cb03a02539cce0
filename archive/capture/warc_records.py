"""An exchange as WARC records: the request, the response as received, and metadata where there are further facts."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from archive.net import Exchange
from archive.net.exchange import ConnectionFacts
from archive.warc.new_record import Draft, Text, warc_date
from archive.words.notes import with_text
from archive_manifests import canonical

_Fields = tuple[tuple[str, str], ...]


class Drafted(Struct, frozen=True):
    """The records of one exchange, and which of them stands for it."""

    drafts: list[Draft]
    answer: str


def draft(
    exchange: Exchange, new_id: Callable[[], str], *, describe_connection: bool, note: dict[str, str] | None = None
) -> Drafted:
    """Lay out the records of an exchange. (WARC 1.1, section 6)

    `describe_connection` asks for its resolved addresses and certificates: once a connection and file is enough.
    `note` goes into the metadata record.
    """
    drafts: list[Draft] = []
    request = new_id() if exchange.sent.size else None
    answer = new_id() if exchange.received.size else None
    has_facts = bool(describe_connection or exchange.failure or exchange.oddities or exchange.truncated or note)
    metadata = new_id() if has_facts or answer is None else None
    if request is not None:
        drafts.append(_request(exchange, request, _concurrent(answer, metadata)))
    if answer is not None:
        drafts.append(_answer(exchange, answer, _concurrent(request, metadata)))
    if metadata is not None:
        about = answer or request
        drafts.append(_metadata(exchange, metadata, about, note, describe_connection=describe_connection))
    stands = answer or metadata
    assert stands is not None
    return Drafted(drafts, stands)


def _request(exchange: Exchange, record_id: str, concurrent: _Fields) -> Draft:
    return Draft(
        type="request",
        id=record_id,
        date=exchange.started,
        uri=exchange.url.href,
        content_type="application/http;msgtype=request",
        block=exchange.sent,
        fields=concurrent + _address(exchange),
    )


def _answer(exchange: Exchange, record_id: str, concurrent: _Fields) -> Draft:
    is_http = exchange.head is not None
    fields = [*concurrent, *_address(exchange), *_protocol(exchange)]
    payload = exchange.payload_sha256
    if payload is not None and exchange.digest_is_clear:
        fields.append(("WARC-Payload-Digest", f"sha256:{payload}"))
    return Draft(
        # What is no HTTP message must not be called one: its bytes stand in a resource. (WARC 1.1, section 6.4)
        type="response" if is_http else "resource",
        id=record_id,
        date=exchange.started,
        uri=exchange.url.href,
        content_type="application/http;msgtype=response" if is_http else "application/octet-stream",
        block=exchange.received,
        fields=tuple(fields),
        http_status=exchange.status,
        mime=_mime(exchange),
        payload_sha256=payload,
        truncated=exchange.truncated,
        ended=exchange.ended,
        method=None if exchange.method == "GET" else exchange.method,
        small_chunks=exchange.small_chunks,
    )


def _metadata(
    exchange: Exchange,
    record_id: str,
    about: str | None,
    note: dict[str, str] | None,
    *,
    describe_connection: bool,
) -> Draft:
    block: dict[str, Any] = {
        "schema": "archive.exchange/1",
        "url": exchange.url.href,
        "method": exchange.method,
        "started": warc_date(exchange.started),
        "ended": warc_date(exchange.ended) if exchange.ended else None,
        "status": exchange.status,
        "framing": exchange.framing,
        "interim": exchange.interim,
        "truncated": exchange.truncated,
        "failure": exchange.failure,
        "oddities": [with_text(oddity) for oddity in exchange.oddities],
        **({"note": note} if note else {}),
    }
    if exchange.connection is not None:
        block["connection"] = _connection(exchange.connection, whole=describe_connection)
    return Draft(
        # Without a target: by its URL a replay tool would show it in the page's place. It states the URL in its block.
        type="metadata",
        id=record_id,
        date=exchange.started,
        uri=None,
        content_type="application/json",
        block=Text(canonical.document(block).encode()),
        fields=(("WARC-Refers-To", f"<{about}>"), *_concurrent(about)) if about else (),
    )


def _connection(facts: ConnectionFacts, *, whole: bool) -> dict[str, Any]:
    block: dict[str, Any] = {"number": facts.number, "peer": facts.peer, "peer_port": facts.peer_port}
    if whole:
        block |= {"resolved": facts.resolved, "proxied": facts.proxied, "mapped": facts.mapped}
        if facts.tls is not None:
            chain = [base64.b64encode(certificate).decode() for certificate in facts.tls.chain]
            block["tls"] = {
                "version": facts.tls.version,
                "cipher": facts.tls.cipher,
                "verified": facts.tls.verified,
                "chain_der_base64": chain,
                **({"accepted": facts.tls.accepted} if facts.tls.accepted else {}),
                **({"anchor": facts.tls.anchor} if facts.tls.anchor else {}),
                **({"added": facts.tls.added} if facts.tls.added else {}),
            }
    return block


def _concurrent(*ids: str | None) -> _Fields:
    return tuple([("WARC-Concurrent-To", f"<{record_id}>") for record_id in ids if record_id is not None])


def _address(exchange: Exchange) -> _Fields:
    """The peer's own address, never a second look-up's. (WARC 1.1, section 5.10)"""
    peer = exchange.connection.peer if exchange.connection else None
    return (("WARC-IP-Address", peer.partition("%")[0]),) if peer else ()


def _protocol(exchange: Exchange) -> list[tuple[str, str]]:
    """The protocols that were spoken, outermost first: an extension field that readers may pass over."""
    fields = [("WARC-Protocol", f"http/{exchange.head.version}")] if exchange.head else []
    secure = exchange.connection.tls if exchange.connection else None
    if secure is not None and secure.version:
        fields.append(("WARC-Protocol", secure.version.lower().replace("v", "/")))
        if secure.cipher:
            fields.append(("WARC-Cipher-Suite", secure.cipher))
    return fields


def _mime(exchange: Exchange) -> str | None:
    return exchange.head.media_type if exchange.head is not None else None

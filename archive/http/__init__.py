"""HTTP/1.1 messages out of bytes: one parser for the network, for stored records and for replay. No input or output.

`MessageReader` takes bytes in pieces of any size; what it reports depends on the bytes alone, never on the pieces.
"""

from archive.http.head import Head, parse_head
from archive.http.message import MAX_HEAD, MAX_INTERIM, MessageReader, payload_of

__all__ = ["MAX_HEAD", "MAX_INTERIM", "Head", "MessageReader", "parse_head", "payload_of"]

"""The one recorder: every byte of every exchange, on one connection at a time.

`Wire` carries out an exchange and returns it; `recording_session` is the same wire behind a `requests` session,
for guests such as a video extractor. Nothing else in the library sees the network.
"""

from archive.net.client import Request, Wire, WireSettings
from archive.net.exchange import Exchange, Failure
from archive.net.limits import Limits

__all__ = ["Exchange", "Failure", "Limits", "Request", "Wire", "WireSettings"]

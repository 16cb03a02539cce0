"""The only sockets of the library: exchanges with every byte as sent and as received.

`HttpClient` carries out an exchange and returns it; `recording_session` is the same client behind a `requests` session,
for guests such as a video extractor. Nothing else in the library sees the network.
"""

from archive.net.client import ClientSettings, HttpClient, Request
from archive.net.exchange import Exchange, Failure
from archive.net.limits import ExchangeLimits

__all__ = ["ClientSettings", "Exchange", "ExchangeLimits", "Failure", "HttpClient", "Request"]

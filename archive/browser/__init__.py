"""A browser without a network of its own: the caller responds to every request of the page that it renders.

Capture responds from the recorder, replay from the WARCs. Nothing that a page does reaches anything else.
"""

from archive.browser.engine import BrowserEngine, BrowserError
from archive.browser.installed import Installed, find
from archive.browser.request import PageRefusal, PageRequest, PageResponse, Responder

__all__ = [
    "BrowserEngine",
    "BrowserError",
    "Installed",
    "PageRefusal",
    "PageRequest",
    "PageResponse",
    "Responder",
    "find",
]

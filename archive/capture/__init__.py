"""Capture: every source that a report cites, byte for byte, to its verdict.

`fetch` is the whole of it: a report or a source manifest in, a finished bag out.
"""

from archive.capture.fetch import FetchResult, fetch, finish_held, plan
from archive.capture.settings import FetchSettings

__all__ = ["FetchResult", "FetchSettings", "fetch", "finish_held", "plan"]

"""Who we are, in the bag and on the command line."""

__version__ = "0.12.0"

PRODUCT = "evidence-archive"
AGENT = f"{PRODUCT} {__version__}"
"""How the tool names itself: in warcinfo, bag-info and custody events, never to a server."""
SOFTWARE_SCHEMA = "archive.software/1"
"""Of `software.json`."""

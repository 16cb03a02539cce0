"""Values of fields that our requests send: the client sends them, and whoever verifies a record knows them again."""

from __future__ import annotations

ACCEPT_PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
"""Of a request for a page. (RFC 9110, section 12.5.1)"""
ACCEPT_ANYTHING = "*/*"

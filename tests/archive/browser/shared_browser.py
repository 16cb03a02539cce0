"""What tests need to open pages in a browser: whether there is one, and one that is shared."""

from __future__ import annotations

import pytest

from archive.browser import Installed, find
from archive.words.notes import describe

FOUND = find()
needs_browser = pytest.mark.skipif(
    not isinstance(FOUND, Installed), reason="" if isinstance(FOUND, Installed) else describe(FOUND)
)

"""What tests need to open pages in a browser: whether there is one, and one that is shared."""

from __future__ import annotations

import pytest

from archive.browser import find

FOUND = find()
needs_browser = pytest.mark.skipif(isinstance(FOUND, str), reason=str(FOUND))

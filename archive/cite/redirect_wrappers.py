"""Links through services that redirect their readers: the address they lead to."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

_WRAPPER = re.compile(
    r"(?:[\w-]+\.)*(?:safelinks\.protection\.outlook\.com|urldefense\.(?:com|proofpoint\.com)|facebook\.com/(?:l|flx/warn)"
    r"|google\.[a-z.]+/url|youtube\.com/redirect|t\.umblr\.com/redirect|vk\.com/away\.php|linkedin\.com/redir|slack-redir\.net)",
    re.IGNORECASE,
)


def wrapped_target(url: str) -> str | None:
    """The address that a link through a known redirect service leads to."""
    host_and_path = url.partition("://")[2]
    if not _WRAPPER.match(host_and_path):
        return None
    try:
        values = dict(parse_qsl(urlsplit(url).query))
    except ValueError:
        return None
    return next((values[key] for key in ("url", "q", "u", "to", "z", "target") if "://" in values.get(key, "")), None)

"""How this program was installed, and so how an optional part of it is added."""

from __future__ import annotations

import importlib.metadata
import json
import shlex
from urllib.parse import unquote, urlsplit

DISTRIBUTION = "evidence-archive"


def install_command(extra: str | None = None, *, direct_url: str | None = None) -> str:
    """The command that adds an extra, from the folder or repository that it was installed from; a package index else.

    `direct_url` is the text of `direct_url.json` (PEP 610); that of the installed distribution where None.
    """
    stated = _stated(direct_url if direct_url is not None else _recorded())
    extras = f"[{extra}]" if extra else ""
    address = str(stated.get("url") or "")
    if address.startswith("file:"):
        folder = stated.get("dir_info")
        is_editable = isinstance(folder, dict) and folder.get("editable") is True
        place = unquote(urlsplit(address).path)
        return f"pip install {'-e ' if is_editable else ''}{shlex.quote(f'{place}{extras}')}"
    return f"pip install {shlex.quote(f'{DISTRIBUTION}{extras} @ {address}' if address else f'{DISTRIBUTION}{extras}')}"


def _recorded() -> str | None:
    try:
        return importlib.metadata.distribution(DISTRIBUTION).read_text("direct_url.json")
    except importlib.metadata.PackageNotFoundError:
        return None


def _stated(text: str | None) -> dict[str, object]:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}

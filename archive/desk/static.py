"""The desk's own script and style sheet: files of this package, and no others."""

from __future__ import annotations

from importlib import resources

from starlette.responses import Response

_TYPES = {
    "desk.css": "text/css; charset=utf-8",
    "desk.js": "text/javascript; charset=utf-8",
    "open.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


def static_file(name: str) -> Response:
    if name not in _TYPES:
        return Response(status_code=404)
    content = (resources.files("archive.desk") / "static" / name).read_bytes()
    return Response(content, headers={"Content-Type": _TYPES[name]})

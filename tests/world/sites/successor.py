"""snhr.org: the same posts at the address that the Network moved to, as of years later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tests.world.replies import Reply, Request
from tests.world.site import Page
from tests.world.sites.snhr import WORDPRESS, SyrianNetwork

HOST = "snhr.org"


def _moved(reply: Reply) -> Reply:
    headers = tuple((name, value.replace("sn4hr.org", HOST)) for name, value in reply.headers)
    if not (reply.type or "").startswith(("text/", "application/json", "application/javascript")):
        return replace(reply, headers=headers)
    # Pictures stay with Photon under the old name, as old posts have them.
    body = reply.body.replace(b"//sn4hr.org", b"//snhr.org").replace(b"sn4hr.org%2F", b"snhr.org%2F")
    return replace(reply, headers=headers, body=body.replace(b"- SNHR</title>", "- الشبكة</title>".encode()))


class Successor(SyrianNetwork):
    hosts = (HOST,)
    modes = ("ok",)
    server = tuple((name, value.replace("sn4hr.org", HOST)) for name, value in WORDPRESS)

    def pages(self, host: str) -> Mapping[str, Page]:
        return {
            target: _moved(page) if isinstance(page, Reply) else page for target, page in super().pages(host).items()
        }

    def reply(self, request: Request) -> Reply:
        found = self._known(request.host).get(request.target)
        if found is not None:
            return found if isinstance(found, Reply) else found(request)
        if request.target == "/robots.txt":
            return Reply(200, self.robots.replace(b"sn4hr", b"snhr"), "text/plain; charset=utf-8")
        return _moved(self.not_found(request))

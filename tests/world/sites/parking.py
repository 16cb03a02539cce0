"""A parking company's host, where expired names end."""

from __future__ import annotations

from tests.world.replies import Reply, Request
from tests.world.site import Site
from tests.world.walls import WALLS


class Parking(Site):
    hosts = ("ww1.sedoparking.com",)
    evasive = frozenset(hosts)

    def reply(self, request: Request) -> Reply:
        if request.target == "/robots.txt":
            return super().reply(request)  # type: ignore[return-value]
        return WALLS["parked"].reply(request)

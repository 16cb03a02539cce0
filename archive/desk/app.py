"""The desk as an ASGI application: its routes, behind the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount, Route

from archive.desk import opening
from archive.desk.gate import Gate
from archive.desk.opening import Codes
from archive.desk.screens import capture, check, finish, gaps, hand_over, look, review, seen, shelf
from archive.desk.state import Desk
from archive.desk.static import static_file
from archive.desk.web import endpoint, error_page

if TYPE_CHECKING:
    from starlette.requests import Request

SCREENS = (shelf, review, seen, capture, gaps, look, finish, hand_over, check)


def application(desk: Desk, codes: Codes) -> Gate:
    """Everything lies below the secret path; whatever is not a route of ours is not there."""

    async def static(request: Request) -> Response:
        return static_file(request.path_params["name"])

    async def missing(request: Request, _: Exception) -> Response:
        return error_page(desk, "not_there", status=404)

    inside = [route for screen in SCREENS for route in screen.routes(desk)]
    inside.append(Route("/static/{name}", static, methods=["GET"]))
    routes = [*opening.routes(desk.access, codes), Mount(f"/{desk.access.path}", routes=inside)]
    return Gate(Starlette(routes=routes, exception_handlers={404: missing}), desk.access)


__all__ = ["application", "endpoint"]

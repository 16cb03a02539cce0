"""The desk as an ASGI application: its routes, behind the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Mount, Route

from archive.desk import opening
from archive.desk.gate import Gate
from archive.desk.opening import Codes
from archive.desk.screens import capture, check, finish, gaps, hand_over, look, review, seen, shelf
from archive.desk.state import Desk
from archive.desk.static import static_file
from archive.desk.web import NoSuchPage, endpoint, error_page, error_response
from archive.errors import ArchiveError

if TYPE_CHECKING:
    from starlette.requests import Request

SCREENS = (shelf, review, seen, capture, gaps, look, finish, hand_over, check)


def application(desk: Desk, codes: Codes) -> Gate:
    """Everything lies below the secret path; whatever is not a route of ours is not there."""

    async def static(request: Request) -> Response:
        return static_file(request.path_params["name"])

    async def missing(_: Request, __: Exception) -> Response:
        return error_page(desk, "not_there", status=404)

    async def failed(_: Request, error: Exception) -> Response:
        return error_response(desk, error)

    async def gone(_: Request, __: Exception) -> Response:
        return Response(status_code=400)  # nobody is there to read it

    inside = [route for screen in SCREENS for route in screen.routes(desk)]
    inside.append(Route("/static/{name}", static, methods=["GET"]))
    routes = [*opening.routes(desk, codes), Mount(f"/{desk.access.path}", routes=inside)]

    def denied(accepted: str) -> bytes:
        return opening.outside_page(accepted, desk.language, is_opening=False)

    handlers = {404: missing, NoSuchPage: missing, ArchiveError: failed, OSError: failed, ClientDisconnect: gone}
    return Gate(Starlette(routes=routes, exception_handlers=handlers), desk.access, denied, desk.notice)


__all__ = ["application", "endpoint"]

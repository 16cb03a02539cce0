"""Forms in, pages out: what every screen of the desk shares."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from archive.desk.gate import LARGEST_FORM
from archive.desk.state import Desk
from archive.errors import ArchiveError, UsageProblem
from archive.handover.package_check import PackageRefused
from archive.page import markup
from archive.page.addresses import readable
from archive.page.markup import Renderer
from archive.words import languages, load
from archive_manifests.findings import Finding

if TYPE_CHECKING:
    from starlette.requests import Request

_MOST_FIELDS = 200
_PATIENCE = 6.0
"""Seconds that a request waits for a task before it shows a page that waits."""


class WebForm:
    """The fields of a form that was sent, or of a query. Nothing of it is trusted."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
        self._fields = fields

    def text(self, name: str, most: int = 2000) -> str:
        """The first value, on its own without blanks around it; empty where there is none. Raises `UsageProblem`."""
        value = self._fields.get(name, [""])[0].strip()
        if len(value) > most:
            raise UsageProblem(f"{name}: {len(value):,} characters; {most:,} are the most")
        return value

    def secret(self, name: str) -> str:
        """A value as it was typed."""
        return self._fields.get(name, [""])[0]

    def has(self, name: str) -> bool:
        return bool(self._fields.get(name, [""])[0])

    def values(self, name: str) -> list[str]:
        return self._fields.get(name, [])


class NoSuchPage(Exception):
    """The address stands for nothing that is there."""


Handler = Callable[[Desk, "Request", WebForm], Response]


def endpoint(desk: Desk, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """A handler as Starlette calls it: the form is read, the work is done in a thread, every error becomes a page."""

    async def answer(request: Request) -> Response:
        form = await _form_of(request)
        if form is None:
            return Response(status_code=413, headers={"Connection": "close"})
        return await run_in_threadpool(_guarded, desk, handler, request, form)

    return answer


async def _form_of(request: Request) -> WebForm | None:
    text = request.url.query
    if request.method == "POST":
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST_FORM:
                return None
        text = body.decode("utf-8", "replace")
    try:
        return WebForm(parse_qs(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        return None


def _guarded(desk: Desk, handler: Handler, request: Request, form: WebForm) -> Response:
    try:
        return handler(desk, request, form)
    except Exception as error:  # noqa: BLE001 -- a fault of the desk must not show a traceback to a browser
        return error_response(desk, error)


def error_response(desk: Desk, error: Exception, back: str = "") -> Response:
    """The page that says what went wrong; a fault of the program also in the terminal."""
    if isinstance(error, NoSuchPage | LookupError):
        return error_page(desk, "not_there", status=404, back=back)
    if isinstance(error, PackageRefused):
        return error_page(desk, "refused", back=back, findings=error.findings)
    if isinstance(error, ArchiveError):
        said = load(desk.language).error(error.sentence, error.facts) if error.sentence is not None else str(error)
        return error_page(desk, "refused", said=said, back=back)
    if isinstance(error, OSError):
        said = f"{error.filename or ''}: {error.strerror or error}"
        return error_page(desk, "system", said=said, status=500, back=back)
    traceback.print_exception(error)
    return error_page(desk, "fault", said=type(error).__name__, status=500, back=back)


def error_page(
    desk: Desk, code: str, *, said: str = "", status: int = 409, back: str = "", findings: Sequence[Finding] = ()
) -> Response:
    """The page of an error: `said` is its reason, or `findings` are."""
    said = desk.without_places(said)
    return page(desk, "error.html", status=status, code=code, said=said, back=back, findings=findings)


def redirect(desk: Desk, path: str) -> Response:
    """Go on to a page of the desk."""
    return RedirectResponse(desk.url(path), status_code=303)


def page(desk: Desk, template: str, *, status: int = 200, refresh: int | None = None, **values: Any) -> HTMLResponse:
    """A page in the language of the desk."""
    html = renderer(desk.language)
    text = (
        environment()
        .get_template(template)
        .render(
            html=html,
            s=functools.partial(desk_sentence, html),
            markup=markup,
            readable=readable,
            base=desk.url(),
            folder=desk.root.name or str(desk.root),
            room=max(0, desk.room()),
            lang=html.catalogue.code,
            dir=html.catalogue.direction,
            languages=[(code, load(code).sentences["language.name"]) for code in languages()],
            **values,
        )
    )
    headers = {"Refresh": str(refresh)} if refresh is not None else None
    return HTMLResponse(text, status_code=status, headers=headers)


def desk_sentence(html: Renderer, key: str, /, **values: object) -> Markup:
    """A sentence of the desk, escaped."""
    return html.sentence(f"desk.{key}", **values)


@cache
def renderer(language: str) -> Renderer:
    return Renderer(load(language))


@cache
def environment() -> Environment:
    return Environment(
        loader=PackageLoader("archive.desk"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def task_page(desk: Desk, what: str, back: str, work: Callable[[], str]) -> Response:
    """Do work in a thread; continue to its result, or to a page that waits for it."""
    ident = desk.begin(what, back, work)
    try:
        desk.tasks[ident].future.exception(_PATIENCE)
    except TimeoutError:
        return redirect(desk, f"task/{ident}")
    return show_task(desk, ident)


def show_task(desk: Desk, ident: str) -> Response:
    """Where a task is: its result, its error, or a page that waits."""
    task = desk.tasks.get(ident)
    if task is None:
        raise NoSuchPage(ident)
    if not task.future.done():
        return page(desk, "waiting.html", refresh=2, what=task.what)
    error = task.future.exception()
    if error is None:
        return redirect(desk, task.future.result())
    assert isinstance(error, Exception)
    return error_response(desk, error, task.back)

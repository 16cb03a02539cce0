"""Who would see the documenter: every host that would get a request, and how the requests would travel."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from msgspec.structs import replace
from starlette.responses import Response
from starlette.routing import Route

from archive.browser.installed import Installed, find
from archive.capture.settings import FetchSettings
from archive.desk import run
from archive.desk.choices import ROUTES, Choices, options_of, proxy_shown
from archive.desk.command_lines import fetch_line, plan_line
from archive.desk.screens.steps import draft_of, find_item, require_unchanged, steps
from archive.desk.state import Desk
from archive.desk.web import WebForm, endpoint, page, redirect
from archive.errors import UsageProblem
from archive.fetch.fetch import plan
from archive.net.proxy import Proxy
from archive.net.proxy_probe import proxy_problem

if TYPE_CHECKING:
    from starlette.requests import Request


def show(desk: Desk, request: Request, form: WebForm) -> Response:
    item = find_item(desk, request.path_params["id"])
    draft = draft_of(item)
    manifest, choices = draft.manifest(), draft.choices()
    settings = choices.settings(desk.base)
    tested = form.text("tested", 10)
    return page(
        desk,
        "seen.html",
        item=item,
        steps=steps(item, "seen"),
        plan=plan(draft.sources_file, settings, report=draft.report) if manifest.sources else None,
        sources=manifest.sources,
        uncertain=sum(one.is_uncertain and not one.skip for one in manifest.sources),
        taken=sum(not one.skip for one in manifest.sources),
        choices=choices,
        routes=ROUTES,
        published=manifest.report.published,
        has_browser=isinstance(find(), Installed) and desk.base.browser,
        started=desk.base,
        started_proxy=proxy_shown(desk.base.proxy) if desk.base.proxy else None,
        fixed=shlex.join(options_of(replace(desk.base, proxy=None))),
        tested=tested if tested in ("works", "refused", "silent", "other", "none") else "",
        is_begun=draft.is_begun,
        is_running=run.is_running(draft),
        commands=[plan_line(draft, desk.base), fetch_line(draft, desk.base)],
    )


def save(desk: Desk, request: Request, form: WebForm) -> Response:
    """Store the choices; then test the proxy, or start, as the button says."""
    item = find_item(desk, request.path_params["id"])
    draft = draft_of(item)
    if not draft.is_begun:
        _store(desk, draft_choices := _choices(desk.base, form), item.id)
        draft.write_choices(draft_choices)
        published = {"yes": True, "no": False}.get(form.text("published", 5))
        if published != draft.manifest().report.published:
            draft.set_published(published)
    if form.text("do", 10) == "test":
        return redirect(desk, f"r/{item.id}/seen?tested={_tested(desk, draft.choices())}#route")
    if form.text("do", 10) != "start":
        return redirect(desk, f"r/{item.id}/seen")
    if not any(not source.skip for source in draft.manifest().sources):
        raise UsageProblem(f"{draft.name}: every source is left out, so there is nothing to capture")
    run.start(draft, desk.base)
    return redirect(desk, f"r/{item.id}/run")


def _store(desk: Desk, choices: Choices, ident: str) -> None:
    """Refuse what cannot be used, before it is stored."""
    choices.settings(desk.base).check()
    require_unchanged(draft_of(find_item(desk, ident)))


def _choices(base: FetchSettings, form: WebForm) -> Choices:
    """The choices as sent. What the desk was started without is no choice of this report."""
    route = form.text("route", 20)
    return Choices(
        route=route if route in ROUTES else "direct",
        proxy=form.text("proxy", 300),
        browser=form.has("browser") or not base.browser,
        media=form.has("media") or not base.media,
        memento=form.has("memento") or not base.memento,
        third_parties=form.has("third_parties") or not base.third_parties,
    )


def _tested(desk: Desk, choices: Choices) -> str:
    url = choices.proxy_url(desk.base)
    return "none" if url is None else proxy_problem(Proxy.parse(url)) or "works"


def routes(desk: Desk) -> list[Route]:
    return [
        Route("/r/{id}/seen", endpoint(desk, show), methods=["GET"]),
        Route("/r/{id}/seen", endpoint(desk, save), methods=["POST"]),
    ]

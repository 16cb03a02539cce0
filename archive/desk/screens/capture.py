"""The capture while it runs: a card for each source, live. Closing the tab stops nothing."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from archive.desk import run
from archive.desk.command_lines import fetch_line
from archive.desk.draft import ReportDraft
from archive.desk.run_events import RunState, SourceProgress, parse_event
from archive.desk.screens.steps import draft_of, find_item, steps
from archive.desk.state import Desk
from archive.desk.web import WebForm, endpoint, page, redirect
from archive.desk.worker import EVENTS
from archive.words import Catalogue, load
from archive_manifests.plain_text import one_line
from archive_manifests.sources import source_id

if TYPE_CHECKING:
    from starlette.requests import Request

_POLL = 0.3
_COMMENT_SECONDS = 10.0
_WARM_UP = 5.0
"""Seconds in which a process that was just started may not hold its lock yet."""


def show(desk: Desk, request: Request, _: WebForm) -> Response:
    item = find_item(desk, request.path_params["id"])
    draft = draft_of(item)
    is_running = run.is_running(draft)
    state, offset = run.state_of(draft)
    sources = draft.manifest().sources
    words = load(desk.language)
    cards = [
        (source_id(index), source, card_of(state.sources.get(source_id(index), SourceProgress()), words))
        for index, source in enumerate(sources)
    ]
    return page(
        desk,
        "run.html",
        item=item,
        steps=steps(item, "run"),
        cards=cards,
        state=state,
        offset=offset,
        is_running=is_running,
        how=how_it_stands(state, is_running=is_running),
        totals=totals_of(state, len(sources), words),
        waits=waits_of(state, words),
        command=fetch_line(draft, desk.base),
    )


def how_it_stands(state: RunState, *, is_running: bool) -> str:
    """`running`, `held`, `finished`, `interrupted`, `no-network`, `refused`, `fault`, `crashed`, `not-begun`."""
    if is_running:
        return "running"
    if state.ended is None:
        return "crashed" if state.runs else "not-begun"
    return state.ended


def card_of(one: SourceProgress, words: Catalogue) -> dict[str, str]:
    """What a card shows of a source's capture, in words."""
    status = one.status if one.status is not None and not one.is_at_work else None
    if status is not None:
        label = words.sentence(f"status.{status}.label")
        key = "desk.gaps.left_out" if one.reason == "skipped" else f"reason.{status}.{one.reason}"
        detail = words.sentence(key) if one.reason and words.has(key) else one.reason or ""
    else:
        label = words.sentence("desk.run.at_work" if one.is_at_work else "desk.run.queued")
        detail = one_line(one.url)[:300] if one.is_at_work else ""
    size = f"{words.sentence('cli.progress.exchanges', n=one.exchanges)} · {words.size(one.octets)}"
    return {
        "status": status or ("at-work" if one.is_at_work else "queued"),
        "label": label,
        "detail": detail,
        "size": size if one.exchanges else "",
        "address": "yes" if status is None and one.is_at_work else "",
    }


def totals_of(state: RunState, sources: int, words: Catalogue) -> str:
    done = sum(one.status is not None and not one.is_at_work for one in state.sources.values())
    parts = [words.sentence("cli.progress.sources", n=done, total=sources)]
    return " · ".join([*parts, words.size(state.earlier_octets + state.octets)])


def waits_of(state: RunState, words: Catalogue) -> list[str]:
    """Hosts that are left alone for a while, each with the reason."""
    now, found = time.time(), []
    for host, (until, why) in state.waits.items():
        if until > now:
            key = f"cause.{why}"
            cause = words.sentence(key) if words.has(key) else words.sentence("cli.progress.status", status=why)
            seconds = max(1, round(until - now))
            found.append(words.sentence("desk.run.waiting", host=one_line(host), why=cause, n=seconds))
    return found


def act(desk: Desk, request: Request, form: WebForm) -> Response:
    """Pause the run, or resume it."""
    item = find_item(desk, request.path_params["id"])
    draft = draft_of(item)
    if form.text("do", 10) == "pause":
        run.pause(draft)
    else:
        run.start(draft, desk.base)
    return redirect(desk, f"r/{item.id}/run")


def stream(desk: Desk, draft: ReportDraft, offset: int) -> AsyncIterator[str]:
    """The events after `offset` bytes of the run's log, as server-sent events. (HTML, 9.2)

    The id of each is the number of bytes read: a browser that reconnects continues where it was.
    """
    return _Stream(desk, draft, offset).lines()


class _Stream:
    def __init__(self, desk: Desk, draft: ReportDraft, offset: int) -> None:
        self._draft, self._offset = draft, offset
        self._words = load(desk.language)
        self._state, _ = run.state_of(draft)
        self._sources = len(draft.manifest().sources)

    async def lines(self) -> AsyncIterator[str]:
        yield "retry: 1000\n\n"
        quiet, begun = 0.0, time.monotonic()
        while True:
            events = await run_in_threadpool(self._read)
            for name, data in self._rendered(events):
                yield f"id: {self._offset}\nevent: {name}\ndata: {json.dumps(data)}\n\n"
            is_running = await run_in_threadpool(run.is_running, self._draft)
            if not is_running and not events and (self._state.ended or time.monotonic() - begun > _WARM_UP):
                yield f"id: {self._offset}\nevent: end\ndata: {{}}\n\n"
                return
            quiet = 0.0 if events else quiet + _POLL
            if quiet >= _COMMENT_SECONDS:
                quiet = 0.0
                yield ": \n\n"
            await asyncio.sleep(_POLL)

    def _read(self) -> list[dict[str, Any]]:
        """The events that are new, and whole."""
        try:
            with Path(self._draft.folder, EVENTS).open("rb") as file:
                file.seek(self._offset)
                content = file.read(1 << 20)
        except OSError:
            return []
        whole = content[: content.rfind(b"\n") + 1]
        self._offset += len(whole)
        found = [event for line in whole.splitlines() if (event := parse_event(line)) is not None]
        for event in found:
            self._state.apply(event)
        return found

    def _rendered(self, events: list[dict[str, Any]]) -> list[tuple[str, object]]:
        if not events:
            waits = waits_of(self._state, self._words)
            return [("waits", waits)] if self._state.waits else []
        changed = dict.fromkeys(str(event["source"]) for event in events if "source" in event)
        rendered: list[tuple[str, object]] = [
            ("source", {"id": ident, **card_of(self._state.sources[ident], self._words)})
            for ident in changed
            if ident in self._state.sources
        ]
        rendered.append(("totals", totals_of(self._state, self._sources, self._words)))
        rendered.append(("waits", waits_of(self._state, self._words)))
        stage = stage_of(self._state, self._words)
        return [*rendered, ("stage", stage)]


def stage_of(state: RunState, words: Catalogue) -> str:
    """The stage of the run in words, empty where none was reported."""
    if state.stage is None or state.ended is not None:
        return ""
    code, facts = state.stage
    try:
        return words.sentence(f"cli.stage.{code}", **facts)
    except (KeyError, IndexError):
        return ""


def routes(desk: Desk) -> list[Route]:
    async def events(request: Request) -> Response:
        draft = await run_in_threadpool(lambda: draft_of(find_item(desk, request.path_params["id"])))
        given = request.headers.get("last-event-id") or request.query_params.get("from", "0")
        offset = int(given) if given.isdecimal() and len(given) < 12 else 0
        headers = {"X-Accel-Buffering": "no"}
        return StreamingResponse(stream(desk, draft, offset), media_type="text/event-stream", headers=headers)

    return [
        Route("/r/{id}/run", endpoint(desk, show), methods=["GET"]),
        Route("/r/{id}/run", endpoint(desk, act), methods=["POST"]),
        Route("/r/{id}/events", events, methods=["GET"]),
    ]

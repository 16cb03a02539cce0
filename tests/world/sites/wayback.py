"""web.archive.org: the index of captures (CDX) and the captures, with the habits that mislead."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

import base64
import hashlib
import json as jsonlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from tests.world import media_bytes
from tests.world.replies import Reply, Request
from tests.world.site import Site, html, json, redirect
from tests.world.sites import faselhd, unwebtv
from tests.world.walls import WALLS

HOST = "web.archive.org"
FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """One capture that the archive lists."""

    timestamp: str
    original: str
    reply: Reply
    opens: bool = True
    """False for one that is listed and answers with an error. (internetarchive/wayback #210)"""

    @property
    def leads_to(self) -> str | None:
        return dict(self.reply.headers).get("Location")

    @property
    def row(self) -> dict[str, str]:
        digest = base64.b32encode(hashlib.sha1(self.reply.body, usedforsecurity=False).digest()).decode()
        kind = (self.reply.type or "unk").partition(";")[0]
        values = (
            surt(self.original),
            self.timestamp,
            self.original,
            kind,
            str(self.reply.status),
            digest,
            str(len(self.reply.body)),
        )
        return dict(zip(FIELDS, values, strict=True))


def surt(url: str) -> str:
    """The archive's key: no scheme, no www, the query sorted."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    host = (parts.hostname or "").removeprefix("www.")
    query = "&".join(sorted(parts.query.lower().split("&"))) if parts.query else ""
    path = quote(unquote(parts.path.rstrip("/") or "/").lower())
    return ",".join(reversed(host.split("."))) + ")" + path + (f"?{query}" if query else "")


def _page(text: str) -> Reply:
    return html(text, headers=(("Last-Modified", "Fri, 02 Apr 2021 11:00:00 GMT"),))


_FASEL, _UN = f"https://{faselhd.HOST}", f"http://{unwebtv.HOST}"
_CHALLENGE = WALLS["challenge-cloudflare-200"]
RETAINED = (
    StoredCapture("20200214101112", _FASEL + faselhd.VIDEO, _page(faselhd.PAGE.replace("فاصل إعلاني", "فاصل"))),
    StoredCapture("20210402112000", _FASEL + faselhd.VIDEO, _page(faselhd.PAGE)),
    StoredCapture("20210515070809", _FASEL + faselhd.VIDEO, _page(faselhd.PAGE), opens=False),
    StoredCapture("20210518030405", _FASEL + faselhd.VIDEO, html(_CHALLENGE.page.replace("{host}", faselhd.HOST), 200, _CHALLENGE.headers)),
    StoredCapture("20210610010203", _FASEL + faselhd.VIDEO, _page(faselhd.PAGE + "<!-- later -->")),
    *(
        StoredCapture(when, _FASEL + target, page)
        for when, target in (
            ("20210402112003", faselhd.SHEET), ("20210330221500", faselhd.POSTER),
            ("20190816000000", "/wp-content/themes/fasel/bg.png"),
        )
        if isinstance(page := faselhd.video_files()[target], Reply)
    ),
    StoredCapture("20210601093000", _UN + unwebtv.OLD, redirect(f"https://{unwebtv.HOST}{unwebtv.OLD}")),
    StoredCapture("20210601093001", f"https://{unwebtv.HOST}{unwebtv.OLD}", _page(unwebtv.OLD_PAGE)),
    StoredCapture("20211104120000", f"https://{unwebtv.HOST}{unwebtv.OLD}", html("<h1>Page not found</h1>", 404)),
    StoredCapture("20210601093004", f"https://{unwebtv.HOST}/images/still/6245250053001.jpg", Reply(200, media_bytes.jpeg("still"), "image/jpeg")),
)  # fmt: skip


class Wayback(Site):
    """Modes: `ok`, `empty` (it has no copy), `rate` (429 without Retry-After), `down`."""

    hosts = (HOST, "archive.org")
    modes = ("ok", "empty", "rate", "down")
    server = (("Server", "nginx"), ("X-App-Server", "wwwb-app201"), ("X-Archive-Src", "live-20210402.warc.gz"))

    def __init__(self) -> None:
        super().__init__()
        self.retained: list[StoredCapture] = list(RETAINED)
        self.saving = "ok"
        """How Save Page Now fares: `ok`, `page` (a page and no JSON), `refused`, `login`, `rate`, `endless`, `nonsense`."""
        self.jobs: dict[str, list[str]] = {}
        """Job -> the URL that was submitted, and once more for every question after it."""

    def reply(self, request: Request) -> Reply:
        if request.target == "/robots.txt":
            return super().reply(request)  # type: ignore[return-value]
        if self.mode in ("rate", "down"):
            return html("<h1>Too Many Requests</h1>", 429) if self.mode == "rate" else html("<h1>Offline</h1>", 503)
        if request.host == HOST and request.path.startswith("/save"):
            return self._save(request) if request.method == "POST" else self._status(request)
        if request.host == HOST and request.path == "/cdx/search/cdx":
            return self._index(request.params)
        if request.host == HOST and request.path.startswith("/web/"):
            return self._memento(request)
        if request.host == "archive.org" and request.path == "/wayback/available":
            # Often so, also for what is archived. (waybackpy #154)
            return json(jsonlib.dumps({"url": request.params.get("url", ""), "archived_snapshots": {}}))
        return super().reply(request)  # type: ignore[return-value]

    # Save Page Now: a form is posted, a job is named, and its state requested

    def _save(self, request: Request) -> Reply:
        form = dict(parse_qsl(request.body.decode()))
        job = f"spn2-{hashlib.sha1(form['url'].encode(), usedforsecurity=False).hexdigest()}"
        if self.saving == "login":
            return json('{"message": "You need to be logged in to use Save Page Now."}', 401)
        if self.saving == "rate":
            return html("<h1>Too Many Requests</h1>", 429)
        if self.saving == "nonsense":
            return html("<h1>Welcome</h1>")
        self.jobs.setdefault(job, []).append(form["url"])
        if self.saving == "page":
            return html(f'<title>Wayback Machine</title><script>spn.watchJob("{job}", "/_static/", 6000);</script>')
        return json(jsonlib.dumps({"url": form["url"], "job_id": job}))

    def _status(self, request: Request) -> Reply:
        job = request.path.rpartition("/")[2]
        requested = self.jobs.get(job)
        if requested is None:
            return json('{"status": "error", "status_ext": "error:job-not-found", "message": "No such job."}', 404)
        requested.append(requested[0])
        if self.saving == "refused":
            said = {"status": "error", "status_ext": "error:blocked-url", "message": "This URL is in our block list."}
        elif self.saving == "endless" or len(requested) < 3:
            said = {"status": "pending", "resources": []}  # type: ignore[dict-item]
        else:
            said = {"status": "success", "timestamp": "20261122100000", "original_url": requested[0]}
        return json(jsonlib.dumps({"job_id": job, **said}))

    # The index

    def _index(self, requested: dict[str, str]) -> Reply:
        rows = [retained.row for retained in self._copies() if _matches(retained.original, requested)]
        rows = [row for row in rows if requested.get("from", "") <= row["timestamp"] <= requested.get("to", "9") + "9"]
        for condition in [requested["filter"]] if "filter" in requested else []:
            rows = [row for row in rows if _passes(row, condition)]
        rows.sort(key=lambda row: (row["urlkey"], row["timestamp"]))
        # `closest` does nothing unless `sort=closest` is there too. (internetarchive/wayback #237)
        if requested.get("sort") == "closest" and "closest" in requested:
            rows.sort(key=lambda row: abs(_moment(row["timestamp"]) - _moment(requested["closest"])))
        limit = int(requested.get("limit", "150000"))
        rows = rows[limit:] if limit < 0 else rows[:limit]
        fields = requested.get("fl", ",".join(FIELDS)).split(",")
        if requested.get("output") != "json":
            return Reply(200, "".join(" ".join(row[f] for f in fields) + "\n" for row in rows).encode(), "text/plain")
        table = [fields, *([row[field] for field in fields] for row in rows)] if rows else []
        return Reply(200, jsonlib.dumps(table).encode(), "application/json", framing="chunked", squeeze=True)

    def _copies(self) -> list[StoredCapture]:
        return [] if self.mode == "empty" else self.retained

    # The captures

    def _memento(self, request: Request) -> Reply:
        found = re.fullmatch(r"/web/(\d{1,14})(id_|im_|js_|cs_|if_)?/(.+)", request.target)
        if found is None:
            return self.not_found(request)
        stamp, flag, url = found[1].ljust(14, "0"), found[2] or "", found[3]
        # The key knows no scheme, but no capture is replayed as the redirect to itself.
        copies = [retained for retained in self._copies() if surt(retained.original) == surt(url) and retained.leads_to != url]
        if not copies:
            return html(f"<h1>Hrm.</h1><p>The Wayback Machine has not archived that URL.<p>{len(url)}", 404)
        same = [retained for retained in copies if retained.timestamp == stamp]
        if same and not same[0].opens:
            return html("<h1>Hrm.</h1><p>This capture could not be opened.", 503)
        if not same:
            # To another moment, silently and without Memento-Datetime, sometimes years away.
            nearest = min((k for k in copies if k.opens), key=lambda retained: abs(_moment(retained.timestamp) - _moment(stamp)))
            return redirect(f"https://{HOST}/web/{nearest.timestamp}{flag}/{nearest.original}", 302)
        return _replayed(same[0], flag)


def _replayed(retained: StoredCapture, flag: str) -> Reply:
    when = datetime.strptime(retained.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    moment = format_datetime(when, usegmt=True)
    original, archive = retained.original, f"https://{HOST}/web"
    links = f'<{original}>; rel="original", <{archive}/timemap/link/{original}>; rel="timemap"; type="application/link-format"'
    memento = f'<{archive}/{retained.timestamp}/{original}>; rel="first last memento"; datetime="{moment}"'
    said = [("Memento-Datetime", moment), ("Link", f'{links}, <{archive}/{original}>; rel="timegate", {memento}')]
    for name, value in (("Date", moment), ("Content-Type", retained.reply.type or ""), *retained.reply.headers):
        if name != "Location":
            said.append((f"X-Archive-Orig-{name.lower()}", value))
        else:
            said.append(("Location", f"{archive}/{retained.timestamp}{flag}/{value}"))
    return Reply(
        retained.reply.status, retained.reply.body, retained.reply.type, tuple(said), retained.reply.framing, retained.reply.squeeze
    )


def _matches(original: str, requested: dict[str, str]) -> bool:
    url, kind = requested.get("url", ""), requested.get("matchType", "exact")
    if url.endswith("*"):
        url, kind = url[:-1], "prefix"
    return surt(original).startswith(surt(url)) if kind == "prefix" else surt(original) == surt(url)


def _passes(row: dict[str, str], condition: str) -> bool:
    field, _, pattern = condition.removeprefix("!").partition(":")
    return bool(re.fullmatch(pattern, row[field])) != condition.startswith("!")


def _moment(stamp: str) -> float:
    return datetime.strptime(stamp.ljust(14, "0")[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp()

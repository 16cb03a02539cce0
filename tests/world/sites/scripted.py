"""A site that sends an empty frame and lets scripts draw the page: words, pictures, frames and fonts come later.

A host for each way of going wrong: `endless` asks and grows for ever; `spin` never gives the processor back; `wall` draws a
wall of a login; `missing` draws that nothing is there; `leads` sends its reader on; `heavy` asks for more than memory should
hold; `hash` draws what the fragment says.
"""

from __future__ import annotations

import json as jsons
from collections.abc import Iterator, Mapping

from tests.world import media_bytes
from tests.world.replies import Answer, Pause, Reply, Request, Step
from tests.world.site import Page, Site, css, file, html, json, redirect, script

HOST, CDN, FRAMES = "scripted.example", "cdn-of-scripted.example", "frames-of-scripted.example"
BASE = f"https://{HOST}"
POST = f"{BASE}/post/12"
WAYS = ("endless", "spin", "wall", "missing", "leads", "heavy", "hash")
WORDS = "On the morning of 7 April the families of the quarter gathered in the underground hospital of Eastern Ghouta. "
ARABIC = "في صباح السابع من نيسان تجمّعت عائلات الحي في المشفى الواقع تحت الأرض في الغوطة الشرقية."
COMMENT, FROM_WORKER, IN_FRAME = "A first comment, by a reader", "counted by a worker: 1,127", "a map of the quarter"

SHELL = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The archive of the quarter</title>
<link rel="stylesheet" href="/app.css"></head><body><div id="root"></div>
<noscript>You need to enable JavaScript to run this app.</noscript><script src="/app.js"></script></body></html>"""

APP = """
const root = document.getElementById('root');
const add = (name, text) => { const e = document.createElement(name); e.textContent = text; root.append(e); return e; };
(async () => {
  const post = await (await fetch('/api/post.json')).json();
  document.title = post.title;
  add('h1', post.title); post.words.forEach(text => add('p', text));
  const picture = document.createElement('img'); picture.src = post.picture; root.append(picture);
  const answer = await fetch('/api/graphql', {method: 'POST', headers: {'Content-Type': 'application/json',
    'X-App': 'reader'}, body: JSON.stringify({query: '{comments}'})});
  for (const comment of (await answer.json()).data.comments) add('p', comment);
  new Worker('/counter.js').onmessage = event => add('p', event.data);
  add('p', await (await fetch('/api/moved')).text());
  const frame = document.createElement('iframe'); frame.src = '//FRAMES/map'; frame.width = 600; root.append(frame);
  const far = add('div', ''); far.style.marginTop = '2500px'; far.style.height = '50px';
  new IntersectionObserver((seen, watcher) => { if (seen[0].isIntersecting) { watcher.disconnect();
    const last = document.createElement('img'); last.src = '//CDN/late.png'; far.append(last); } }).observe(far);
})();
""".replace("FRAMES", FRAMES).replace("CDN", CDN)

ENDLESS = """
setInterval(() => fetch('/api/tick?' + Math.random()), 100);
addEventListener('scroll', () => { const e = document.createElement('p'); e.style.height = '900px';
  e.textContent = 'more'; document.getElementById('root').append(e); });
"""
SPIN = "setTimeout(() => { for (;;); }, 300);"
WALL = """root.innerHTML = '<h1>Log in to continue</h1><form action="/login" method="post"><input name="email">' +
  '<input type="password" name="password"><button>Log in</button></form><p>You must log in to see this page.</p>';"""
MISSING = """document.title = 'Page not found'; add('h1', '404'); add('p', 'The page you are looking for does not exist.');"""
LEADS = "setTimeout(() => location.href = '/post/13', 200);"
HEAVY = """
fetch('/big.bin').then(r => r.blob()).then(blob => add('p', 'it got ' + blob.size + ' bytes'));
fetch('/drip').then(r => r.text()).then(text => add('p', 'the stream ended'));
"""
HASH = "add('h1', 'Entry ' + decodeURIComponent(location.hash.slice(1)));"
BIG = 34 << 20


def post_of(way: str) -> str:
    """The address of the page that goes wrong in a way."""
    return f"https://{way}.{HOST}/post/12"


class Scripted(Site):
    hosts = (HOST, CDN, FRAMES, *(f"{way}.{HOST}" for way in WAYS))

    def pages(self, host: str) -> Mapping[str, Page]:
        if host == CDN:
            return {"/late.png": file(media_bytes.png("late"), "image/png"), "/app.woff2": self._font}
        if host == FRAMES:
            return {
                "/map": html("<!DOCTYPE html><title>map</title><p id=w></p><script src=/map.js></script>"),
                "/map.js": script("fetch('/map.txt').then(r => r.text()).then(t => w.textContent = t);"),
                "/map.txt": file(IN_FRAME.encode(), "text/plain; charset=utf-8"),
            }
        return {
            "/post/12": html(SHELL),
            "/post/13": html(f"<!DOCTYPE html><title>Another</title><p>{WORDS * 5}"),
            "/app.css": css(
                f"@font-face{{font-family:App;src:url(https://{CDN}/app.woff2)}}"
                "body{font-family:App,sans-serif;background:#fdf6e3} h1{color:#7a1f2b}"
            ),
            "/app.js": self._app,
            "/counter.js": script("fetch('/api/count').then(r => r.text()).then(postMessage);"),
            "/api/post.json": json(self._post()),
            "/api/graphql": self._graphql,
            "/api/count": file(FROM_WORKER.encode(), "text/plain"),
            "/api/moved": redirect("/api/moved/here", 302),
            "/api/moved/here": file(b"what had moved", "text/plain"),
            "/picture.png": file(media_bytes.png("picture", 64), "image/png"),
            "/big.bin": lambda _: Reply(200, bytes(BIG), "application/octet-stream"),
            "/favicon.ico": file(media_bytes.ico("scripted"), "image/x-icon"),
        }

    def reply(self, request: Request) -> Reply | Answer:
        if request.path == "/api/tick":
            return file(b"tick", "text/plain")
        if request.path == "/drip":
            return Answer(_drip(), keeps=False)
        return super().reply(request)

    def _app(self, request: Request) -> Reply:
        way = request.host.partition(".")[0]
        instead = {"wall": WALL, "missing": MISSING}.get(way)
        if instead is not None:
            return script(APP.partition("(async")[0] + instead)
        more = {"endless": ENDLESS, "spin": SPIN, "leads": LEADS, "heavy": HEAVY, "hash": HASH}.get(way, "")
        return script(APP + more)

    def _post(self) -> str:
        words = [WORDS * 3, ARABIC, WORDS * 2]
        return jsons.dumps({"title": "The seventh of April", "words": words, "picture": "/picture.png"})

    def _graphql(self, request: Request) -> Reply:
        requests_of = request.method == "POST" and b"comments" in request.body and request.header("X-App") == "reader"
        return json(jsons.dumps({"data": {"comments": [COMMENT]}})) if requests_of else json('{"errors":[]}', status=400)

    def _font(self, request: Request) -> Reply:
        """Granted to those who say where they come from, as browsers do."""
        origin = request.header("Origin")
        granted = (("Access-Control-Allow-Origin", origin),) if origin else ()
        return file(media_bytes.woff2("app"), "font/woff2", granted)


def _drip() -> Iterator[Step]:
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
    for _ in range(2000):
        yield b"a drop, and another one; "
        yield Pause(0.05)

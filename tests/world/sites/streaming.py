"""A station with videos of its own: a plain `<video>`, HLS, DASH, and a page that only scripts fill."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

from collections.abc import Mapping

from tests.world import media_bytes, video_bytes
from tests.world.replies import Reply, Request, partial
from tests.world.site import Page, Site, css, file, html, script
from tests.world.sites.kaltura import hls_files, stream_files

HOST, CDN = "station.example", "cdn.station.example"
SECONDS = 3

_MPD = f"""<?xml version="1.0" encoding="UTF-8"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" type="static"
 mediaPresentationDuration="PT{SECONDS}S" minBufferTime="PT1S"><Period>
<AdaptationSet mimeType="video/mp4" contentType="video" segmentAlignment="true">
<SegmentTemplate initialization="video-init.mp4" media="video-$Number$.m4s" startNumber="0" duration="1" timescale="1"/>
<Representation id="v1" codecs="avc1.42000b" width="128" height="96" bandwidth="1480000"/></AdaptationSet>
<AdaptationSet mimeType="audio/mp4" contentType="audio" lang="ar" segmentAlignment="true">
<SegmentTemplate initialization="audio-init.mp4" media="audio-$Number$.m4s" startNumber="0" duration="1" timescale="1"/>
<Representation id="a1" codecs="mp4a.40.2" audioSamplingRate="44100" bandwidth="2400"/></AdaptationSet></Period></MPD>"""


def _page(title: str, body: str) -> Reply:
    return html(f"""<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="/style.css"><meta property="og:image" content="https://{HOST}/poster.jpg"></head>
<body><h1>{title}</h1>{body}<p>{"شهادة مصورة من أهالي المعتقلين في سجن صيدنايا. " * 6}</p></body></html>""")


class Station(Site):
    hosts = (HOST, CDN)

    def pages(self, host: str) -> Mapping[str, Page]:
        if host == CDN:
            return {
                **hls_files("/hls", "station hls", SECONDS),
                "/dash/manifest.mpd": file(_MPD.encode(), "application/dash+xml"),
                **stream_files("/dash", "video", "station dash", SECONDS),
                **stream_files("/dash", "audio", "station dash", SECONDS),
                "/direct/testimony.mp4": self._video,
            }
        return {
            "/watch/plain": _page(
                "شهادة", f'<video controls poster="/poster.jpg" src="https://{CDN}/direct/testimony.mp4"></video>'
            ),
            "/watch/hls": _page(
                "شهادة بالبث",
                f'<video controls poster="/poster.jpg"><source src="https://{CDN}/hls/master.m3u8" type="application/x-mpegURL"></video>',
            ),
            "/watch/dash": _page(
                "شهادة داش",
                f'<video controls poster="/poster.jpg"><source src="https://{CDN}/dash/manifest.mpd" type="application/dash+xml"></video>',
            ),
            "/app": html(
                '<!DOCTYPE html><html><head><title>App</title></head><body><div id="root"></div><noscript>You need to enable JavaScript to run this app.</noscript><script src="/app.js"></script></body></html>'
            ),
            "/app.js": script(
                "fetch('/api/testimonies').then(r=>r.json()).then(d=>{document.getElementById('root').textContent=d.text});"
            ),
            "/api/testimonies": file('{"text":"شهادة"}'.encode(), "application/json"),
            "/style.css": css("body{font-family:serif}"),
            "/poster.jpg": file(media_bytes.jpeg("station"), "image/jpeg"),
            "/favicon.ico": file(media_bytes.ico("station"), "image/x-icon"),
        }

    def _video(self, request: Request) -> Reply:
        return partial(
            request, video_bytes.sounding("testimony", 10 * SECONDS), "video/mp4", (("ETag", '"5f3c-testimony"'),)
        )

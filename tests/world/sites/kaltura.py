"""Kaltura, where UN Web TV keeps its videos: the API over plain http, play manifests, HLS, captions."""

# ruff: noqa: E501 -- pages are as wide as their makers write them

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping
from dataclasses import dataclass

from tests.world import media_bytes, video_bytes
from tests.world.replies import Reply, Request, partial
from tests.world.site import Page, Site, file, json, redirect

API, PLAY, FILES = "cdnapi.kaltura.com", "cdnapisec.kaltura.com", "cfvod.kaltura.com"
PARTNER = "2503451"


@dataclass(frozen=True, slots=True)
class Entry:
    """One video."""

    id: str
    name: str
    created: int
    seconds: int = 3


MEETING = Entry(
    "1_xs9oqdym", "The situation in the Middle East (Syria, humanitarian) - Security Council, Open VTC", 1617030000
)
ENTRIES = {MEETING.id: MEETING}
_BASE = f"/p/{PARTNER}/sp/{PARTNER}00"


def _play(entry: Entry, format: str) -> str:
    return f"{_BASE}/playManifest/entryId/{entry.id}/format/{format}/protocol/https"


def flavour(entry: Entry) -> str:
    return entry.id.replace("1_", "1_f")


def _listed(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "name": entry.name,
        "createdAt": entry.created,
        "duration": entry.seconds,
        "plays": 211,
        "userId": "webtv@un.example",
        "thumbnailUrl": f"http://{FILES}{_BASE}/thumbnail/entry_id/{entry.id}/version/100021",
        "dataUrl": f"https://{PLAY}{_play(entry, 'url')}",
        "objectType": "KalturaMediaEntry",
    }


def _flavours(entry: Entry) -> list[dict[str, object]]:
    size = len(_video(entry)) // 1024
    return [
        {
            "id": flavour(entry), "entryId": entry.id, "fileExt": "mp4", "bitrate": 1480, "status": 2, "width": 128,
            "height": 96, "frameRate": 10, "size": size, "containerFormat": "isom", "videoCodecId": "avc1", "isOriginal": False,
        }
    ]  # fmt: skip


def _video(entry: Entry) -> bytes:
    return video_bytes.sounding(entry.id, 10 * entry.seconds)


class Kaltura(Site):
    """Modes: `ok`; `blocked` (the API answers 200 with an exception, as for partners that are switched off)."""

    hosts = (API, PLAY, FILES)
    modes = ("ok", "blocked")
    server = (("Server", "Apache"), ("X-Kaltura-Session", "482020"), ("Access-Control-Allow-Origin", "*"))

    def pages(self, host: str) -> Mapping[str, Page]:
        out: dict[str, Page] = {}
        for entry in ENTRIES.values():
            hls, base = f"{_BASE}/hls/{entry.id}", f"https://{FILES}{_BASE}/hls/{entry.id}"
            if host == PLAY:
                caption = (
                    f"/api_v3/index.php/service/caption_captionasset/action/serve/captionAssetId/1_c{entry.id[2:]}"
                )
                out[f"{_play(entry, 'url')}/flavorId/{flavour(entry)}"] = redirect(
                    f"https://{FILES}{_BASE}/{entry.id}.mp4", 302
                )
                out[_play(entry, "applehttp")] = redirect(f"{base}/master.m3u8", 302)
                out[caption] = file(media_bytes.vtt("Madam President", "members of the Council"), "text/vtt")
            elif host == API:
                # Where the extractor requests what the player gets from the other host.
                path = f"/api_v3/service/caption_captionasset/action/serve/captionAssetId/1_c{entry.id[2:]}"
                out[path] = file(media_bytes.vtt("Madam President", "members of the Council"), "text/vtt")
            elif host == FILES:
                whole = _video(entry)
                out[f"{_BASE}/{entry.id}.mp4"] = lambda request, whole=whole: partial(request, whole, "video/mp4")  # type: ignore[misc]
                out[f"{_BASE}/thumbnail/entry_id/{entry.id}/version/100021"] = file(media_bytes.jpeg(entry.id), "image/jpeg")
                out |= hls_files(hls, entry.id, entry.seconds)
        return out

    def reply(self, request: Request) -> Reply:
        if request.host == API and request.path == "/api_v3/service/multirequest":
            return self._multirequest(request)
        return super().reply(request)  # type: ignore[return-value]

    def _multirequest(self, request: Request) -> Reply:
        requested = jsonlib.loads(request.body or b"{}")
        wanted = next((part["entryId"] for part in requested.values() if isinstance(part, dict) and "entryId" in part), "")
        entry = ENTRIES.get(wanted)
        if self.mode == "blocked" or entry is None:
            error = {
                "objectType": "KalturaAPIException",
                "code": "SERVICE_FORBIDDEN",
                "message": "The access is forbidden",
            }
            return json(jsonlib.dumps([error] * 4))
        captions = [
            {
                "id": f"1_c{entry.id[2:]}",
                "languageCode": "en",
                "language": "English",
                "format": "3",
                "status": 2,
                "fileExt": "vtt",
            }
        ]
        session = {"ks": "djJ8MjUwMzQ1MXw=", "objectType": "KalturaStartWidgetSessionResponse"}
        return json(jsonlib.dumps([session, {"objects": [_listed(entry)]}, _flavours(entry), {"objects": captions}]))


def hls_files(base: str, seed: str, seconds: int) -> dict[str, Page]:
    """A master playlist with pictures and sound apart, in fragmented MP4. (RFC 8216)"""
    kind = "application/vnd.apple.mpegurl"
    master = """#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Original",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="1",URI="audio.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=1490000,CODECS="avc1.42000b,mp4a.40.2",RESOLUTION=128x96,FRAME-RATE=10,AUDIO="sound"
video.m3u8
"""
    out: dict[str, Page] = {f"{base}/master.m3u8": file(master.encode(), kind)}
    for stream in ("video", "audio"):
        pieces = "".join(f"#EXTINF:1.000,\n{stream}-{n}.m4s\n" for n in range(seconds))
        head = f'#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:1\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-MAP:URI="{stream}-init.mp4"\n'
        out[f"{base}/{stream}.m3u8"] = file(f"{head}{pieces}#EXT-X-ENDLIST\n".encode(), kind)
        out |= stream_files(base, stream, seed, seconds)
    return out


def stream_files(base: str, stream: str, seed: str, seconds: int) -> dict[str, Page]:
    out: dict[str, Page] = {f"{base}/{stream}-init.mp4": file(video_bytes.opening(stream), "video/mp4")}
    for n in range(seconds):
        out[f"{base}/{stream}-{n}.m4s"] = file(video_bytes.segment(stream, seed, n), "video/iso.segment")
    return out

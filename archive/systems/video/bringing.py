"""Brings in one film: its streams, put together where that can be done, subtitles, picture and description.

Imports yt-dlp; import it only where a film is asked for.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import Any

from archive.capture.recorded import CodingError
from archive.capture.wire import Failure
from archive.systems.video import describing, laying
from archive.systems.video.carrier import OutOfBounds
from archive.systems.video.client import RUNTIME
from archive.systems.video.extraction import EXTRACTOR, Extraction, Lost, Stream, extension
from archive.systems.video.laying import Laying, type_of, urn
from archive.systems.video.merge import Merged, Tool, merge
from archive.urls import UrlError, parse
from archive_manifests.ledger import Verdict

SOUND, PICTURES = "sound", "pictures without sound"
SUBTITLES_AT_MOST = 60
LESSER = "the film is here in less than its best form: the best is larger than --max-size"
NO_RUNTIME = "there is no deno here to run YouTube's player script: the film's forms that need it were not offered"
_PICTURES_TRIED = 4
_LIVE = ("is_live", "is_upcoming")
_DESCRIPTION = "application/vnd.youtube-dl_formats+json;charset=utf-8"
"""As others name it: brozzler, pywb."""


@dataclass(slots=True)
class Film:
    """What came of one film."""

    title: str | None = None
    missing: list[str] = field(default_factory=list)
    """What of it did not come, in plain words."""
    verdict: Verdict | None = None
    """Why the film itself is not here; None where it is."""
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Bringing:
    """The bringing in of what one player shows."""

    extraction: Extraction
    laying: Laying
    tool: Tool | None
    suffix: str = ""
    """Tells the files of a source's second film from those of its first."""
    _film: Film = field(default_factory=Film)

    def bring(self, info: dict[str, Any]) -> Film:
        """Bring one film in. Raises `Lost` where nothing of it can be had, `OutOfBounds`, `NotEnoughSpace`."""
        film = self._film
        film.title = str(info["title"])[:500] if info.get("title") else None
        if info.get("live_status") in _LIVE or info.get("is_live"):
            self.extraction.ear.errors.append("the live event has not ended: there is no recording yet")
            raise Lost
        if self.extraction.player.name == "youtube" and shutil.which(RUNTIME) is None:
            film.notes.append(NO_RUNTIME)
        chosen = [each for each in info.get("requested_formats") or [info] if isinstance(each, dict)]
        if not self._is_here(info):
            self._require_room(info, chosen)
            self._bring_streams(info, [self.extraction.fetch(_with(info, each)) for each in chosen])
        self._bring_subtitles(info)
        self._bring_picture(info)
        self._describe(info)
        return film

    def _is_here(self, info: dict[str, Any]) -> bool:
        """Take the streams that an interrupted run brought in whole; False where there are none."""
        ties = {path: told for path, told in self.laying.earlier().items() if told.get("id") == info.get("id")}
        roles = {str(told["role"]): path for path, told in ties.items()}
        whole = ["film"] if "film" in roles else [PICTURES, SOUND]
        if not all(role in roles for role in whole):
            return False
        for role in whole:
            self.laying.take(roles[role])
        return True

    def _require_room(self, info: dict[str, Any], chosen: list[dict[str, Any]]) -> None:
        """Nothing is begun that is known to be too large for our bounds, or for the disk."""
        visit = self.extraction.visit
        stated, most = max(_size(each, "filesize") for each in chosen), visit.settings.max_size
        if stated > most:
            told = f"a stream of the film has {stated:,} bytes, and one body may bring {most:,} (--max-size)"
            raise OutOfBounds(Failure("policy", "limit", told))
        if any(_size(each, "filesize") > most for each in info.get("formats") or [] if isinstance(each, dict)):
            self._film.notes.append(LESSER)
        # In its exchanges, in the spool, as a record of ours, as a file: a stream is here four times for a while.
        likely = sum(_size(each, "filesize", "filesize_approx") for each in chosen)
        visit.fetcher.recorder.work.require_space(4 * likely)

    def _bring_streams(self, info: dict[str, Any], streams: list[Stream]) -> None:
        facts = self._facts(info)
        held = [self._held(stream) for stream in streams]
        merged = self._merged(streams)
        if merged is not None:
            self._lay_merged(merged, held, facts)
        else:
            for stream, (record, parts) in zip(streams, held, strict=True):
                self._lay_stream(stream, record, parts, facts, alone=len(streams) == 1)
        for stream in streams:
            stream.place.unlink(missing_ok=True)

    def _facts(self, info: dict[str, Any]) -> dict[str, Any]:
        asked = self.extraction.player.asked
        return {"asked": asked, "extractor": EXTRACTOR, "site": info.get("extractor_key"), "id": info.get("id")}

    def _held(self, stream: Stream) -> tuple[str, dict[str, Any]]:
        """The record that holds a stream, and what it is made of."""
        # A playlist's address is not that of what its pieces make together.
        uri = urn(self.laying.page, stream.format) if stream.in_pieces else _address(stream, self.laying)
        kind = type_of(stream.ext)
        record, block = self.laying.hold(stream.place, uri=uri, media_type=kind, answers=stream.answers)
        parts = [answer.answer for answer in stream.answers]
        return record, {
            "format": stream.format,
            "record": record,
            "sha256": block.sha256,
            "size": block.size,
            "exchanges": parts,
        }

    def _merged(self, streams: list[Stream]) -> Merged | None:
        if len(streams) != 2:
            return None
        made = merge(self.tool, streams[0].place, streams[1].place, self.extraction.spool) if self.tool else None
        if made is None:
            why = "ffmpeg could not put them together" if self.tool else "there is no ffmpeg here to put them together"
            self._film.notes.append(f"pictures and sound of the film are two files: {why}")
        return made

    def _lay_merged(self, merged: Merged, held: list[tuple[str, dict[str, Any]]], facts: dict[str, Any]) -> None:
        assert self.tool is not None
        streams = [told for _, told in held]
        name = "+".join(str(told["format"]) for told in streams)
        block = laying.OnDisk.of(merged.place)
        uri, kind = urn(self.laying.page, name), type_of(merged.ext)
        record = self.laying.derive("conversion", uri, kind, block, refers_to=held[0][0])
        made = {"program": f"ffmpeg {self.tool.version}", "command": list(merged.how)}
        path = self.path("video", merged.ext)
        self.laying.lay(
            path, merged.place, record=record, role="film", format=name, made_of=streams, made_by=made, **facts
        )
        merged.place.unlink(missing_ok=True)

    def _lay_stream(
        self, stream: Stream, record: str, parts: dict[str, Any], facts: dict[str, Any], *, alone: bool
    ) -> None:
        is_sound = stream.ext in ("m4a", "mp3", "opus", "ogg", "weba")
        stem, role = ("sound", SOUND) if is_sound else ("video", "film" if alone else PICTURES)
        self.laying.lay(
            self.path(stem, stream.ext),
            stream.place,
            record=record,
            role=role,
            format=stream.format,
            made_of=[parts],
            **facts,
        )

    def _bring_subtitles(self, info: dict[str, Any]) -> None:
        wanted = [(lang, "", forms) for lang, forms in (info.get("subtitles") or {}).items() if "live_chat" not in lang]
        # Of what a machine heard, the language that was spoken; not what a machine made of that in a hundred others.
        heard = (info.get("automatic_captions") or {}).items()
        wanted += [(lang, "-auto", forms) for lang, forms in heard if lang.endswith("-orig")]
        for lang, mark, forms in wanted[:SUBTITLES_AT_MOST]:
            form = _best_form(forms)
            if form is not None:
                self._bring_subtitle(_clean(lang.removesuffix("-orig")) + mark, form, info)

    def _bring_subtitle(self, lang: str, form: dict[str, Any], info: dict[str, Any]) -> None:
        ext = extension(form)
        try:
            if isinstance(form.get("data"), str):
                data = form["data"].encode("utf-8", "replace")
                record = self.laying.derive(
                    "resource", urn(self.laying.page, f"subtitles-{lang}"), type_of(ext), laying.in_memory(data)
                )
                self.laying.lay(
                    self.path(f"subtitles.{lang}", ext),
                    data,
                    record=record,
                    role="subtitles",
                    language=lang,
                    **self._facts(info),
                )
                return
            stream = self.extraction.fetch(
                {**form, "format_id": f"subtitles-{lang}", "id": info.get("id")}, subtitle=True
            )
        except Lost as lost:
            # What the server itself has not is its word, not our loss.
            told, kept = f"subtitles ({lang})", self._film.missing if lost.refused is None else self._film.notes
            kept.append(told if lost.refused is None else f"of the film's {told} the server says {lost.refused}")
            return
        record, parts = self._held(stream)
        self.laying.lay(
            self.path(f"subtitles.{lang}", ext),
            stream.place,
            record=record,
            role="subtitles",
            language=lang,
            made_of=[parts],
            **self._facts(info),
        )
        stream.place.unlink(missing_ok=True)

    def _bring_picture(self, info: dict[str, Any]) -> None:
        """The film's own picture, best first: some of those that are listed are guesses of the extractor's."""
        listed = [each.get("url") for each in reversed(info.get("thumbnails") or []) if isinstance(each, dict)]
        for address in list(dict.fromkeys([info.get("thumbnail"), *listed]))[:_PICTURES_TRIED]:
            if isinstance(address, str) and self._took_picture(address, info):
                return
        if listed:
            self._film.missing.append("its picture")

    def _took_picture(self, address: str, info: dict[str, Any]) -> bool:
        visit, carrier = self.extraction.visit, self.extraction.carrier
        try:
            url = parse(address)
        except UrlError:
            return False
        recorded = visit.fetcher.fetch(url, series=visit.id).result() if url.is_web else None
        if recorded is None:
            return False
        carrier.records += [each for each in (*recorded.earlier, recorded.answer) if each not in carrier.records]
        if recorded.status != 200 or recorded.truncated is not None or not recorded.media_type.startswith("image/"):
            return False
        try:
            data = b"".join(recorded.decoded(32 << 20))
        except CodingError:
            return False
        ext = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}.get(recorded.media_type, "img")
        self.laying.lay(self.path("thumbnail", ext), data, record=recorded.answer, role="picture", **self._facts(info))
        return True

    def _describe(self, info: dict[str, Any]) -> None:
        """Last, and by its tie the sign that the film is whole, or of what it lacks."""
        work = self.extraction.visit.fetcher.recorder.work
        hidden = {echo.address for echo in list(work.done.echoes)} | {str(work.path), str(work.path.parent)}
        told = describing.describe(self.extraction.client.sanitize_info(info, remove_private_keys=True), hidden=hidden)
        record = self.laying.derive(
            "metadata", self.laying.page.href, _DESCRIPTION, laying.in_memory(told), refers_to=self.laying.page_record
        )
        self.laying.lay(
            self.path("info", "json"), told, record=record, role="description", title=self._film.title,
            missing=self._film.missing, notes=self._film.notes, **self._facts(info),
        )  # fmt: skip

    def path(self, stem: str, ext: str) -> str:
        head, dot, tail = stem.partition(".")
        return f"data/media/{self.extraction.visit.id}/{head}{self.suffix}{dot}{tail}.{ext}"


def _size(form: dict[str, Any], *names: str) -> int:
    """The first size that is stated under one of these names; 0 where none is."""
    return next((int(form[name]) for name in names if isinstance(form.get(name), int | float)), 0)


def _with(info: dict[str, Any], form: dict[str, Any]) -> dict[str, Any]:
    """A form as the downloader wants it: what is known of the film beside what is known of the form."""
    known = {key: value for key, value in info.items() if key not in ("formats", "requested_formats", "subtitles")}
    return {**known, **form}


def _best_form(forms: object) -> dict[str, Any] | None:
    listed = [form for form in forms if isinstance(form, dict)] if isinstance(forms, list) else []
    ranked = {"vtt": 0, "srt": 1, "ttml": 2}
    usable = [form for form in listed if form.get("url") or form.get("data")]
    return min(usable, key=lambda form: ranked.get(str(form.get("ext")), 9), default=None)


def _clean(lang: str) -> str:
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter == "-") else "-" for letter in lang)[:40]


def _address(stream: Stream, there: Laying) -> str:
    """The address that a stream was asked for at, as the records of its exchanges have it."""
    try:
        return parse(stream.url).href
    except UrlError:
        return urn(there.page, stream.format)

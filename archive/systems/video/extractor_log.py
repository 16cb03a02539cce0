"""Collects what yt-dlp reports, as far as it is about the video."""

from __future__ import annotations

from msgspec import Struct, field

from archive.http.json_body import well_formed_text

_MOST = 50
_LONGEST = 2000
_OURS = (
    "ffmpeg",
    "JavaScript runtime",
    "js runtime",
    "impersonat",
    "Deprecated Feature",
    "You are using an outdated version",
)
"""Parts of messages about yt-dlp's own set-up, not about the video."""


class ExtractorLog(Struct):
    """The messages of yt-dlp that may tell why a video is missing."""

    hidden: str = ""
    """A path of this machine that no message may contain."""
    warnings: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def warning(self, message: str) -> None:
        if len(self.warnings) < _MOST and not any(word in message for word in _OURS):
            self.warnings.append(self._without_hidden(message))

    def error(self, message: str) -> None:
        if len(self.errors) < _MOST:
            self.errors.append(self._without_hidden(message))

    def _without_hidden(self, message: str) -> str:
        text = well_formed_text(str(message))
        return (text.replace(self.hidden, "…") if self.hidden else text)[:_LONGEST]

    @property
    def messages(self) -> list[str]:
        """All messages: warnings, then errors, the last ones at the end."""
        return [*self.warnings, *self.errors]

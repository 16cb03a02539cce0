"""Hears what yt-dlp says: the reason why a film does not come is sometimes only in a warning."""

from __future__ import annotations

from dataclasses import dataclass, field

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
"""What it says of its own set-up, and not of the film."""


@dataclass(slots=True)
class Ear:
    """A logger for yt-dlp."""

    hidden: str = ""
    """A place of this machine that is not to be told."""
    warnings: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def debug(self, message: str) -> None:
        """Chatter."""

    def info(self, message: str) -> None:
        """Chatter."""

    def stdout(self, message: str) -> None:
        """Chatter."""

    def warning(self, message: str, *, once: bool = False) -> None:
        if len(self.warnings) < _MOST and not any(word in message for word in _OURS):
            self.warnings.append(self._told(message))

    def error(self, message: str, *, is_error: bool = True) -> None:
        if len(self.errors) < _MOST:
            self.errors.append(self._told(message))

    def _told(self, message: str) -> str:
        return (message.replace(self.hidden, "…") if self.hidden else message)[:_LONGEST]

    @property
    def said(self) -> list[str]:
        """Everything, what was said last, and as an error, at the end."""
        return [*self.warnings, *self.errors]

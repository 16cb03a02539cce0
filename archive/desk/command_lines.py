"""The commands that do what a screen does, as a person would type them in the desk's folder."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from archive.capture.settings import FetchSettings
from archive.desk.draft import FOLDER, ReportDraft


def _line(*words: str) -> str:
    return shlex.join(["archive", *words])


def _input(draft: ReportDraft) -> list[str]:
    """The source manifest, and its report where there is one."""
    folder = f"{FOLDER}/{draft.name}"
    report = ["--report", f"{folder}/report/{draft.report.name}"] if draft.report is not None else []
    return [f"{folder}/{draft.sources_file.name}", *report]


def plan_line(draft: ReportDraft, base: FetchSettings) -> str:
    return _line("fetch", *_input(draft), "--plan", *draft.choices().words(base))


def fetch_line(draft: ReportDraft, base: FetchSettings, more: Sequence[str] = ("--hold",)) -> str:
    return _line("fetch", *_input(draft), "-o", draft.name, *more, *draft.choices().words(base))


def bag_line(command: str, name: str, *words: str) -> str:
    return _line(command, name, *words)

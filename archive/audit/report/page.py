"""The report for people: one HTML page without script or network."""

from __future__ import annotations

from typing import Any

from archive.audit.report.gather import Report
from archive.words import FALLBACK, Catalogue, load

FOLDER = "templates"


def as_html(report: Report, language: str = FALLBACK) -> str:
    """The page in one language."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    words = load(language)
    loader = PackageLoader("archive.audit.report", FOLDER)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.globals["say"] = _sayer(words)
    return environment.get_template("audit.html").render(report=report, words=words, status=report.status)


def _sayer(words: Catalogue) -> Any:
    def say(key: str, **values: object) -> str:
        return words.sentence(f"audit.{key}", **values)

    return say

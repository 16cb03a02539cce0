"""The report for people: one HTML page without script or network."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from archive.audit.report.gather import AuditReport
from archive.words import FALLBACK, Catalogue, load
from archive.words.audit_findings import finding_sentence

FOLDER = "templates"


def as_html(report: AuditReport, language: str = FALLBACK) -> str:
    """The page in one language."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    catalogue = load(language)
    loader = PackageLoader("archive.audit.report", FOLDER)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.globals["sentence"] = _sentences(catalogue)
    environment.globals["finding_sentence"] = partial(finding_sentence, catalogue=catalogue)
    return environment.get_template("audit.html").render(report=report, words=catalogue, status=report.status)


def _sentences(catalogue: Catalogue) -> Callable[..., str]:
    def sentence(key: str, **values: object) -> str:
        return catalogue.sentence(f"audit.{key}", **values)

    return sentence

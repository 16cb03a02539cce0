"""The sentence of a finding of the audit: what `verify` finds, and what only the catalogue of the audit knows."""

from __future__ import annotations

from archive.words import Catalogue


def finding_sentence(code: str, catalogue: Catalogue) -> str:
    """What a code means; the code itself where no sentence is known, as of an older catalogue."""
    keys = (f"audit_finding.{code}", f"finding.{code}")
    return next((catalogue.sentence(key) for key in keys if catalogue.has(key)), code)

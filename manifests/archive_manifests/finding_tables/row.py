"""What a row of the catalogue consists of, in short names."""

from __future__ import annotations

from archive_manifests.findings import Kind, Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING
DAMAGE, MISSING, CONTRADICTION = Kind.DAMAGE, Kind.MISSING, Kind.CONTRADICTION
NONCONFORMANCE, CONDITION = Kind.NONCONFORMANCE, Kind.CONDITION

Table = dict[str, tuple[Severity, Kind, str, str]]
"""Code -> severity, kind, section of RFC 8493 (or another rule, or nothing), sentence."""

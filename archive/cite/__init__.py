"""Cite: a report's file -> its text and its citations. No network."""

from archive.cite.report import CitedReport, read_report, read_report_stream, require_sources, source_manifest

__all__ = ["CitedReport", "read_report", "read_report_stream", "require_sources", "source_manifest"]

"""PDF: marks and an annex added by an incremental update, whose first bytes are the report."""

from archive.annotate.pdf.write import AnnotatedPdf, annex_pdf, annotate_pdf

__all__ = ["AnnotatedPdf", "annex_pdf", "annotate_pdf"]

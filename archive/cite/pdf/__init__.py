"""PDF: pages read by the places of their glyphs."""

from archive.cite.pdf.read import read_pdf

__all__ = ["read_pdf"]

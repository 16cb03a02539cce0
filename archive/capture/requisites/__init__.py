"""What a page needs to be seen, as far as it can be read off HTML and CSS without running them. No network."""

from archive.capture.requisites.css import read_css
from archive.capture.requisites.html import read_html
from archive.capture.requisites.reading import KINDS, ApiLink, PageReading, Reference, Refresh

__all__ = ["KINDS", "ApiLink", "PageReading", "Reference", "Refresh", "read_css", "read_html"]

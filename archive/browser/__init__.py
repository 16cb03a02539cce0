"""A browser that sees the network only through us: every request of a page is answered by whoever sent it to draw.

Capture lets the recorder answer, replay the WARCs. What a page does meanwhile reaches nothing else.
"""

from archive.browser.asked import Answer, Answers, Asked, Refused
from archive.browser.engine import BrowserBroke, Engine
from archive.browser.installed import Installed, find

__all__ = ["Answer", "Answers", "Asked", "BrowserBroke", "Engine", "Installed", "Refused", "find"]

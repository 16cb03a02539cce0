"""Films: what a page's player shows, fetched by yt-dlp's extractors and downloaders through our own recorder.

yt-dlp finds the streams and reads them; it opens no socket, starts no program that has a network, and writes into the
spool alone. It is heavy, optional, and imported only where a film is really asked for.
"""

from archive.systems.video.films import complete

__all__ = ["complete"]

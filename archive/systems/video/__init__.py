"""Fetches the videos that a page shows with yt-dlp's extractors and downloaders through the recorder.

yt-dlp finds the streams and reads them; it opens no socket, starts no program that has a network, and writes into the
spool alone. It is heavy, optional, and imported only where a video is fetched.
"""

from archive.systems.video.source_videos import add_videos

__all__ = ["add_videos"]

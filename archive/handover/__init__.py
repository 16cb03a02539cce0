"""Handing bags over: packed for a partner, received and judged, receipted, compared. Nothing here asks a network."""

"""Captures shown again: a local server, the records it serves, the score of a replay."""

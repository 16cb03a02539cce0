"""A captured page as values: its blocks of text, media, scripts and data, each with its place."""

"""Renders captured pages in a browser that is served from the records, and records what only scripts request."""

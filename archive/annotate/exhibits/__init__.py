"""Numbered exhibits: a stamped print of each source, native files beside it, load files for courts and lawyers."""

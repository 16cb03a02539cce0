"""Mementos: copies that archives hold of what the live web no longer gives. (RFC 7089)

Asked only after the live web finally failed, and only where settings and report allow it: the Wayback Machine first,
then others that the user configured. What is recorded is the exchange with the archive, as it was; a `metadata`
record ties it to the cited URL.
"""

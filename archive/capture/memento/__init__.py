"""Mementos: copies in other archives of pages that the live web no longer serves. (RFC 7089)

The look-up happens only after the live web finally failed, and only where settings and report allow it: the Wayback
Machine first, then other archives that the user configured. The exchange with the archive is recorded as it was; a
`metadata` record ties it to the cited URL.
"""

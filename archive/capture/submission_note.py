"""The note of a source on what an archive answered when the source was submitted to it."""

from __future__ import annotations

from archive_manifests.ledger import Submission
from archive_manifests.notes import Note, note


def note_on(submission: Submission) -> Note:
    """What became of a submission, as the last answer to it says."""
    if submission.outcome == "saved" and submission.memento is not None:
        return note("submission-saved", when=submission.time, url=submission.memento)
    if submission.outcome == "pending":
        return note("submission-pending", when=submission.time)
    why = submission.note or (
        note("submission-words", detail=submission.message) if submission.message else note("submission-no-reason")
    )
    return note(
        "submission-refused" if submission.outcome == "refused" else "submission-error", when=submission.time, why=why
    )

"""Checks a bag: six questions, six answers, and every finding. Writes nothing, asks no network."""

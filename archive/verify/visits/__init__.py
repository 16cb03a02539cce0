"""Visits made again from the records alone."""

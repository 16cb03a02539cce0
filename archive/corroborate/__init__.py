"""Several observers of one report: whether independent captures of each source say the same."""

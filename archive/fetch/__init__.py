"""One run: input, plan, capture of every source, a second run, supplied files, finishing."""

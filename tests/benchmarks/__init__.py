"""Speed and memory, each figure beside its peer in the same run; never a timed test."""

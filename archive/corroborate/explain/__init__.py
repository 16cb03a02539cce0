"""What explains that two captures differ: times of the visits, counters, lists that change, advertising."""

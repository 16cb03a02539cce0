"""Words, times, numbers and addresses: what a text says, whatever it stands in."""

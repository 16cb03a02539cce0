"""The library: captures what a report cites, packages it as a bag, checks it. Never prints, never exits."""

"""Two captures beside each other: every difference, and whether it is one of substance."""

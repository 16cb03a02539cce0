"""The one read of a bag: what is there, every file read and hashed once, and what of it is kept."""

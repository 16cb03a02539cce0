"""Writes the reference from the code, so that it cannot say something else than the program does."""

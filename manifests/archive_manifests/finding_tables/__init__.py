"""The rows of the catalogue of findings, one module for each question."""

"""Repairs a copy from other copies: rebuilt beside it, verified, swapped in; the old one stays."""

"""A copy made sound again from other copies: built anew beside it, verified, swapped in; the old one stays."""

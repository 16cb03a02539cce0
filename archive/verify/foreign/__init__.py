"""Files that other tools made: WACZ, supplied recordings, pages saved as one file, E-ARK packages."""

"""The WARCs and the log of their records, and what is generated from them: compared with one another."""

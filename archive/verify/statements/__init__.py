"""What the ledger and the records state of the run as a whole, compared with one another."""

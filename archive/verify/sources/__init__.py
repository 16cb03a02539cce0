"""What the ledger says of each source, derived again from its records."""

"""The page inside the bag: `data/index.html` and the texts that go with it, generated from the ledger."""

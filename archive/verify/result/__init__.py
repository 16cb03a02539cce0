"""What a verification found, as values: findings, answers and the first sentence."""

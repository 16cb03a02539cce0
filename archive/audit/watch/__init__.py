"""Whether cited addresses still respond: the date of a removal is evidence. Only at a person's request."""

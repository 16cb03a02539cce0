"""Whether cited addresses still respond: the date of a removal is evidence. Only where a person asks for it."""

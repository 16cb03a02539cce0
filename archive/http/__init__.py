"""One HTTP/1.1 parser, for the network and for stored records alike."""

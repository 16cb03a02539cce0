"""The command line. A command parses, makes one call of the library, shows the answer."""

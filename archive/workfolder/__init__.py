"""The work folder of an unfinished bag: its journal, the state the journal describes, its files."""

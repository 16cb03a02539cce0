"""The desk: a local web page for documenters. Whatever it does, a command can do."""

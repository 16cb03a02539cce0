"""One module a command. Each defines `command`."""

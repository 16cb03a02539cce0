"""`python -m archive_cli`: the command line where no `archive` is on the path."""

from archive_cli.start import main

main()

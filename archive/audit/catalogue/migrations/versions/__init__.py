"""One module a version. What was released is not edited any more."""

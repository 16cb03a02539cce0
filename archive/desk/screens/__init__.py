"""The screens of the desk: each shows something, and calls one function of the library for each thing to do."""

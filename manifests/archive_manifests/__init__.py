"""What is stated: text to values and back. No socket, no clock, no file but its own schemas."""

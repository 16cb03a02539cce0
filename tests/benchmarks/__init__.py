"""Speed, measured beside those whose work it does. Never a test: a busy machine must not turn anything red."""

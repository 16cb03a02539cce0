"""Writes a seal beside a bag: signatures, timestamps, statement."""

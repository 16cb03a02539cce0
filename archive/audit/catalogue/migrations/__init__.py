"""Alembic's migrations of the catalogue, from its first version on."""

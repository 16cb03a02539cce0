"""What Alembic runs: the migrations, over the connection that the catalogue opened."""

from __future__ import annotations

from alembic import context

if hasattr(context, "config"):  # not where the module is only imported
    context.configure(connection=context.config.attributes["connection"], target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()

"""Alembic's entry: run the missing steps on the connection that ``storage.schema`` hands over."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()

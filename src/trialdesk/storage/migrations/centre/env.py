"""What alembic runs: the scripts, on the connection it is handed, within the transaction that is open there."""

from __future__ import annotations

from alembic import context

from trialdesk.storage.centre_layout import layout

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=layout(connection.dialect.name))
context.run_migrations()

"""Alembic's entry: `services.adapters.migrating` calls it with an open connection inside its own transaction."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import TypeDecorator

from services.adapters.tables.every import metadata


def render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write column types as plain SQLAlchemy, so that old version files need none of our code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=render,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()

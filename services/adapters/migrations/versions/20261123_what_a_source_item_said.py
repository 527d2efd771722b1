"""what a source item said, the article it still misses, and how long a feed asks to be left alone"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "c51d3e7a90b4"
down_revision: str | None = "a4368e02f2ce"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WORDS = ("title", "opening", "guid", "printed")


def upgrade() -> None:
    with op.batch_alter_table("source_item", schema=None) as batch_op:
        for name in WORDS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("articles_owed", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ttl_seconds", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_column("ttl_seconds")
    with op.batch_alter_table("source_item", schema=None) as batch_op:
        for name in ("articles_owed", *WORDS):
            batch_op.drop_column(name)

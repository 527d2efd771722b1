"""since when the history of a source is being read, and what there could not be read"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "d7f20b6c19e5"
down_revision: str | None = "7be0c4d95f21"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reading_since_us", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("refused", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_column("refused")
        batch_op.drop_column("reading_since_us")

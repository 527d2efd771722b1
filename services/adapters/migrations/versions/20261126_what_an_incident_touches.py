"""which incidents are emerging and what special watches they touch"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "5503365b0b05"
down_revision: str | None = "d7f20b6c19e5"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("desk_incident", schema=None) as batch_op:
        batch_op.add_column(sa.Column("emerging", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("watches", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("desk_incident", schema=None) as batch_op:
        batch_op.drop_column("watches")
        batch_op.drop_column("emerging")

"""how many posts were left out, by the rule of relevance"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "7be0c4d95f21"
down_revision: str | None = "c51d3e7a90b4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "left_out",
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("posts", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("rule"),
    )


def downgrade() -> None:
    op.drop_table("left_out")

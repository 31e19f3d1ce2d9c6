"""Keep the government beside the spans.

Why: figures and lists of a whole government read one index of the spans instead of every commitment with its spans.
Leads are looked up by their mandate for each agreement of a list.

Revision ID: 071ca709e34d
Revises: 5c1d0a7e9b42
"""

import sqlalchemy as sa
from alembic import op

revision = "071ca709e34d"
down_revision = "5c1d0a7e9b42"
branch_labels = None
depends_on = None

INDEXES = {
    "checkpoint_span": {
        "ix_checkpoint_span_scored": [
            "government_id",
            "outcome",
            "scoring_due_on",
            "until_on",
            "from_on",
            "organization_id",
        ],
        "ix_checkpoint_span_state": [
            "government_id",
            "state",
            "until_on",
            "from_on",
            "organization_id",
            "due_on",
            "checkpoint_id",
        ],
    },
    "commitment_span": {
        "ix_commitment_span_government": [
            "government_id",
            "until_on",
            "from_on",
            "organization_id",
            "signal",
            "next_due_on",
            "commitment_id",
            "fresh_until",
            "last_verified_on",
            "next_checkpoint_id",
        ],
    },
}


def upgrade() -> None:
    for table, indexes in INDEXES.items():
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("government_id", sa.Integer(), nullable=True))
        op.execute(
            f"UPDATE {table} SET government_id ="
            f" (SELECT c.government_id FROM commitment c WHERE c.id = {table}.commitment_id)"
        )
        with op.batch_alter_table(table) as batch:
            batch.alter_column("government_id", existing_type=sa.Integer(), nullable=False)
            batch.create_foreign_key(
                op.f(f"fk_{table}_government_id_government"), "government", ["government_id"], ["id"]
            )
            for name, columns in indexes.items():
                batch.create_index(name, columns)
    op.create_index(op.f("ix_mandate_lead_mandate_id"), "mandate_lead", ["mandate_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_mandate_lead_mandate_id"), "mandate_lead")
    for table, indexes in INDEXES.items():
        with op.batch_alter_table(table) as batch:
            for name in indexes:
                batch.drop_index(name)
            batch.drop_constraint(op.f(f"fk_{table}_government_id_government"), type_="foreignkey")
            batch.drop_column("government_id")

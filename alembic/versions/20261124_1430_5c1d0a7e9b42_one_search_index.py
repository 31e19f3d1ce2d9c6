"""One search index over all that people look for.

Why: the search keeps words and stems in a table of its own. SQLite needs an FTS5 table beside it, whose rowid is the
document's id; PostgreSQL an index over the stems. Neither is known to the models.

Revision ID: 5c1d0a7e9b42
Revises: bf7c4147ace1
"""

import sqlalchemy as sa
from alembic import op

revision = "5c1d0a7e9b42"
down_revision = "bf7c4147ace1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("stems", sa.Text(), nullable=False),
        sa.Column("indexed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(kind) <= 40", name=op.f("ck_search_document_kind_length")),
        sa.CheckConstraint("length(title) <= 500", name=op.f("ck_search_document_title_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_document")),
        sa.UniqueConstraint("kind", "subject_id", name="uq_search_document_kind_subject_id"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search_fts USING fts5(stems, tokenize = 'unicode61')")
    else:
        op.execute(
            "CREATE INDEX ix_search_document_stems ON search_document USING gin (to_tsvector('simple', stems))"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_fts")
    op.drop_table("search_document")

"""The first version: bags, copies, runs, the chain of events, policy, deadlines, watch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_bags()
    _make_runs_and_events()
    _make_what_refers_to_events()
    _make_schedules()
    _refuse_changes_of_events()


def downgrade() -> None:
    raise NotImplementedError("a catalogue is not taken back: its history would be lost")


def _text(name: str, *, required: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=not required)


def _number(name: str, *, required: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=not required)


def _key(name: str, target: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text, *([sa.ForeignKey(target)] if target else []), primary_key=True)


def _event_key() -> sa.Column[int]:
    return sa.Column("seq", sa.BigInteger, sa.ForeignKey("fixity_event.seq"), primary_key=True, autoincrement=False)


def _reference(name: str, target: str, *, required: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text, sa.ForeignKey(target), nullable=not required)


def _make_bags() -> None:
    op.create_table(
        "bag",
        _key("bag_id"),
        _text("name"),
        *(_text(name, required=False) for name in ("report", "external_identifier", "software")),
        *(_number(name) for name in ("octets", "files")),
        _text("added_at"),
    )
    op.create_table(
        "citation",
        _key("bag_id", "bag.bag_id"),
        _key("source"),
        _text("cited"),
        _text("request_url", required=False),
        *(_text(name) for name in ("pages", "status")),
    )
    op.create_table(
        "bag_copy",
        _key("copy_id"),
        _reference("bag_id", "bag.bag_id"),
        sa.Column("url", sa.Text, nullable=False, unique=True),
        *(_text(name) for name in ("store", "storage_class", "custodian", "added_at")),
        *(_text(name, required=False) for name in ("retired_at", "expected_tagmanifest", "content_digest")),
        _text("tag_digests"),
        _text("seal_digest", required=False),
        _text("baseline_findings"),
        *(_number(name) for name in ("octets", "files")),
        *(_text(name, required=False) for name in ("last_checked_at", "last_read_at", "last_outcome")),
        _number("last_event", required=False),
        _number("new_findings"),
        sa.Column("failures", sa.Integer, nullable=False),
        _text("next_due_at"),
    )
    op.create_index("copy_due", "bag_copy", ["next_due_at"])
    op.create_index("copy_of_bag", "bag_copy", ["bag_id"])
    op.create_index("copy_stratum", "bag_copy", ["custodian", "storage_class"])
    op.create_index("copy_outcome", "bag_copy", ["last_outcome"])


def _make_runs_and_events() -> None:
    op.create_table(
        "audit_run",
        _key("run_id"),
        *(_text(name) for name in ("kind", "state", "started_at")),
        _text("ended_at", required=False),
        _text("selector"),
        _text("seed", required=False),
        _number("population"),
        _text("population_digest", required=False),
        _number("sample"),
        _text("engine", required=False),
        _text("software"),
        _text("operator", required=False),
    )
    op.create_index("run_state", "audit_run", ["kind", "state"])
    op.create_table(
        "fixity_event",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        *(_text(name) for name in ("at", "type")),
        _reference("run_id", "audit_run.run_id", required=False),
        _reference("copy_id", "bag_copy.copy_id", required=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        *(_text(name, required=False) for name in ("outcome", "method")),
        _number("octets", required=False),
        sa.Column("seconds", sa.Float),
        *(_text(name, required=False) for name in ("fingerprint", "content_digest")),
        *(_number(name) for name in ("findings", "new_findings")),
        *(_text(name, required=False) for name in ("findings_digest", "operator")),
        *(_text(name) for name in ("software", "facts")),
        _text("prev_hash", required=False),
        _text("row_hash"),
        sa.UniqueConstraint("run_id", "copy_id", "type", "attempt", name="event_once"),
    )
    op.create_index("event_of_copy", "fixity_event", ["copy_id", "seq"])
    op.create_index("event_type", "fixity_event", ["type", "seq"])


def _make_what_refers_to_events() -> None:
    op.create_table(
        "fixity_problem",
        _event_key(),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("is_new", sa.Integer, nullable=False),
        _text("severity"),
        _text("kind", required=False),
        _text("code"),
        *(_text(name, required=False) for name in ("path", "expected", "found", "source", "note")),
    )
    op.create_table(
        "acceptance",
        _event_key(),
        _reference("copy_id", "bag_copy.copy_id"),
        *(_text(name) for name in ("at", "operator", "note", "findings")),
        *(_text(name, required=False) for name in ("pin_before", "pin_after")),
    )
    op.create_table(
        "repair",
        _event_key(),
        _reference("copy_id", "bag_copy.copy_id"),
        *(_text(name) for name in ("sources", "at")),
        _text("operator", required=False),
        *(_text(name) for name in ("old_url", "new_url", "result")),
    )
    op.create_table(
        "chain_head",
        _event_key(),
        *(_text(name) for name in ("row_hash", "at", "statement")),
        *(_text(name, required=False) for name in ("signature", "signer")),
        _text("timestamps"),
    )


def _make_schedules() -> None:
    op.create_table(
        "policy",
        *(_key(name) for name in ("custodian", "storage_class")),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("every_days", "full_read_days")),
    )
    op.create_table(
        "deadline",
        _key("copy_id", "bag_copy.copy_id"),
        *(_key(name) for name in ("kind", "subject")),
        *(_text(name) for name in ("due_at", "detail")),
    )
    op.create_index("deadline_due", "deadline", ["due_at"])
    op.create_table(
        "watch",
        _key("bag_id", "bag.bag_id"),
        _key("source"),
        *(_text(name) for name in ("url", "since")),
        *(_text(name, required=False) for name in ("last_at", "state")),
        *(_text(name) for name in ("facts", "next_due_at")),
    )
    op.create_index("watch_due", "watch", ["next_due_at"])


_ON_SQLITE = "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{text}'); END"
_ON_POSTGRES = "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} EXECUTE FUNCTION archive_refuse_change()"
_FUNCTION = (
    "CREATE FUNCTION archive_refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
    " $$BEGIN RAISE EXCEPTION '{text}'; END$$"
)


def _refuse_changes_of_events() -> None:
    """Whoever administers the database can take the triggers away; the chain shows what was done then."""
    text = "the events of a catalogue are never changed or deleted"
    on_postgres = op.get_bind().dialect.name == "postgresql"
    if on_postgres:
        op.execute(_FUNCTION.format(text=text))
    template = _ON_POSTGRES if on_postgres else _ON_SQLITE
    for table in ("fixity_event", "fixity_problem", "acceptance", "repair"):
        for verb in ("UPDATE", "DELETE", *(("TRUNCATE",) if on_postgres else ())):
            op.execute(template.format(table=table, verb=verb, text=text))

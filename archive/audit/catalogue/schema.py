"""The tables of the catalogue. What changes here needs a migration of its own.

Times are UTC text (`2026-11-22T10:00:00Z`), so both databases sort them alike; ids are made by us; JSON is text.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

VERSION = "0001"
"""The migration that makes these tables."""

metadata = MetaData()

bag = Table(
    "bag",
    metadata,
    Column("bag_id", Text, primary_key=True),  # the fingerprint: copies of one bag have it in common
    Column("name", Text, nullable=False),
    Column("report", Text),
    Column("external_identifier", Text),
    Column("software", Text),  # Bag-Software-Agent
    Column("octets", BigInteger, nullable=False),
    Column("files", BigInteger, nullable=False),
    Column("added_at", Text, nullable=False),
)

citation = Table(
    "citation",  # what the ledger of a bag says that the report cites
    metadata,
    Column("bag_id", Text, ForeignKey("bag.bag_id"), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("cited", Text, nullable=False),
    Column("request_url", Text),
    Column("pages", Text, nullable=False),
    Column("status", Text, nullable=False),
)

bag_copy = Table(
    "bag_copy",  # a bag at one place: the place is what rots
    metadata,
    Column("copy_id", Text, primary_key=True),
    Column("bag_id", Text, ForeignKey("bag.bag_id"), nullable=False),
    Column("url", Text, nullable=False, unique=True),
    Column("store", Text, nullable=False),
    Column("storage_class", Text, nullable=False),
    Column("custodian", Text, nullable=False),
    Column("added_at", Text, nullable=False),
    Column("retired_at", Text),
    Column("expected_tagmanifest", Text),  # the pin: what the bag's fingerprint was when the copy was added
    Column("content_digest", Text),  # of all bytes, as they were last verified
    Column("tag_digests", Text, nullable=False),
    Column("seal_digest", Text),
    Column("baseline_findings", Text, nullable=False),
    Column("octets", BigInteger, nullable=False),
    Column("files", BigInteger, nullable=False),
    Column("last_checked_at", Text),
    Column("last_read_at", Text),  # the last time that every byte was read
    Column("last_outcome", Text),
    Column("last_event", BigInteger),
    Column("new_findings", BigInteger, nullable=False),  # of the last check, against the baseline
    Column("failures", Integer, nullable=False),  # checks in a row that could not look
    Column("next_due_at", Text, nullable=False),
    Index("copy_due", "next_due_at"),
    Index("copy_of_bag", "bag_id"),
    Index("copy_stratum", "custodian", "storage_class"),
    Index("copy_outcome", "last_outcome"),
)

audit_run = Table(
    "audit_run",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # add, audit, repair, watch
    Column("state", Text, nullable=False),  # open, stopped, ended
    Column("started_at", Text, nullable=False),
    Column("ended_at", Text),
    Column("selector", Text, nullable=False),  # with the seed, whatever is needed to draw the sample again
    Column("seed", Text),
    Column("population", BigInteger, nullable=False),
    Column("population_digest", Text),
    Column("sample", BigInteger, nullable=False),
    Column("engine", Text),
    Column("software", Text, nullable=False),
    Column("operator", Text),
    Index("run_state", "kind", "state"),
)

event = Table(
    "fixity_event",  # append-only, hash-chained: triggers refuse every update and deletion
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("run_id", Text, ForeignKey("audit_run.run_id")),
    Column("copy_id", Text, ForeignKey("bag_copy.copy_id")),
    Column("attempt", Integer, nullable=False),
    Column("outcome", Text),
    Column("method", Text),  # full-read, provider-report, head-checksum
    Column("octets", BigInteger),
    Column("seconds", Float),
    Column("fingerprint", Text),
    Column("content_digest", Text),
    Column("findings", BigInteger, nullable=False),
    Column("new_findings", BigInteger, nullable=False),
    Column("findings_digest", Text),
    Column("operator", Text),
    Column("software", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("prev_hash", Text),
    Column("row_hash", Text, nullable=False),
    UniqueConstraint("run_id", "copy_id", "type", "attempt", name="event_once"),
    Index("event_of_copy", "copy_id", "seq"),
    Index("event_type", "type", "seq"),
)

problem = Table(
    "fixity_problem",
    metadata,
    Column("seq", BigInteger, ForeignKey("fixity_event.seq"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("is_new", Integer, nullable=False),
    Column("severity", Text, nullable=False),
    Column("kind", Text),
    Column("code", Text, nullable=False),
    Column("path", Text),
    Column("expected", Text),
    Column("found", Text),
    Column("source", Text),
    Column("note", Text),
)

acceptance = Table(
    "acceptance",  # a person takes what was found into the baseline
    metadata,
    Column("seq", BigInteger, ForeignKey("fixity_event.seq"), primary_key=True, autoincrement=False),
    Column("copy_id", Text, ForeignKey("bag_copy.copy_id"), nullable=False),
    Column("at", Text, nullable=False),
    Column("operator", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("findings", Text, nullable=False),
    Column("pin_before", Text),
    Column("pin_after", Text),
)

repair = Table(
    "repair",
    metadata,
    Column("seq", BigInteger, ForeignKey("fixity_event.seq"), primary_key=True, autoincrement=False),
    Column("copy_id", Text, ForeignKey("bag_copy.copy_id"), nullable=False),
    Column("sources", Text, nullable=False),  # copies that gave files, and which
    Column("at", Text, nullable=False),
    Column("operator", Text),
    Column("old_url", Text, nullable=False),
    Column("new_url", Text, nullable=False),
    Column("result", Text, nullable=False),
)

policy = Table(
    "policy",  # how often, for a custodian and a class; `*` is any
    metadata,
    Column("custodian", Text, primary_key=True),
    Column("storage_class", Text, primary_key=True),
    Column("every_days", Integer, nullable=False),
    Column("full_read_days", Integer, nullable=False),
)

deadline = Table(
    "deadline",
    metadata,
    Column("copy_id", Text, ForeignKey("bag_copy.copy_id"), primary_key=True),
    Column("kind", Text, primary_key=True),  # timestamp, revocation-list
    Column("subject", Text, primary_key=True),
    Column("due_at", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Index("deadline_due", "due_at"),
)

chain_head = Table(
    "chain_head",  # a state of the chain that was signed, or timestamped
    metadata,
    Column("seq", BigInteger, ForeignKey("fixity_event.seq"), primary_key=True, autoincrement=False),
    Column("row_hash", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("statement", Text, nullable=False),
    Column("signature", Text),
    Column("signer", Text),
    Column("timestamps", Text, nullable=False),
)

watch = Table(
    "watch",  # an address that is still looked at, since when, and what was seen last
    metadata,
    Column("bag_id", Text, ForeignKey("bag.bag_id"), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("last_at", Text),
    Column("state", Text),  # responds, changed, gone, unreachable
    Column("facts", Text, nullable=False),
    Column("next_due_at", Text, nullable=False),
    Index("watch_due", "next_due_at"),
)

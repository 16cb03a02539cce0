"""What is known about every copy: one database, SQLite by default, PostgreSQL by DSN."""

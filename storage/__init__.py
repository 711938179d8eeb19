"""Where things are kept: PostgreSQL, object store, job queue, and their embedded defaults."""

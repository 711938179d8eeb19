"""The default servers of one machine: PostgreSQL and an object store under ``HOSO_HOME``, supervised."""

"""The papers we know, one TOML each: titles, labels, kinds of values, dates of validity, citation."""

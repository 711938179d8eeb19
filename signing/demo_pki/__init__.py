"""A demonstration PKI, made at first start and marked everywhere as without legal value."""

"""The order of work: one module per use-case, effects only through ``domain.ports``."""

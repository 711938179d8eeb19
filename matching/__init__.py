"""Fields and population data become a verdict."""

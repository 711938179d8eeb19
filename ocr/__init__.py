"""Page images become fields."""

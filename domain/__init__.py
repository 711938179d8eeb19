"""What a record is: frozen types and rules of Vietnamese civil records. No I/O, no framework."""

"""An approved record becomes a certified e-copy, and back (verification)."""

"""Sample archive: synthetic Vietnamese civil papers with ground truth and a flawed population."""

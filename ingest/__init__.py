"""A file becomes clean page images."""

"""Paths and drawn pages for the tests of ingest."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

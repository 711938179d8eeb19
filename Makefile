# The three commands of the README; each sets up what it needs and can be run again.
HOSO := .venv/bin/hoso
PY := .venv/bin/python

.PHONY: setup setup-dev demo test check lock clean

setup:
	@scripts/setup.sh

setup-dev:
	@scripts/setup.sh dev

demo: setup
	@scripts/demo.sh

test: setup-dev
	$(PY) -m pytest

check: setup-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/mypy

# the development lock holds the run-time lock's versions and adds what tests and checks use
LOCK := .venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --quiet
lock:
	$(PY) -m pip install -q uv
	$(LOCK) -o requirements.lock
	$(LOCK) --extra dev -c requirements.lock -o requirements-dev.lock

clean:
	-@$(HOSO) down
	rm -rf .venv var demo build *.egg-info

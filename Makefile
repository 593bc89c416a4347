# Two commands matter: `make run` starts the app, `make test` runs every check. Both install only what has changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: run sample test bench lock clean

run: $(VENV)/.app-installed sample
	$(BIN)/python -m streamlit run app.py

# A sample municipality, unless there is a store already.
sample: $(VENV)/.app-installed
	@if [ -z "$$TILANNEKUVA_STORE" ] && [ ! -e store/current ] && [ ! -e sample-store/current ]; then \
		echo "No store yet: making a sample municipality in sample-store/"; \
		$(BIN)/python -m data sample --store sample-store; \
	fi

test: $(VENV)/.test-installed
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -m "not benchmark"

bench: $(VENV)/.test-installed
	$(BIN)/python -m pytest tests/benchmarks -m benchmark -n 0 -s

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Tilannekuva needs Python 3.11 or newer: make PYTHON=python3.12 run"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.app-installed: requirements.lock | $(VENV)/.python
	@echo "Installing what the app needs (about a minute the first time)"
	$(PIP_INSTALL) -r requirements.lock
	@touch $@

$(VENV)/.test-installed: tests/requirements.lock | $(VENV)/.app-installed
	@echo "Installing what the tests need"
	$(PIP_INSTALL) -r tests/requirements.lock
	@touch $@

# For whoever changes a pin in pyproject.toml; needs uv.
LOCK := uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --quiet
lock:
	$(LOCK) --extra test --output-file tests/requirements.lock
	$(LOCK) --constraints tests/requirements.lock --output-file requirements.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

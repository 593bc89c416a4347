# Two commands matter: `make run` starts the app, `make test` runs every check. Both install only what has changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: run sample test every spark fuzz simulate bench peers mutate docs pictures lock clean

# PORT=8502 chooses another port.
run: $(VENV)/.app-installed sample
	@$(BIN)/tilannekuva run $(if $(PORT),--port $(PORT))

# A sample municipality, unless there is a store already.
sample: $(VENV)/.app-installed
	@if [ -z "$$TILANNEKUVA_STORE" ] && [ ! -e store/current ] && [ ! -e sample-store/current ]; then \
		$(BIN)/tilannekuva sample --store sample-store; \
	fi

# Compiled once for the hundreds of processes that tests start: where PYTHONDONTWRITEBYTECODE is set, each would compile anew.
test: $(VENV)/.test-installed
	$(BIN)/ruff check .
	$(BIN)/mypy
	@$(BIN)/python -m compileall -q app.py data metrics pages tests tilannekuva
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m tests.deploy.nginx
	$(BIN)/python -m pytest --round whole -m "not simulation and not benchmark"

# All cases of every test, of which `make test` runs some where they take long (tests/rounds.py); keeps what they took. Before a
# release, and after a change that many of them lean on.
every: $(VENV)/.test-installed
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m tests.deploy.nginx
	$(BIN)/python -m pytest --round every --times -m "not simulation and not benchmark"

# Cells counted by a real Spark on this machine: 430 MB to get, and Java 17 or newer. `make test` runs it too where they are.
spark: $(VENV)/.test-installed
	@$(PIP_INSTALL) -r deploy/spark.lock
	$(BIN)/python -m pytest -m spark -n 0

# Requests to the open interface that schemathesis makes up from its description. `make test` runs it too where it is.
fuzz: $(VENV)/.test-installed
	@$(PIP_INSTALL) -r tests/schemathesis.lock
	$(BIN)/python -m pytest -m slow -n 0 tests/pages/api/test_schemathesis.py

# Error rates and coverage over hundreds of repetitions with known truth; hundreds of kills and thousands of damaged files. Over an
# hour; not part of CI.
# Each test by itself on a worker, for the repetitions of one file are most of the work.
simulate: $(VENV)/.test-installed
	$(BIN)/python -m pytest -m simulation --dist load -rAP

bench: $(VENV)/.test-installed
	$(BIN)/python -m pytest tests/benchmarks -m benchmark -n 0 -s

# What others need for the charts of one page, chDB among them: 535 MB of disk. `make bench` runs it too, with those that are there.
peers: $(VENV)/.test-installed
	@$(PIP_INSTALL) -r tests/benchmarks/peers.lock
	$(BIN)/python -m pytest tests/benchmarks/test_peers.py -m benchmark -n 0 -s

# What is generated in docs/: the data dictionary and the JSON schemas.
docs: $(VENV)/.app-installed
	$(BIN)/tilannekuva reference docs

# The pictures of pages in README.md and docs/, over a sample municipality of its own (the browser of the tests, a minute).
pictures: $(VENV)/.test-installed
	@folder=$$(mktemp -d) && $(BIN)/python -m tilannekuva sample --store "$$folder/sample" \
		&& $(BIN)/python -m tests.browser.pictures "$$folder/sample"; done=$$?; rm -rf "$$folder"; exit $$done

# How many small faults the tests notice, in the modules that keep people from being picked out. About an hour; not part of CI.
mutate: $(VENV)/.test-installed
	$(BIN)/python -m tests.mutation $(MODULES)

# A Python that is new enough and can make environments, or a word about how to get one.
$(VENV)/.python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "There is no $(PYTHON). Install Python 3.11 or newer, or name one you have: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Tilannekuva needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) -V 2>&1)." >&2; \
		echo "Install a newer one, or name one you have: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make environments: its modules venv and ensurepip are missing." >&2; \
		echo "On Debian and Ubuntu: sudo apt-get install python3-venv. Then try again." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) could not make the environment $(VENV)/; what it said stands above." >&2; exit 1; }
	@touch $@

$(VENV)/.app-installed: requirements.lock | $(VENV)/.python $(BIN)/tilannekuva
	@echo "Installing what the app needs (about a minute the first time)"
	@$(PIP_INSTALL) -r requirements.lock || { \
		echo "What the app needs could not be installed; what pip said stands above. Is there a network?" >&2; exit 1; }
	@touch $@

$(VENV)/.test-installed: tests/requirements.lock | $(VENV)/.app-installed
	@echo "Installing what the tests need"
	@$(PIP_INSTALL) -r tests/requirements.lock || { \
		echo "What the tests need could not be installed; what pip said stands above. Is there a network?" >&2; exit 1; }
	@touch $@

# The command of this checkout, by the name an installed copy has.
$(BIN)/tilannekuva: | $(VENV)/.python
	@printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s/$(BIN)/python" -m tilannekuva "$$@"\n' "$(CURDIR)" "$(CURDIR)" > $@
	@chmod +x $@

# For whoever changes a pin in pyproject.toml; needs uv.
LOCK := uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --quiet
lock:
	$(LOCK) --extra test --output-file tests/requirements.lock
	$(LOCK) --constraints tests/requirements.lock --output-file requirements.lock
	$(LOCK) --extra spark --constraints tests/requirements.lock --output-file deploy/spark.lock
	$(LOCK) --extra mcp --constraints tests/requirements.lock --output-file deploy/mcp.lock
	$(LOCK) --extra test --extra schemathesis --constraints tests/requirements.lock --output-file tests/schemathesis.lock
	$(LOCK) --extra test --extra peers --constraints tests/requirements.lock --output-file tests/benchmarks/peers.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

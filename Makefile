# The observatory's commands. Each target builds what it needs, the environment included.
.DEFAULT_GOAL := help
.PHONY: help run pipeline test campaign roads spark check bench images clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TOOLS := $(VENV)/.tools
NODE := node_modules
SCRIPTS := $(NODE)/.ready
SPARK := $(VENV)/.spark
PORT ?= 8501

# A machine may forbid compiled modules; then each of a hundred processes compiles them all again.
export PYTHONDONTWRITEBYTECODE :=

REFRESH_OPTIONS := $(if $(TERRITORY),--territory "$(TERRITORY)") \
	$(if $(MEMBERSHIP),--membership "$(MEMBERSHIP)") \
	$(if $(MIRROR),--mirror "$(MIRROR)") \
	$(if $(OFFLINE),--offline)

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/:/' | column -t -s ':'
	@echo 'Variables: TERRITORY=the one in service, or arras; MEMBERSHIP=2024 MIRROR=folder OFFLINE=1 PORT=8501 PYTHON=python3'

# The list is complete, and leaves out what Streamlit asks for charts and maps that are not used here
# (altair, pydeck): hence without dependencies. The tests of libraries, 27 MB, are run by nobody here.
$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 ou plus récent est nécessaire : make PYTHON=python3.11 …" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-compile -r requirements.txt
	find $(VENV)/lib -path '*/site-packages/*/tests' -prune -exec rm -r {} +
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

# What tests, lints and measures; whoever only serves the app never installs it.
$(TOOLS): $(READY) requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# What lints and type-checks the JavaScript; nothing of it is served, and serving needs no npm.
$(SCRIPTS): package.json
	npm install --no-package-lock --ignore-scripts --silent
	@touch $@

# 1.3 GB: installed by whoever asks for it, and by nothing else.
$(SPARK): $(TOOLS)
	@command -v java >/dev/null \
		|| { echo "Java 17 est nécessaire : apt-get install openjdk-17-jre-headless" >&2; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check $$($(BIN)/python -c 'import tomllib; \
		print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["spark"])')
	@touch $@

run: $(READY)  ## build the embedded default if there is no version yet, and serve the app
	$(BIN)/observatory refresh --offline --if-missing
	$(BIN)/observatory serve --port $(PORT)

pipeline: $(READY)  ## refresh from the published sources (TERRITORY, MEMBERSHIP, MIRROR, OFFLINE)
	$(BIN)/observatory refresh $(REFRESH_OPTIONS)

test: $(TOOLS)  ## run the tests
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

campaign: $(TOOLS)  ## run the long proofs, seeded and bounded, that make test leaves out (NAME=secrets, kills, hostile)
	OBSERVATORY_CAMPAIGN=1 $(BIN)/python -m pytest --numprocesses auto --dist load \
		-m "campaign or hypothesis or spark or roads"
	$(BIN)/python -m tests.campaign $(NAME)

spark: $(SPARK)  ## prove accessible supply on Spark: a cluster of two workers here, one of them killed
	OBSERVATORY_REQUIRE_SPARK=1 $(BIN)/python -m pytest tests/kernel --numprocesses 0 -m spark

# The extra of pyproject.toml, without what a resolver would bring beside the list.
roads: $(TOOLS)  ## install what computes minutes by the road, and prove it
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -r requirements-roads.txt
	OBSERVATORY_REQUIRE_ROADS=1 $(BIN)/python -m pytest tests/roads -m roads

check: $(TOOLS) $(SCRIPTS)  ## lint, type-check, and hold the order of the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(NODE)/.bin/biome check --error-on-warnings .
	$(NODE)/.bin/tsc --project .

bench: $(TOOLS)  ## measure speed and memory, as ratios in one run
	$(BIN)/python -m tests.bench

images: $(TOOLS)  ## take the pictures of the README and the guides again
	$(BIN)/python -m tests.screenshots

clean:  ## remove the environment and what was built (the published versions stay)
	rm -rf $(VENV) $(NODE) static *.egg-info .pytest_cache .mypy_cache .ruff_cache

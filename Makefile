# `make demo` and `make test` need Python >= 3.11, git and make; the rest they install
# into .venv. All paths are relative, so the checkout may lie anywhere.

PORT ?= 8000
export PORT
WORKERS ?= 2
ARGS ?=
# Set up with another Python: make PYTHON=/path/to/python3.12 demo
PYTHON ?=
# REQUIRE_ALL=1: a missing service fails the tests that need it instead of skipping them.
REQUIRE_ALL ?=
export REQUIRE_ALL
# COVERAGE=1: measure the tests on SQLite, for `make coverage`. Those on PostgreSQL are nearly all
# the same ones.
COVERAGE ?=

BIN := .venv/bin
MANAGE := $(BIN)/python example_project/manage.py
COV := $(if $(COVERAGE),--cov --cov-append --cov-report= --cov-fail-under=0)
PYTEST_ARGS := -n $(WORKERS) $(ARGS)

.PHONY: help setup git demo demo-data test test-attack test-fuzz coverage bench lint types format clean
.DEFAULT_GOAL := help

help: ## this list
	@echo "Usage: make TARGET"
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' Makefile | expand -t 14

setup: ## make or refresh the virtual environment .venv
	@.ci/make-venv .venv dev .ci/constraints/wagtail-8.0.txt "$(PYTHON)"

git:
	@command -v git >/dev/null || \
		{ echo "git was not found. Install it (Debian, Ubuntu: apt install git)." >&2; exit 1; }

demo-data: setup ## build the demo site: a SQLite database with demo content
	@echo "Migrating the demo site's database ..."
	@$(MANAGE) migrate --noinput --verbosity 0
	@echo "Loading the demo content ..."
	@$(MANAGE) load_demo

demo: port-is-free demo-data ## build the demo site and serve it on 127.0.0.1, PORT (8000)
	@echo
	@echo "  Public page   http://127.0.0.1:$(PORT)/practice-reviews/"
	@echo "  Admin         http://127.0.0.1:$(PORT)/admin/   user: admin   password: safeguarding"
	@echo "                (an editor with fewer rights: editor, same password)"
	@echo "  API           http://127.0.0.1:$(PORT)/api/v2/pages/"
	@echo
	@echo "Stop with Ctrl-C."
	@$(MANAGE) runserver --noreload --verbosity 0 127.0.0.1:$(PORT)

.PHONY: port-is-free
port-is-free: setup
	@$(BIN)/python -c 'import socket, sys; \
		probe = socket.socket(); \
		probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); \
		probe.bind(("127.0.0.1", int(sys.argv[1])))' "$(PORT)" 2>/dev/null || \
		{ echo "Port $(PORT) of 127.0.0.1 cannot be used: another program has it," \
		"or it is no port number." >&2; \
		echo "Stop that program or choose another port: make demo PORT=8001" >&2; exit 1; }

.PHONY: ministack
ministack: setup
	@.ci/make-ministack .cache/ministack $(BIN)/python

test: git setup ministack ## the whole suite, on SQLite and (where installed) on PostgreSQL
	@$(if $(COVERAGE),$(BIN)/python -m coverage erase)
	@echo "SQLite pass"
	@$(BIN)/python -m pytest $(COV) $(PYTEST_ARGS)
	@$(BIN)/python -m tests.run_postgresql $(PYTEST_ARGS)

LIVES ?= 200
test-attack: setup ## new random lives of a site, an attacker after each step; LIVES of them
	@SAFEGUARDING_ATTACK_EXAMPLES=$(LIVES) $(BIN)/python -m pytest -m attack $(ARGS)

FUZZ_SECONDS ?= 600
test-fuzz: setup ## damaged files without end for the inspection, FUZZ_SECONDS (600) of each kind
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r .ci/constraints/fuzz.txt
	@$(BIN)/python -m tests.fuzz $(FUZZ_SECONDS) $(ARGS)

coverage: ## the suite with branch coverage of the package, which must be 95 % or more
	@$(MAKE) --no-print-directory test COVERAGE=1
	@$(BIN)/python -m coverage report

bench: setup ministack ## measure: ratios and memory, as a table and in .cache/bench.json
	@$(BIN)/python -m tests.benchmarks $(ARGS)

lint: setup ## ruff, the template linter, spelling
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m djlint --lint --quiet wagtail_safeguarding example_project tests
	$(BIN)/typos

types: setup ## mypy, strict for the package
	$(BIN)/python -m mypy

format: setup ## put the code into the project's format
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

clean: ## remove everything that was built here, the demo site's data included
	rm -rf .venv .cache .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis
	rm -rf build dist test-results example_project/var
	rm -f example_project/*.sqlite3
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

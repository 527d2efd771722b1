# 回应 huiying. `make help` says what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help up demo install test test-full check bench lock migration prepare

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --require-hashes --no-build-isolation
# Test files run side by side: most of a test's time is waiting for servers and processes of its own.
WORKERS ?= 2
# One line for every ten packages: progress, without a screenful.
COUNT := awk '/^Collecting/ {n += 1; if (n % 10 == 0) {print "    " n " packages ..."; fflush()}} /^ERROR/ {print}'
LOCK := uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 -q

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

up: install ## start everything on this machine: http://127.0.0.1:8600
	@echo "==> starting huiying (Ctrl-C stops it)"
	@$(BIN)/huiying up

demo: install ## a fictional city day in fast motion, on a scratch folder
	@echo "==> starting the demo (Ctrl-C stops it)"
	@$(BIN)/huiying demo

install: $(VENV)/.installed ## the environment with pinned packages
	@echo "==> installed in $(VENV)"

test: $(VENV)/.installed-dev prepare ## every test, on the real Kafka, PostgreSQL and browser where they can be had
	@echo "==> pytest, $(WORKERS) files at a time"
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile $(PYTEST)
	@echo "==> test: all in order"

test-full: $(VENV)/.installed-dev prepare ## the faults and floods in full (hours: 200 kills of a collector, 56 of roles)
	@echo "==> pytest, everything in full"
	@HUIYING_FULL=1 $(BIN)/pytest --timeout=7200 $(PYTEST)

check: $(VENV)/.installed-dev ## format, lint, types, import rules, docs against code
	@echo "==> ruff format";  $(BIN)/ruff format --check -q .
	@echo "==> ruff";         $(BIN)/ruff check -q .
	@echo "==> mypy";         $(BIN)/mypy
	@echo "==> import rules"; out=$$($(BIN)/lint-imports) || { echo "$$out"; exit 1; }
	@if [ -d tests/docs ]; then echo "==> docs against code"; $(BIN)/pytest -q --durations=0 tests/docs; fi
	@echo "==> check: all in order"

bench: $(VENV)/.installed-dev ## measured speeds and quality beside their goals
	@echo "==> bench (minutes; leave the machine alone)"
	@$(BIN)/python -m tests.bench $(BENCH)

migration: $(VENV)/.installed-dev ## make migration m="what changed": a new version file from the tables
	@test -n "$(m)" || { echo 'say what changed: make migration m="..."'; exit 2; }
	@$(BIN)/python -m services.adapters.migrating "$(m)"
	@$(BIN)/ruff format -q services/adapters/migrations && $(BIN)/ruff check -q --fix services/adapters/migrations
	@echo "==> read it before you commit it: $$(ls -t services/adapters/migrations/versions/*.py | head -1)"

lock: ## resolve the dependencies again (needs uv)
	@command -v uv > /dev/null || { echo "make lock needs uv: $(PYTHON) -m pip install uv"; exit 2; }
	@echo "==> locking"
	@echo 'setuptools>=77' | $(LOCK) - -o requirements-build.txt
	@$(LOCK) pyproject.toml -o requirements.txt
	@$(LOCK) pyproject.toml --group dev -o requirements-dev.txt
	@if grep -l '://' requirements*.txt; then echo "an address is in the lock"; exit 1; fi
	@echo "==> locked: requirements-build.txt requirements.txt requirements-dev.txt"

# setuptools comes first and from the lock, because building a package in isolation would fetch it unpinned.
$(VENV)/.installed: requirements-build.txt requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "huiying needs Python 3.11 or newer; $(PYTHON) is older. Try: make up PYTHON=python3.12"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null \
	  || { echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv"; exit 2; }
	@test -x $(BIN)/python || { echo "==> creating $(VENV)"; $(PYTHON) -m venv $(VENV); }
	@echo "==> installing pinned packages (a minute or two, once)"
	@$(PIP) -r requirements-build.txt | $(COUNT)
	@$(PIP) -r requirements.txt | $(COUNT)
	@$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@echo "==> installing the tools for tests and checks"
	@$(PIP) -r requirements-dev.txt | $(COUNT)
	@touch $@

prepare: $(VENV)/.installed-dev
	@tests/prepare
	@$(BIN)/python -m tests.real.broker

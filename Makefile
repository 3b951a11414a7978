# The one door. `make` alone says what there is; `make PYTHON=python3.12 demo` picks an interpreter.

PYTHON ?= python3
VENV   := .venv
STAMP  := $(VENV)/.installed
PEERS  := build/bench/venv
TRIED  := build/mutation/venv/.installed
DEMO   := scenarios/radar-through-a-shipyard.yaml

ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif

PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
PYTEST := $(BIN)/python -m pytest -q

.DEFAULT_GOAL := help
.PHONY: help install demo test test-all laws differential mutants mutation bench refresh lint format clean

help:  ## list what can be made
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | \
	  while IFS='|' read -r target does; do printf '%-16s %s\n' "$$target" "$$does"; done

install: $(STAMP)  ## install into .venv, with every extra that can be had here

# Made again only when pyproject.toml changes. The second opinion needs a C compiler: it is asked for
# last and by itself, so that nothing else depends on it.
$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "redline needs Python 3.11 or later: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "installing redline into $(VENV)" >&2
	@$(PIP) install --editable '.[pictures,network,test,dev]'
	@$(PIP) install --editable '.[all]' >$(VENV)/second-opinion.log 2>&1 || \
	  echo "durable-rules could not be built here (see $(VENV)/second-opinion.log); it needs a C compiler" \
	       "and Python's headers. Going on without a second opinion." >&2
	@$(BIN)/python -m compileall -q analysis answers engine flat front rules testing src/redline/__init__.py
	@touch $@

# 0 none crossed, 1 crosses, 3 undetermined, 4 assessment needed: each of them is an answer.
demo: $(STAMP)  ## check a shipped scenario of three steps and show the explained answer
	@code=0; $(BIN)/redline check $(DEMO) || code=$$?; \
	case $$code in 0|1|3|4) ;; *) exit $$code ;; esac

test: $(STAMP)  ## run the quick suite
	@$(PYTEST) -n auto -m 'not slow'

test-all: $(STAMP)  ## run every test, the slow ones too
	@$(PYTEST) -n auto

laws: $(STAMP)  ## the long campaign: every law on many more generated cases, and the slow tests
	@HYPOTHESIS_PROFILE=long $(PYTEST) -n auto -m 'law or slow'

# An environment of its own, so that what redline is measured against is never beside it. durable-rules needs a C compiler.
bench: $(PEERS)/.installed  ## measure redline and its peers: all, or a part by BENCH="--engines ... --R 15,100"
	@$(PEERS)/bin/python -m bench.run $(BENCH)

$(PEERS)/.installed: bench/requirements.txt pyproject.toml
	@$(PYTHON) -m venv --clear $(PEERS)
	@echo "installing the peers into $(PEERS)" >&2
	@$(PEERS)/bin/python -m pip --quiet --disable-pip-version-check --no-input install --editable . --requirement bench/requirements.txt
	@$(PEERS)/bin/python -m pip --quiet --disable-pip-version-check --no-input install durable-rules==2.0.28 \
	  >$(PEERS)/durable.log 2>&1 || echo "durable-rules could not be built here (see $(PEERS)/durable.log)" >&2
	@touch $@

differential: $(STAMP)  ## all interpreters on the same rules and subjects, a million evaluations
	@PYTHONPATH=src $(BIN)/python -m tests.differential

mutants: $(STAMP)  ## put faults into the code, one at a time: a law or a comparison must catch each
	@PYTHONPATH=src $(BIN)/python -m tests.mutants.run

mutation: $(TRIED)  ## have mutmut change the core in every small way; what survives is in docs/mutants.md
	@$(dir $(TRIED))bin/python -m tests.mutants.mutation build/mutation/mirrors $(MUTATION)

# An environment of its own: redline is not installed in it, so that what is imported is what was changed.
$(TRIED): pyproject.toml
	@$(PYTHON) -m venv --clear $(dir $@)
	@$(dir $@)bin/python -m pip --quiet --disable-pip-version-check --no-input install mutmut==3.8.1 \
	  $$($(PYTHON) -c 'import tomllib; said = tomllib.load(open("pyproject.toml", "rb"))["project"]; print(*said["dependencies"], *said["optional-dependencies"]["test"])')
	@touch $@

refresh: $(STAMP)  ## write the expected output of the good and bad cases anew; then review the diff
	@$(PYTEST) --refresh

lint: $(STAMP)  ## style, format, types and the import contract
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache >$(VENV)/imports.log 2>&1 || { cat $(VENV)/imports.log; exit 1; }

format: $(STAMP)  ## format the code and mend what can be mended
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format --quiet .

clean:  ## remove everything that was made
	@rm -rf $(VENV) build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

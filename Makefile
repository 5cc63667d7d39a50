# Each target makes .venv if it is missing and installs what the target needs, again only after pyproject.toml changed.
PYTHON ?= python3
# the commit from which the work on speed began
REF ?= 8781349

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check
RUN_STAMP := .venv/.installed-run
ASK_STAMP := .venv/.installed-ask
TEST_STAMP := .venv/.installed-test
DEV_STAMP := .venv/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help compare calibrate test lint check soak fuzz kills long-runs damage mutants look bench bench-against bench-large floors bench-sweeps readme baseline assumptions article sweep abtest scale clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

compare: $(RUN_STAMP) ## compare message-first with connect-first and write a report
	$(BIN)/firstcontact compare --until precise

test: $(TEST_STAMP) ## run the tests (10 minutes or less)
	$(BIN)/python -m pytest -n auto

lint: $(DEV_STAMP) ## check format, lint, types, import contracts (2 minutes or less)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Branches of the decisions are measured by a slow test, on the agents, which run the same functions uncompiled.
check: lint ## lint, then all tests, the slow ones too (50 minutes or less)
	$(BIN)/python -m pytest -n auto -m ""

soak: $(TEST_STAMP) ## fuzz, kills, long runs, damage and mutants, one by one (85 minutes or less)
	$(BIN)/python -m tests.soak

fuzz: $(TEST_STAMP) ## try 10,000 generated inputs (15 minutes or less)
	$(BIN)/python -m tests.soak.fuzz

kills: $(TEST_STAMP) ## kill 80 commands and run them again (15 minutes or less)
	$(BIN)/python -m tests.soak.kills

long-runs: $(TEST_STAMP) ## kill 100 runs that keep checkpoints and resume them (15 minutes or less)
	$(BIN)/python -m tests.soak.long_runs

damage: $(TEST_STAMP) ## damage 600 finished sweeps and continue them (10 minutes or less)
	$(BIN)/python -m tests.soak.damage

mutants: $(TEST_STAMP) ## plant 173 mistakes and see whether the tests notice (25 minutes or less)
	$(BIN)/python -m tests.soak.mutants

look: $(TEST_STAMP) ## picture pages of all commands, in build/look (10 minutes or less)
	$(BIN)/python -m tests.look

bench: $(RUN_STAMP) ## measure times and memory up to 100,000 members (15 minutes or less)
	$(BIN)/python -m experiments.benchmarks.benchmark --minutes 12
	$(BIN)/python -m experiments.gallery speed

bench-against: $(RUN_STAMP) ## the same beside another commit, in turn: REF=COMMIT (90 minutes or less)
	$(BIN)/python -m experiments.benchmarks.benchmark --against "$(REF)" --minutes 85

bench-large: $(RUN_STAMP) ## measure a million members and more, as far as memory allows
	$(BIN)/python -m experiments.benchmarks.benchmark --large --rounds 1
	$(BIN)/python -m experiments.gallery speed

floors: $(RUN_STAMP) ## measure each phase of a day beside the least it could take (2 minutes or less)
	$(BIN)/python -m experiments.benchmarks.floors

bench-sweeps: $(RUN_STAMP) ## measure what sweeps and their ledger cost beside their runs
	$(BIN)/python -m experiments.benchmarks.benchmark_sweeps

readme: $(RUN_STAMP) ## run README's examples and write what they print below them (2 minutes or less)
	$(BIN)/python -m experiments.gallery readme

baseline: $(RUN_STAMP) ## make the gallery in results/baseline again (an hour or less)
	$(BIN)/python -m experiments.gallery baseline

article: $(RUN_STAMP) ## test the article's 92 statements, in results/article (90 minutes or less)
	$(BIN)/python -m experiments.gallery article

# Goes on from where it was interrupted: its runs lie in the folder's ledger. What it needs is among what `sensitivity` needs.
# Where a bank is committed, the draws are inferred from it again, a sample of it is run again, and it fails if either differs.
calibrate: $(ASK_STAMP) ## infer the shipped worlds again from their runs (30 minutes or less)
	$(BIN)/python -m experiments.gallery calibrate

sweep: $(ASK_STAMP) ## make a sweep, its map and a tipping point, in results/sweep (6 minutes or less)
	$(BIN)/python -m experiments.gallery sweep

# What `make baseline` commits, too. Goes on from where it was interrupted: its runs lie in results/assumptions-at-work.
assumptions: $(RUN_STAMP) ## find which signs turn without the assumptions (10 minutes or less)
	$(BIN)/python -m experiments.gallery assumptions

# Goes on from where it was interrupted: its runs lie in results/abtest-at-work.
abtest: $(RUN_STAMP) ## make a test inside one population, in results/abtest (20 minutes or less)
	$(BIN)/python -m experiments.gallery abtest

# Goes on from where it was interrupted: its runs lie in results/scale-at-work.
scale: $(RUN_STAMP) ## compare the designs at growing sizes, in results/scale (30 minutes or less)
	$(BIN)/python -m experiments.gallery scale

clean: ## remove caches and build leftovers; results and .venv stay
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.*
	find sim experiments tests -name __pycache__ -type d -prune -exec rm -rf {} +

# pip comes last into a new environment, so it is missing if making one was cut short.
$(BIN)/pip:
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "There is no '$(PYTHON)'. Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; '$(PYTHON)' is $$("$(PYTHON)" -V 2>&1). Name another: make PYTHON=python3.12" >&2; \
	  exit 1; }
	@echo "Making .venv with $$("$(PYTHON)" -V 2>&1)"
	@"$(PYTHON)" -m venv .venv || { \
	  echo "Making .venv failed. On Debian and Ubuntu, the package python3-venv is needed." >&2; exit 1; }

$(RUN_STAMP): pyproject.toml | $(BIN)/pip
	$(PIP) -e .
	@touch $@

$(ASK_STAMP): pyproject.toml | $(BIN)/pip
	$(PIP) -e ".[sensitivity,regions]"
	@touch $@ $(RUN_STAMP)

$(TEST_STAMP): pyproject.toml | $(BIN)/pip
	$(PIP) -e ".[test]"
	@touch $@ $(RUN_STAMP)

$(DEV_STAMP): pyproject.toml | $(BIN)/pip
	$(PIP) -e ".[test,dev]"
	@touch $@ $(RUN_STAMP) $(ASK_STAMP) $(TEST_STAMP)

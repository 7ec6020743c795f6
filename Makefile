# The one front door. `make demo` and `make test` set up what they need on a machine with Python ≥ 3.11, make and git.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Tests that start briefbot as a program find it here.
export PATH := $(abspath $(BIN)):$(PATH)
# They start it hundreds of times: what was compiled is kept, also where the machine says otherwise.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test check format bench bench-cluster cluster faults hostile soak fuzz golden pictures discord-api messages lock wheel clean

help: ## Say what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/' | expand -t 22

$(VENV)/.done: pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit("Briefbot needs Python 3.11 or newer; say make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(VENV)/.done ## Set up .venv from the hashed lock file

demo: setup ## See the bot do its whole job: no token, no network
	@$(BIN)/briefbot demo

# Half of a test's time is waiting, for processes and databases: two workers for each processor.
test: WORKERS ?= $(shell $(BIN)/python -c 'import os; print(2 * (os.cpu_count() or 1))')
test: setup ## Run the tests
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

check: setup ## Lint, types, and who may import whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: setup ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup ## Measure speed and memory beside the peers (seeded data; minutes, with BENCH=--full a million articles: an hour)
	$(BIN)/python -m bench $(BENCH)

bench-cluster: setup ## The same with the articles' index on OpenSearch, one node and three (needs Java 17 and Maven; minutes)
	$(BIN)/python -m bench.cluster

cluster: setup ## Three nodes of OpenSearch in trouble under the whole program (needs Java 17 and Maven; half an hour, CLUSTER=--short for less)
	$(BIN)/python -m tests.opensearch $(CLUSTER)

faults: setup ## Delivery under faults: real processes, real signals (minutes; FAULTS=--short for fewer)
	$(BIN)/python -m tests.faults $(FAULTS)

hostile: setup ## Every attack that is known, tried and counted (minutes; HOSTILE=--short for fewer)
	$(BIN)/python -m tests.hostile $(HOSTILE)

soak: setup ## The program under load for twenty minutes, and what grows (SOAK=--short for three)
	$(BIN)/python -m tests.soak $(SOAK)

# atheris is no part of the lock file: nothing but this needs it, and it has no wheel for every Python.
fuzz: setup ## Change inputs by what code they reach (three minutes a target; FUZZ="--seconds 600 feed" for one)
	$(BIN)/python -c 'import atheris' 2>/dev/null || $(BIN)/pip install --quiet --disable-pip-version-check 'atheris>=3.0'
	$(BIN)/python -m tests.fuzz $(FUZZ)

golden: setup ## Write the golden renderings anew; review them as a diff
	$(BIN)/pytest -q --update-golden tests/test_present.py tests/test_slack_blocks.py tests/test_slack_hands.py tests/test_discord_components.py tests/test_discord_hands.py tests/test_condition.py

# Pillow is no part of the lock file: nothing but this needs it. Node with npm, and a chromium, are asked for.
pictures: setup ## Draw what people see in Slack and Discord anew, in docs/pictures (minutes); look at what changed
	$(BIN)/python -c 'import PIL' 2>/dev/null || $(BIN)/pip install --quiet --disable-pip-version-check 'Pillow>=11'
	$(BIN)/python -m tests.pictures

discord-api: setup ## Hold all that goes out to Discord to its public OpenAPI document (needs node with npm)
	$(BIN)/python -m tests.discord_api

messages: setup ## Bring the message catalogues up to date with the code; then translate what is new
	$(BIN)/pybabel -q extract -F bot/locale/babel.toml --no-default-keywords -k UsageError --omit-header \
		--add-location=file --sort-output --no-wrap -o bot/locale/briefbot.pot .
	$(BIN)/pybabel -q update -D briefbot -i bot/locale/briefbot.pot -d bot/locale --no-fuzzy-matching \
		--ignore-obsolete --no-wrap --ignore-pot-creation-date

lock: setup ## Resolve the dependencies again (needs uv)
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --quiet --output-file requirements.lock

wheel: setup ## Build the wheel
	$(BIN)/python -m build --wheel --no-isolation

clean: ## Remove what was built
	rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache

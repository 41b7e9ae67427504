# The project's commands. `make` alone lists them. It needs python3 (3.11 or newer), make and git.
#
# Run any of them at any time: .venv is made once, and packages are installed only after a lock file
# has changed (newsroom/bootstrap.py). To use another Python: `make run PYTHON=python3.12`.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:

PYTHON ?= python3
PORT ?= 8000
# Options for pytest: `make test PYTEST='-k slug -x'`.
PYTEST ?=
# Options for the benchmark: `make bench BENCH='--sizes 1000'`.
BENCH ?=
# The folder of the PolNeAR corpus, for `make score` and `make train`.
POLNEAR ?=

# Tools run as modules: the scripts in .venv/bin break when the folder is moved.
PY := .venv/bin/python
MANAGE := $(PY) manage.py
# If the user chose a Python, an environment of another version is replaced.
BOOTSTRAP = PYTHON_CHOSEN=$(if $(filter file,$(origin PYTHON)),no,yes) $(PYTHON) -m newsroom.bootstrap

# Complete and safe settings of a server, without .env, for the checks that read them.
PRODUCTION = ENV_FILE= HTTPS=true DEBUG=false ALLOWED_HOSTS=example.org DATABASE_URL=sqlite://:memory: \
	SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))')"

.PHONY: help
help: ## List these commands
	@printf 'On the Record: a content-management system for newsrooms that keeps who said what.\n\n'
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

# --- Running ---

.PHONY: run
run: install migrate ## Serve the site with the stories of seeds/ at http://127.0.0.1:8000 (PORT=… for another port)
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@$(MANAGE) import_seeds seeds --publish --accept || echo 'Some seed files were not imported; the site starts without them.'
	@$(MANAGE) file_figures --ledgers seeds/ledgers.tsv
	@$(MANAGE) make_editor
	@PORT=$(PORT) exec $(PY) -m newsroom.bootstrap serve

.PHONY: install
install: python ## Make .venv and install what running the site needs
	@$(BOOTSTRAP) install requirements.txt

.PHONY: migrate
migrate: install ## Bring the database up to date (and write .env if there is none)
	@$(PY) -m newsroom.bootstrap settings
	@$(MANAGE) migrate --verbosity 0

# --- Checking ---

# One worker for each processor core, at most eight. `PYTEST='-n 0'` runs the tests in one process.
RUN_TESTS = $(PY) -m pytest -n auto --maxprocesses 8

.PHONY: test
test: install-dev ## Run all tests (DATABASE_URL=… for another database, PYTEST=… for options of pytest)
	@$(RUN_TESTS) $(PYTEST)

.PHONY: test-quick
test-quick: install-dev ## Run the tests that are quick and need no browser: two minutes on two cores
	@$(RUN_TESTS) -m 'not slow and not browser' $(PYTEST)

.PHONY: lint
lint: install-dev ## Check style, types, imports, templates, migrations and a server's settings
	@$(MAKE) --no-print-directory --keep-going style types imports templates migrations deployment

.PHONY: style types imports templates migrations deployment
style:
	$(PY) -m ruff check
	$(PY) -m ruff format --check
types:
	@echo '$(PY) -m mypy'
	@$(PRODUCTION) $(PY) -m mypy
imports:
	$(PY) -c 'from importlinter.cli import lint_imports_command as run; run(["--no-logo"])'
templates:
	$(PY) -m djlint templates --lint --quiet
migrations:
	@echo '$(MANAGE) makemigrations --check'
	@$(PRODUCTION) $(MANAGE) makemigrations --check --dry-run
deployment:
	@echo '$(MANAGE) check --deploy'
	@$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING

.PHONY: format
format: install-dev ## Fix style and format the code
	$(PY) -m ruff check --fix-only --quiet
	$(PY) -m ruff format

.PHONY: bench
bench: install ## Measure imports and pages on this machine; prints tables
	@$(PY) -m tests.benchmarks $(BENCH)

.PHONY: bench-desk
bench-desk: install-dev ## Measure the review desk in a browser: milliseconds from a key to the screen
	@$(PY) -m tests.benchmarks.desk

.PHONY: bench-reading
bench-reading: install-dev ## Measure public pages in a browser: time to paint, layout shifts, bytes
	@$(PY) -m tests.benchmarks.reading

.PHONY: polnear
polnear:
	@test -f '$(POLNEAR)/score.py' || { \
		echo 'Name the folder of PolNeAR with its score.py: `make $(or $(firstword $(MAKECMDGOALS)),score) POLNEAR=…`.' >&2; \
		exit 1; }

.PHONY: score
score: install polnear ## Score the extraction of claims on PolNeAR's development articles (POLNEAR=folder with dev/ and score.py)
	@$(PY) -m articles.extraction.evaluation table '$(POLNEAR)'

.PHONY: train
train: install polnear ## Train the tagger again, which takes hours (POLNEAR=folder; ALSO=file of `export_articles --training`; a trial: READINGS=1 WEIGHTS=var/training/trial)
	@test -x '$(TRAINING)/bin/python' || $(PYTHON) -m venv '$(TRAINING)'
	@'$(TRAINING)/bin/python' -m pip install --quiet --disable-pip-version-check -r articles/extraction/training/training.in
	@'$(TRAINING)/bin/python' -m articles.extraction.training all --polnear '$(POLNEAR)' $(if $(ALSO),--also '$(ALSO)') \
		$(if $(READINGS),--readings '$(READINGS)') $(if $(WEIGHTS),--weights '$(WEIGHTS)')

# Training has its own environment, because the site does not need its packages (PyTorch and others).
TRAINING = var/training/venv

# --- Maintenance ---

.PHONY: lock
lock: install-dev ## Lock requirements*.in again, with hashes (UPGRADE=--upgrade for newer versions)
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt

LOCK = $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $(UPGRADE)

.PHONY: messages
messages: install ## Collect the texts to translate in newsroom/locale/ (TO=de names the language; needs GNU gettext)
	@test -n '$(TO)' || { echo 'Name the language: `make messages TO=de`.' >&2; exit 1; }
	@mkdir -p newsroom/locale
	@$(MANAGE) makemessages --locale '$(TO)' --ignore '.venv/*' --ignore 'var/*' --ignore 'tests/*' --ignore 'seeds/*'

.PHONY: clean
clean: ## Remove .venv and every cache; the database, files and .env stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis var/static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- Used by the other targets ---

.PHONY: install-dev
install-dev: python
	@$(BOOTSTRAP) install requirements.txt requirements-dev.txt

.PHONY: python
python:
	@command -v $(PYTHON) >/dev/null || { \
		echo 'There is no $(PYTHON) here: install Python 3.11 or newer, or name one with `make run PYTHON=/path/to/python3`.' >&2; \
		exit 1; }

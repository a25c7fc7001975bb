# Everything a person or CI types. `make` alone prints this list.
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
VENV := .venv
BIN := $(VENV)/bin
# The first Python that is new enough; name another with `make PYTHON=...`.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PYTEST_ARGS ?=
PINNED := $(addprefix requirements/,base.txt ml.txt torch.txt model.txt install.sh)
# The build of PyTorch: cpu, or cuda for NVIDIA cards. What was installed stays until another one is named.
INSTALLED_TORCH := $(shell cat $(VENV)/torch-build 2>/dev/null || echo cpu)
TORCH ?= $(INSTALLED_TORCH)
RUN := $(VENV)/installed-run
DEV := $(VENV)/installed-dev
# Bytecode of our own modules, and what else is cheaper to make once than in every process that starts.
READY := $(VENV)/ready

# $(call step,name,command): run it between its name and its duration.
define step
	@printf '== %s\n' '$(1)'; began=$$(date +%s); $(2) || exit 1; printf '   %s s\n' $$(($$(date +%s) - began))
endef

.DEFAULT_GOAL := help
.PHONY: help setup run test lint types arch migrations-check openapi openapi-check docs vendor bench check
ifneq ($(TORCH),$(INSTALLED_TORCH))
.PHONY: $(RUN) $(DEV)
endif

help: ## Print this list.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

$(RUN): $(PINNED)
	@TORCH=$(TORCH) sh requirements/install.sh "$(PYTHON)" $(VENV)
	@touch $@

$(DEV): $(PINNED) requirements/dev.txt
	@TORCH=$(TORCH) sh requirements/install.sh "$(PYTHON)" $(VENV) dev
	@touch $@ $(RUN)

$(READY): $(RUN) manage.py $(shell find apps docintel -name "*.py")
	@$(BIN)/python -m compileall -q manage.py apps docintel || :  # a tree that cannot be written runs all the same
	@$(BIN)/python -m apps.extraction.engine.language_model || :
	@touch $@ || :

setup: $(DEV) $(READY) ## Make .venv and install everything, the tools for development included; TORCH=cuda for NVIDIA cards.

run: $(RUN) $(READY) ## Start docintel: servers, web, workers, scheduler. Ctrl-C stops it all.
	@exec $(BIN)/python manage.py up

test: $(DEV) $(READY) ## Run every test; PYTEST_ARGS="..." goes to pytest.
	@sh tests/e2e/browser.sh $(BIN)
	@exec $(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(DEV) ## Check style: ruff for Python, djlint for templates.
	$(call step,ruff check,$(BIN)/ruff check --quiet .)
	$(call step,ruff format,$(BIN)/ruff format --quiet --check .)
	$(call step,djlint,$(BIN)/djlint --quiet --check templates && $(BIN)/djlint --quiet --lint templates)

types: $(DEV) ## Check types: mypy --strict.
	$(call step,mypy,$(BIN)/mypy apps docintel tests manage.py)

arch: $(DEV) ## Check the layers: import-linter.
	$(call step,import-linter,$(BIN)/lint-imports --no-logo)

migrations-check: $(DEV) ## Check that no migration is missing.
	$(call step,migrations,$(BIN)/python manage.py makemigrations --check --dry-run)

openapi: $(DEV) ## Renew docs/openapi.yaml, the committed snapshot of the REST API.
	@$(BIN)/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

openapi-check: $(DEV) ## Check that docs/openapi.yaml is up to date.
	$(call step,openapi,$(BIN)/python manage.py spectacular --validate --fail-on-warn | diff -u docs/openapi.yaml -)

docs: $(DEV) ## Renew the generated parts of the documentation.
	@$(BIN)/python -m tests.tools.docs

vendor: $(DEV) ## Fetch the vendored CSS and JavaScript anew and check their hashes.
	@$(BIN)/python -m tests.tools.vendor_static

bench: $(DEV) $(READY) ## Measure reading and indexing on generated documents.
	@$(BIN)/python -m tests.tools.bench

check: lint types arch migrations-check openapi-check ## All that CI runs: linters, types, architecture, and the tests last.
	@printf '== tests\n'
	@$(MAKE) test

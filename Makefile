# The commands of the project. `make` alone lists them; README.md gives the same steps without make.

HOST ?= 127.0.0.1
PORT ?= 8000
TESTS_AT_ONCE ?= 2
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null && echo $$name && break; \
	done)

BIN := .venv/bin
RUN_READY := .venv/requirements-installed
DEV_READY := .venv/requirements-dev-installed

NO_PACKAGES := "pip could not install the packages. The first set-up needs the PyPI registry; run it again."

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup run test lint bench pins clean

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

setup: $(RUN_READY) ## Install what `make run` needs: packages and web assets
	@$(BIN)/python -m api.assets

run: setup ## Serve the page: make run PORT=8000 HOST=127.0.0.1 MAP=file.osm.pbf
	@exec env HOST=$(HOST) PORT=$(PORT) $(if $(MAP),TERRITOUR_MAP='$(MAP)') $(BIN)/python -m api

test: setup $(DEV_READY) ## Run all tests
	$(BIN)/python -m pytest --numprocesses=$(TESTS_AT_ONCE) --dist=loadfile

lint: $(DEV_READY) ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup $(DEV_READY) ## Measure briefly; docs/benchmarks.md has the full commands
	$(BIN)/python -m benchmarks.service --requests 3 --long-s 5 --json

pins: $(DEV_READY) ## Resolve pyproject.toml anew into requirements.txt and requirements-dev.txt
	$(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 \
		--python-platform x86_64-manylinux_2_28 --only-binary :all: --no-emit-index-url \
		--custom-compile-command "make pins" pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 \
		--python-platform x86_64-manylinux_2_28 --only-binary :all: --no-emit-index-url \
		--custom-compile-command "make pins" --extra dev -c requirements.txt \
		pyproject.toml -o requirements-dev.txt

clean: ## Remove what setup installed; instance/ with your data stays
	rm -rf .venv node_modules api/static/vendor .mypy_cache .pytest_cache .ruff_cache .hypothesis \
		.import_linter_cache

# A virtual environment that was left half made has no stamp file and is completed here.
.venv/bin/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Territour needs Python 3.11 or newer and found none. Install it, or name yours:"; \
		echo "    make PYTHON=/path/to/python3.12 $(or $(MAKECMDGOALS),setup)"; exit 1; fi
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) has no venv module. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear .venv

$(RUN_READY): requirements.txt | .venv/bin/python
	@echo "Installing the packages of requirements.txt (once; one or two minutes)"
	@$(BIN)/python -m pip install -r requirements.txt || { echo $(NO_PACKAGES); exit 1; }
	@touch $@

$(DEV_READY): requirements-dev.txt $(RUN_READY)
	@echo "Installing the packages of requirements-dev.txt (once)"
	@$(BIN)/python -m pip install -r requirements-dev.txt || { echo $(NO_PACKAGES); exit 1; }
	@touch $@

# One set of commands for people and CI. Each makes what it needs, from nothing.
PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 4
CHECKOV := 3.3.30

.PHONY: help venv engine demo test lint checkov docs bench clean

help:  ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

venv: .venv/.made  ## the virtual environment in .venv/

.venv/.made: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

engine: venv  ## terraform: the one on PATH, or else the pinned release, fetched and verified
	@$(BIN)/landform engine show >/dev/null 2>&1 || $(BIN)/landform engine install

demo: engine  ## the whole job on an AWS inside this machine
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash demo/demo.sh

test: engine  ## every test, the slow ones too; Terraform and its providers collect garbage half as often
	GOGC=200 $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

lint: engine  ## ruff, mypy strict, terraform fmt, generated roots and pages up to date
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$$($(BIN)/landform engine path) fmt -check -recursive modules environments generated examples
	$$($(BIN)/landform engine path) fmt -check - < terraform.tfvars.example > /dev/null
	$$($(BIN)/landform engine path) fmt -check - < examples/starter/terraform.tfvars.example > /dev/null
	$$($(BIN)/landform engine path) fmt -check - < examples/eks/terraform.tfvars.example > /dev/null
	$(BIN)/landform generate --check
	$(BIN)/python -m tools.module_pages --check

checkov: venv .venv-checkov/.made  ## checkov's rules over the modules; nothing is downloaded but checkov itself
	$(BIN)/python -m tools.checkov .venv-checkov/bin/checkov

.venv-checkov/.made: Makefile
	$(PYTHON) -m venv .venv-checkov
	.venv-checkov/bin/python -m pip install --quiet --disable-pip-version-check checkov==$(CHECKOV)
	@touch $@

docs: venv  ## the modules' reference pages, from their HCL
	$(BIN)/python -m tools.module_pages

bench: engine  ## speed, beside bare terraform and other tools in the same run
	$(BIN)/python -m benchmarks

clean:  ## everything that was made
	rm -rf .venv .venv-checkov .landform .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build

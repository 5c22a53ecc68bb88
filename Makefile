# Needs nothing but Python 3.11 or newer; everything else goes into .venv from the lock files.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint types layers check check-deep bench sample lock wheel clean

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
  $$p -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
# Where Python may not keep what it has compiled, each of the many processes of the tests would compile it again.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install
# A lock names every package, so pip has nothing to resolve. Left to resolve all the same, pip 23.2 takes a package that
# another one asks for with an extra (pydantic[email]) for one that no line of the lock pins, as soon as a newer release
# of it is out. What resolving would have noticed, `pip check` notices.
AS_LOCKED := --no-deps --require-hashes
CHECKED = $(BIN)/python -m pip --disable-pip-version-check check

help:
	@echo "make demo    audit the embedded simulated tenant and write its report"
	@echo "make test    run the tests"
	@echo "make check   lint, types, layers and tests, as the continuous integration does"
	@echo "make check-deep"
	@echo "             the same with ten times as many drawn examples, others each time, more kills and a larger tenant"
	@echo "make bench   measure, and print ratios against a named baseline"
	@echo "make sample  draw reports/sample again"
	@echo "make lock    resolve the lock files again (needs uv)"

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "mfaaudit needs Python 3.11 or newer: install it, or name it with PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv .venv

# The stamps name what has been installed, so that nothing is installed twice.
.venv/run.stamp: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the program from requirements.lock ..."
	$(PIP) $(AS_LOCKED) -r requirements.lock
	$(CHECKED)
	@# A path file is all that an editable install would add, and needs no build tool.
	@$(BIN)/python -c 'import pathlib, site; pathlib.Path(site.getsitepackages()[0], "mfaaudit.pth").write_text(str(pathlib.Path.cwd()) + "\n")'
	@touch $@

.venv/dev.stamp: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "Installing the program and its tests from requirements-dev.lock ..."
	$(PIP) $(AS_LOCKED) -r requirements-dev.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	$(CHECKED)
	@touch $@ .venv/run.stamp

demo: .venv/run.stamp
	$(BIN)/python -m mfaaudit demo $(ARGS)

test: .venv/dev.stamp
	$(BIN)/python -m pytest $(ARGS)

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev.stamp
	$(BIN)/mypy

layers: .venv/dev.stamp
	$(BIN)/lint-imports

check: lint types layers test

check-deep: export MFAAUDIT_DEEP = 1
check-deep: export MFAAUDIT_SOAK = 1
check-deep: export MFAAUDIT_STEPS = all
check-deep: export MFAAUDIT_KILLS ?= 60
check-deep: lint types layers test

bench: .venv/dev.stamp
	$(BIN)/python benchmarks/run.py $(ARGS)

sample: .venv/run.stamp
	rm -rf build/sample && mkdir -p build
	$(BIN)/python -m mfaaudit demo --users 240 --out build/sample
	rm -rf reports/sample/actions
	cd build/sample && cp -r report.xlsx report.html findings.csv results.json manifest.json actions ../../reports/sample/
	@if command -v chromium >/dev/null; then chromium --headless --no-sandbox --hide-scrollbars --log-level=3 \
	  --window-size=1280,1150 --screenshot=reports/sample/report.png "file://$(CURDIR)/reports/sample/report.html"; \
	else echo "There is no Chromium here: the picture in reports/sample stays the old one."; fi

# One universal lock serves every system and Python; the later ones follow the earlier ones' versions.
COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
  --no-emit-index-url --no-emit-find-links --quiet
lock:
	$(COMPILE) pyproject.toml --output-file requirements.lock
	$(COMPILE) pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(COMPILE) --group build --constraint requirements-dev.lock --output-file requirements-build.lock
	@echo "Now see whether every pip installs these locks as they are: .venv/bin/python .ci/fresh_machine.py"

wheel: .venv/dev.stamp
	$(BIN)/python -m hatchling build -t wheel

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache

# `make` alone prints the targets. All work is done by `python -m sms2fa`, which Windows calls itself (see README).
PYTHON ?= python3
BIN := .venv/bin/python

.PHONY: help lab test test-all notebooks lint bench clean
help:
	@echo "make lab        open the course in JupyterLab (LAB='--no-browser' passes options on)"
	@echo "make test       the tests, under 5 minutes"
	@echo "make test-all   the long tests: other Pythons, races, load"
	@echo "make notebooks  execute the notebooks and store their outputs"
	@echo "make bench      measure, beside what a check cannot do without and beside others"
	@echo "make lint       check style, types and import direction"
	@echo "make clean      remove .venv and all caches (my-course/ is kept)"

lab: .venv/course
	$(BIN) -m sms2fa lab $(LAB)

test test-all notebooks lint bench: .venv/dev
	$(BIN) -m sms2fa $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv

.venv/course: pyproject.toml requirements.lock | .venv/bin/python
	$(BIN) -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[course]'
	@touch $@

.venv/dev: pyproject.toml requirements.lock | .venv/bin/python
	$(BIN) -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[course,test,dev]'
	@touch $@ .venv/course

clean:
	rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache build dist
	find src tests notebooks -name __pycache__ -prune -exec rm -rf {} +

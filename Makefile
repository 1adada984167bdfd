# `make` alone prints the targets. All work is done by `python -m sms2fa`, which Windows calls itself (see README).
PYTHON ?= python3
BIN := .venv/bin/python
# Packages come from this folder, and not from the network, where it is given: make lab WHEELHOUSE=build/wheelhouse
WHEELHOUSE ?=
OFFLINE := $(if $(WHEELHOUSE),--no-index --find-links $(WHEELHOUSE))
PIP := $(BIN) -m pip install --quiet --disable-pip-version-check $(OFFLINE) -c requirements.lock

.PHONY: help lab doctor test test-all notebooks wheelhouse deck solutions api lint bench clean
help:
	@echo "make lab        open the course in JupyterLab (LAB='--no-browser' passes options on)"
	@echo "make doctor     look whether everything for the course is in place"
	@echo "make wheelhouse pack what a room without network needs (then: make lab WHEELHOUSE=build/wheelhouse)"
	@echo "make deck       slides from the notebooks, in build/deck"
	@echo "make solutions  the notebooks with every exercise solved, in build/solutions"
	@echo "make api        the reference of the package, in build/api"
	@echo "make test       the tests, under 5 minutes"
	@echo "make test-all   the long tests: other Pythons, Binder, no network, races, load"
	@echo "make notebooks  execute the notebooks and store their outputs"
	@echo "make bench      measure, beside what a check cannot do without and beside others"
	@echo "make lint       check style, types and import direction"
	@echo "make clean      remove .venv, build and all caches (my-course/ is kept)"

lab: .venv/course
	$(BIN) -m sms2fa lab $(LAB)

doctor wheelhouse deck solutions: .venv/course
	$(BIN) -m sms2fa $@

test test-all notebooks api lint bench: .venv/dev
	$(BIN) -m sms2fa $@

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.12")'
	@$(PYTHON) -m venv .venv

# Without compiling: Python compiles what it uses when it first does, and most of this it never uses.
.venv/course: pyproject.toml requirements.lock | .venv/bin/python
	@echo "Installing the course into .venv. This takes about a minute, once, and more where packages are downloaded."
	@$(PIP) --no-compile -e '.[course]'
	@touch $@

.venv/dev: pyproject.toml requirements.lock | .venv/bin/python
	@echo "Installing the course and the tools of its tests into .venv. This takes a minute or two, once."
	@$(PIP) -e '.[course,test,dev]'
	@touch $@ .venv/course

clean:
	rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache build dist
	find src tests notebooks -name __pycache__ -prune -exec rm -rf {} +

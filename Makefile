# Deskhero. `make` alone says what there is.
PYTHON ?= python3
PORT ?= 8000
MINUTES ?= 10
PY := .venv/bin/python
export DESKHERO_DATA

.PHONY: help run test check install bench reset lock pictures fuzz messages

help:
	@echo "make run [PORT=8000] [DESKHERO_DATA=.data]   a running desk with sample tickets; Ctrl-C stops it"
	@echo "make test      all tests"
	@echo "make check     tests, style, types, imports, migrations: what CI runs"
	@echo "make install   only .venv with the locked dependencies"
	@echo "make reset     empty the data folder"
	@echo "make bench [SIZES=--million]   speed, beside its targets"
	@echo "make fuzz [MINUTES=10]   hostile input, for longer"
	@echo "make pictures  a picture of every page, in docs/pictures/"
	@echo "make messages  bring the translations in locale/ up to date"
	@echo "make lock      compile requirements/*.txt from pyproject.toml"

install:
	@$(PYTHON) deskhero/install.py

run: install
	@exec $(PY) -m deskhero.run --port $(PORT)

test: install
	$(PY) -m tests.whole $(LEAVING_OUT)

check: install
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	@$(MAKE) --no-print-directory LEAVING_OUT=--gate test

bench: install
	$(PY) -m tests.bench $(SIZES)

pictures: install
	$(PY) -m tests.pictures

fuzz: install
	HYPOTHESIS_PROFILE=fuzz $(PY) -m pytest -m "not browser" --timeout 1800 -k "hostile or properties"
	$(PY) -m tests.fuzz $(MINUTES)

# Needs GNU gettext (apt-get install gettext); fails while something is not translated.
messages: install
	$(PY) -m deskhero.messages

reset: install
	@$(PY) -m deskhero.run.reset

# No address of an index is written: the locks hold names, versions and hashes.
lock: install
	$(PY) -m uv pip compile --quiet --python-version 3.11 --generate-hashes --no-strip-markers --no-header --no-emit-index-url --no-emit-find-links --extra s3 pyproject.toml -o requirements/base.txt
	$(PY) -m uv pip compile --quiet --python-version 3.11 --generate-hashes --no-strip-markers --no-header --no-emit-index-url --no-emit-find-links --extra dev pyproject.toml -o requirements/dev.txt

# `make demo` and `make test` work on a fresh machine with Python >= 3.11 and nothing else.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: demo test lint bench torture docs clean

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[pdf,video,test,lint]'
	touch $(STAMP)

demo: $(STAMP)  ## the main job on the pilot report, against a loopback internet
	$(BIN)/python -m tests.world.demo

test: $(STAMP)
	$(BIN)/python -m pytest -m 'not torture' -n auto

torture: $(STAMP)
	$(BIN)/python -m pytest -m torture

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)  ## each figure beside its peer, in the same run
	$(BIN)/python -m tests.benchmarks

docs: $(STAMP)  ## the reference from the code, then the site into build/docs
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	$(BIN)/python -m docs.generate
	$(BIN)/mkdocs build --quiet

clean:
	rm -rf $(VENV) demo build dist

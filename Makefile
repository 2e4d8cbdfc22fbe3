# corredor: make lists its targets. `make run` and `make test` each set everything up on a fresh machine.
SHELL := /bin/bash
VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
# What a user may install beside corredor.
EXTRAS := design,sensitivity,fetch,sheets,parquet,pictures,store,s3,cluster
READY := $(VENV)/.ready
NODE_READY := web/explore/node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help setup wasm web browser run test test-full bench soak fuzz validate check format docs site lock pythons licences sbom clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(READY) ## install corredor and its tools into .venv

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

AS_ROOT := $(if $(filter 0,$(shell id -u)),,sudo)

browser: $(NODE_READY) ## two headless browsers, Node and axe for the tests of pages (Debian packages chromium, firefox-esr, nodejs and npm; npm packages)

.PHONY: browsers
browsers:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && found=1; done; \
	missing="$$([ -n "$$found" ] || echo chromium) $$(command -v firefox-esr firefox >/dev/null || echo firefox-esr)"; \
	missing="$$missing $$(command -v node >/dev/null || echo nodejs) $$(command -v npm >/dev/null || echo npm)"; \
	[ -z "$${missing// /}" ] && exit 0; echo "installing $$missing, which the tests of pages need"; \
	$(AS_ROOT) apt-get update -qq && $(AS_ROOT) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null \
	|| { echo "could not be installed: install$$missing and run this again" >&2; exit 1; }

wasm: setup ## compile the kernel for browsers into src/corredor/pages/explore (Debian packages lld and wasi-libc)
	@command -v wasm-ld >/dev/null && [ -e /usr/lib/wasm32-wasi/libc.a ] || { echo "installing lld and wasi-libc, which link the module"; \
	$(AS_ROOT) apt-get update -qq && $(AS_ROOT) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq lld wasi-libc >/dev/null; }
	$(BIN)/python web/kernel/build_kernel.py

$(NODE_READY): web/explore/package-lock.json | browsers
	cd web/explore && npm ci --silent
	@touch $@

web: $(NODE_READY) ## bundle the programs of the page that simulates into src/corredor/pages/explore (npm packages)
	cd web/explore && npm run --silent check && npm run --silent build

run: setup ## simulate mexico-2018 and write runs/mexico-2018/report.html
	$(BIN)/corredor run mexico-2018 --out runs/mexico-2018

# Python keeps what it has compiled beside the source, as Numba does; else every process that a test starts would compile it again.
test test-full: export PYTHONDONTWRITEBYTECODE :=

test: setup browser ## all tests, heavy statistical ones reduced
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not full" tests

test-full: setup browser ## all tests in full
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder tests

bench: setup browser ## speed, and how time and memory grow, as tables (never part of the tests)
	$(BIN)/python benchmarks/bench.py
	$(BIN)/python benchmarks/scale.py

MINUTES ?= 30
soak: setup ## does memory stay flat over MINUTES=60 of work in one process?
	$(BIN)/python benchmarks/soak.py --minutes $(MINUTES)

fuzz: setup ## garble everything that reads somebody's file for MINUTES=30, guided by coverage; findings in build/fuzz
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[fuzz]'
	$(BIN)/python fuzz/fuzz.py --minutes $(MINUTES)

CASES ?= ../shared/peer/flee-format
validate: setup ## score published conflicts, CASES=folder of Flee folders; writes docs/VALIDATION.md
	$(BIN)/python docs/make_validation.py $(CASES)

check: setup ## format, lint, types, then the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test

format: setup ## put the code into the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: setup ## write docs/REFERENCE.md, docs/COMMANDS.md, docs/picture.svg and docs/COOPERATION.md anew
	$(BIN)/python docs/make_reference.py
	$(BIN)/python docs/make_commands.py
	$(BIN)/python docs/make_picture.py
	$(BIN)/python docs/make_cooperation.py

site: setup ## build the documentation site into build/site, offline; tutorials are run
	$(BIN)/python -m sphinx -W --keep-going -q -j auto -b html -d build/doctrees docs build/site
	@echo build/site/index.html

lock: ## write constraints.txt anew from a fresh environment with the newest versions
	rm -rf .lock && $(PYTHON) -m venv .lock && .lock/bin/python -m pip install --quiet '.[dev]'
	(echo "# Versions that were tested together. Written by make lock; holds no addresses."; \
	.lock/bin/python -m pip freeze --exclude corredor | grep -E '^[A-Za-z0-9._-]+==') > constraints.txt
	rm -rf .lock

# Whatever of these is on this machine, on the path or in pyenv, is tried with the package as users install it.
PYTHONS ?= 3.11 3.12 3.13
pythons: ## install and run corredor, and its quick tests, on every Python of 3.11 to 3.13 that is here
	@well=; failed=; absent=; for version in $(PYTHONS); do \
	found=$$(ls $$(pyenv root 2>/dev/null)/versions/$$version.*/bin/python 2>/dev/null | tail -1); \
	found=$${found:-$$(command -v python$$version)}; \
	"$$found" -c '' 2>/dev/null || { absent="$$absent $$version"; continue; }; \
	echo "Python $$version: $$found"; here=.pythons/$$version; \
	{ "$$found" -m venv $$here && $$here/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt \
	'.[$(EXTRAS)]' pytest hypothesis pysyncon rocrate && \
	(cd $$here && bin/corredor run two-towns --draws 20 --out run >/dev/null && bin/corredor verify run) && \
	$$here/bin/python -m pytest -q -p no:cacheprovider -m "not full" tests/unit tests/problems; } \
	&& well="$$well $$version" || failed="$$failed $$version"; \
	done; echo "well:$${well:- none}; failed:$${failed:- none}; not on this machine:$${absent:- none}"; [ -n "$$well" ] && [ -z "$$failed" ]

licences: setup ## write docs/LICENCES.md; fails on a licence that is not permissive
	$(BIN)/python docs/make_licences.py

sbom: $(NODE_READY) ## list everything that corredor needs to run, with versions, as CycloneDX, in build/sbom
	rm -rf .sbom && $(PYTHON) -m venv .sbom/needed && $(PYTHON) -m venv .sbom/tool && mkdir -p build/sbom
	.sbom/needed/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt '.[$(EXTRAS)]'
	.sbom/needed/bin/python -m pip uninstall --quiet --yes pip setuptools
	.sbom/tool/bin/python -m pip install --quiet --disable-pip-version-check cyclonedx-bom
	.sbom/tool/bin/cyclonedx-py environment .sbom/needed --pyproject pyproject.toml --output-reproducible --of JSON -o build/sbom/python.cdx.json
	cd web/explore && npm sbom --sbom-format cyclonedx --omit dev > ../../build/sbom/page.cdx.json
	rm -rf .sbom; ls build/sbom

clean: ## remove the environment and what runs have written
	rm -rf $(VENV) .lock .pythons .sbom runs build dist

# The project's commands. `make help` lists them. Needs Python >= 3.11 and make; all else is
# installed into .venv. Everything is made again only when what it is made of changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOWEST := build/lowest
UPSTREAM := 26.0.0
WORKERS ?= auto
# Percent of lines and branches that the tests reach, in processes that they start too.
COVERED := 95

.DEFAULT_GOAL := help
.PHONY: test-hosts help site site-upstream serve test coverage screenshot test-site test-books test-deep test-lowest test-wheel e2e cloud check format bench dist clean

help: ## list these commands
	@sed -nE 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

$(READY): pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) is not installed; plugindoc needs Python 3.11 or newer (or say make PYTHON=/path/to/python3)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: $$($(PYTHON) --version) is too old; plugindoc needs Python 3.11 or newer (or say make PYTHON=/path/to/python3)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "make: $(PYTHON) cannot make virtual environments; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

site: $(READY) ## build the documentation of the bundled installer into build/site
	$(BIN)/sphinx-build -q -n -W --keep-going -j auto -d build/doctrees docs build/site
	@echo "$(CURDIR)/build/site/index.html"

site-upstream: $(READY) ## build the documentation of upstream's release, with its history, into build/upstream
	$(BIN)/plugindoc build "$$($(BIN)/python -m tests.upstream $(UPSTREAM))" --releases "$$($(BIN)/python -m tests.upstream all)" --output build/upstream

serve: $(READY) ## show the docs in a browser, built again at every save
	$(BIN)/sphinx-autobuild -n -d build/doctrees --watch source_packstack --watch plugindoc docs build/site

test: $(READY) ## run all tests that need no root
	$(BIN)/python -m pytest -n $(WORKERS)

coverage: $(READY) ## run the same tests, and fail where they reach too little of the code
	$(BIN)/python -m pytest -n $(WORKERS) --cov --cov-report=term --cov-fail-under=$(COVERED)

screenshot: site ## make the README's screenshot again, from the built site
	$(BIN)/python -m tests.site.screenshot

test-site: $(READY) ## use the built site in a real browser
	$(BIN)/python -m pytest -m site -n 2 --dist loadfile tests/site

test-deep: $(READY) ## run the tests that take long, or fetch packages of Debian
	$(BIN)/python -m pytest -m deep -n $(WORKERS)

$(LOWEST)/.ready: pyproject.toml tests/lowest.py $(READY)
	$(PYTHON) -m venv $(LOWEST)
	$(BIN)/python -m tests.lowest >$(LOWEST)/requirements.txt
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check -r $(LOWEST)/requirements.txt hypothesis pytest pytest-xdist syrupy
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

# What books are compiled, checked and opened with, on Debian.
BOOK_PACKAGES := epubcheck groff default-jre-headless latexmk poppler-utils tex-gyre texinfo \
	texlive-fonts-recommended texlive-latex-extra texlive-latex-recommended

test-books: $(READY) ## compile and check the site as PDF, EPUB and manual; needs Debian's TeX
	@dpkg --status $(BOOK_PACKAGES) >/dev/null 2>&1 || { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends $(BOOK_PACKAGES) >/dev/null; } || { echo "make: books need the Debian packages $(BOOK_PACKAGES)" >&2; exit 1; }
	$(BIN)/python -m pytest -m books -n 2 tests/books

test-lowest: $(LOWEST)/.ready ## build sites with the oldest supported dependencies, Sphinx among them
	$(LOWEST)/bin/python -m pytest -n $(WORKERS) tests/plugindoc/sphinx

test-wheel: $(READY) ## install the wheel in an empty environment and use it
	$(BIN)/python -m pytest -m wheel tests/test_wheel.py

# What the tests on real hosts need of Debian 12: see docs/explanation/test-hosts.md.
E2E_PACKAGES := cpio dpkg-dev iproute2 mmdebstrap openssh-client openssl puppet-agent puppet-lint qemu-utils util-linux xorriso

e2e: TESTS := -m e2e -n 2 --dist loadfile tests/hosts
e2e: test-hosts ## install OpenStack on real hosts, made of namespaces; needs root and Debian 12
cloud: TESTS := -m cloud tests/hosts/test_servers.py
cloud: test-hosts ## install a cloud on two such hosts and use its servers from outside

test-hosts: $(READY)
	@test "$$(id -u)" = 0 || { echo "make: namespaces and mounts need root; run this as root" >&2; exit 1; }
	@. /etc/os-release; test "$$VERSION_CODENAME" = bookworm || { echo "make: test hosts are made of this machine's own sources, which must be Debian 12's; this is $$PRETTY_NAME" >&2; exit 1; }
	dpkg --status $(E2E_PACKAGES) >/dev/null 2>&1 || { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends $(E2E_PACKAGES); }
	$(BIN)/python -m pytest -v $(TESTS)

check: $(READY) ## run linters, types and layers
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## format the code
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(READY) ## run the benchmarks (ratios, measured in one run)
	$(BIN)/python -m tests.bench

dist: $(READY) ## build the wheel into dist/
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .

clean: ## remove what was built, but not the environment
	rm -rf build dist .coverage .pytest_cache .mypy_cache .ruff_cache

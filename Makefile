# The targets are the words of the README. `make help` lists them.

SHELL := /bin/bash
PACKAGES := librdkafka-dev libsqlite3-dev pkg-config bubblewrap python3 python3-venv openssl git curl
PYTHON_PACKAGES := jsonschema PyYAML -r integration/requirements.txt
# The real agents that the tests drive; their versions stand in this file.
AGENT_PACKAGES := -r integration/agents/requirements.txt
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
# Warnings are errors in our own code; SwiftPM builds the packages that we depend on without showing theirs.
STRICT := -Xswiftc -warnings-as-errors
SEEDS ?= 200
# Tests at a time. Without a bound all begin at once: hundreds of runners with thousands of threads and descriptors, which
# take longer together, and in which Foundation's Process was seen to crash.
WIDTH ?= 8

say = @printf '\n\033[1m== %s\033[0m\n' "$(1)"

.DEFAULT_GOAL := help
.PHONY: help install venv build release test demo run bench lint format clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-9s %s\n", $$1, $$2}'

install: ## install what is missing (Debian and Ubuntu packages)
	@missing=; for package in $(PACKAGES); do \
	    dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	    command -v apt-get >/dev/null || { echo "Please install these packages, by Debian's names:$$missing"; exit 1; }; \
	    echo "Installing:$$missing"; \
	    $(SUDO) apt-get update -qq && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$missing \
	        || { echo "These packages could not be installed:$$missing"; exit 1; }; \
	fi
	@command -v swift >/dev/null || { echo "Swift 6.2 or later is missing: see https://www.swift.org/install/linux"; exit 1; }

venv: .venv/.ready ## the Python packages that tests use

.venv/.ready: Makefile integration/requirements.txt
	$(call say,Making a Python environment for the tests in .venv)
	@python3 -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check $(PYTHON_PACKAGES)
	@touch $@

# Without the registry the tests of real agents are not run: .venv-agents/.missing then says why, and `make test` ends with it.
.venv-agents/.ready: integration/agents/requirements.txt
	$(call say,Fetching the real agents for the tests into .venv-agents (about 300 MB to download, once))
	@mkdir -p .venv-agents && rm -f .venv-agents/.missing
	@if { python3 -m venv .venv-agents && .venv-agents/bin/pip install --quiet --disable-pip-version-check --retries 1 $(AGENT_PACKAGES); } \
	    >.venv-agents/.log 2>&1; then touch $@; else \
	    echo "The tests of real agents were not run: $$(grep -E '^(ERROR|Error)' .venv-agents/.log | tail -1)" | tee .venv-agents/.missing; fi

build: install ## build for development (the first time takes about 7 minutes on 2 cores)
	$(call say,Building (debug); the first time this takes some minutes)
	@swift build $(STRICT)

release: install ## build for production
	$(call say,Building (release); the first time this takes some minutes)
	@swift build -c release $(STRICT)

test: install venv .venv-agents/.ready ## run every test, then $(SEEDS) simulated runs
	$(call say,Building the tests; the first time this takes some minutes)
	@swift build --build-tests $(STRICT)
	$(call say,Running the tests)
	@SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$(WIDTH) PATH="$(CURDIR)/.venv/bin:$$PATH" \
	    Tests/run.py $(STRICT)
	$(call say,Simulating $(SEEDS) runs with crashes and rebalances and zombies)
	@.build/debug/pandar-simulate --seeds $(SEEDS)
	@cat .venv-agents/.missing 2>/dev/null || true

demo: build venv .venv-agents/.ready ## show what Pandar does, with an embedded broker, real agents and scripted models
	@demo/demo.sh .build/debug/pandar

run: build ## start a service with an embedded broker and leave it up
	@demo/run.sh .build/debug/pandar

bench: install ## print the figures and write bench.json (a package of its own; takes some minutes)
	$(call say,Building the benchmark (release))
	@swift build -c release --product pandar-init
	@swift build -c release --product pandar-gate
	@swift build -c release --package-path Benchmarks
	@Benchmarks/.build/release/pandar-bench --output bench.json $(BENCH_ARGUMENTS)

lint: ## check the format
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests

format: ## correct the format
	@swift format --in-place --recursive --parallel Package.swift Sources Tests

clean: ## remove what was built
	@rm -rf .build .venv .venv-agents bench.json data Benchmarks/.build

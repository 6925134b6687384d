# Two commands matter: `make demo` and `make test`. Each sets up all that it needs; a second run starts in seconds.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DEMO_READY  := $(VENV)/.ready-demo
READY       := $(VENV)/.ready
BENCH_READY := $(VENV)/.ready-bench
TRAIN_READY := $(VENV)/.ready-train
WHEEL_READY := $(VENV)/.ready-wheel
INSTALL     := $(BIN)/pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup core wheel demo test test-deploy test-install faults bench-stream bench-extract bench-feed lint format eval train test-train lock clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: $(READY) core ## the virtual environment, from the hash lock, and the core compiled

$(DEMO_READY): requirements/demo.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Broadsheet needs Python 3.11 or later; name one with make PYTHON=..." >&2; exit 1; }
	@requirements/compiler.sh $(PYTHON)
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing (Debian: apt install python3-venv)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --require-hashes -r requirements/demo.txt
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(READY): requirements/dev.txt $(DEMO_READY)
	$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

$(BENCH_READY): requirements/bench.txt $(READY)
	$(INSTALL) --require-hashes -r requirements/bench.txt
	@touch $@

$(TRAIN_READY): requirements/train.txt $(READY)
	$(INSTALL) --require-hashes -r requirements/train.txt
	@touch $@

$(WHEEL_READY): requirements/wheel.txt $(DEMO_READY)
	$(INSTALL) --require-hashes -r requirements/wheel.txt
	@touch $@

core: $(DEMO_READY) ## the core's compiled modules, in place; what has changed since the last time
	@$(BIN)/python hatch_build.py

wheel: $(WHEEL_READY) ## dist/: a wheel that an index takes, for this Python and machine; cibuildwheel makes all of them
	rm -rf build/wheel
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir build/wheel .
	@mkdir -p dist
	@if [ -x $(BIN)/auditwheel ]; then PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/auditwheel repair --wheel-dir dist build/wheel/*.whl; \
	else cp build/wheel/*.whl dist; fi
	@ls dist

demo: core ## the whole line on this machine: Kafka, two workers, pages in, articles out
	$(BIN)/broadsheet demo $(DEMO)

test: $(READY) core ## all tests, against a real Kafka and a real browser
	@tests/needs.sh
	$(BIN)/pytest -n 2 --dist loadgroup $(PYTEST)

test-deploy: $(READY) core ## the image built, compose brought up, the whole line through it (minutes; needs Docker)
	$(BIN)/pytest -m long tests/deploy $(PYTEST)

ROUNDS ?= 3

test-install: $(READY) core ## the core alone in a fresh environment: what runs, what says which extra it lacks; a wheel without a compiler
	$(BIN)/pytest -m long tests/cli/test_extras.py tests/deploy/test_wheel.py $(PYTEST)

faults: $(READY) core ## the fault matrix, ROUNDS of each case, and a table: nothing lost, nothing repeated (long)
	$(BIN)/python -m tests.faults --rounds $(ROUNDS) $(FAULTS)

bench-stream: $(BENCH_READY) core ## what Kafka and Faust cost beside the page work; rates, latency, memory
	$(BIN)/python -m benchmarks.stream $(BENCH)

lint: $(READY) ## format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(READY) ## put the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench-extract: $(BENCH_READY) core ## what a page costs, against peers; growth; hostile pages
	$(BIN)/python -m benchmarks.extract $(BENCH)

bench-feed: $(READY) ## whether the feed answers in time while clients pull very large articles
	$(BIN)/python -m benchmarks.feed $(BENCH)

eval: $(BENCH_READY) core ## quality on the page sets with truth, where they are
	$(BIN)/python -m benchmarks.eval

DATA ?= ../shared/bench/data

train: $(TRAIN_READY) core ## the learned files anew from the page sets in DATA, each with its card (an hour)
	$(BIN)/python -m training $(DATA)

test-train: $(TRAIN_READY) core ## headline and authors trained anew: the same bytes as the files that ship
	$(BIN)/pytest -m long tests/unit/test_retrained.py $(PYTEST)

PIN := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --no-header

lock: ## pin anew what pyproject.toml asks for (needs uv)
	$(PIN) pyproject.toml --extra worker --extra feed -o requirements/worker.txt
	$(PIN) pyproject.toml -c requirements/worker.txt -o requirements/core.txt
	$(PIN) pyproject.toml --extra worker --extra feed --extra local --group editable -c requirements/worker.txt -o requirements/demo.txt
	$(PIN) pyproject.toml --extra all --group dev -c requirements/demo.txt -o requirements/dev.txt
	$(PIN) pyproject.toml --extra all --group dev --group bench -c requirements/dev.txt -o requirements/bench.txt
	$(PIN) pyproject.toml --group train -c requirements/dev.txt -o requirements/train.txt
	$(PIN) --group build -c requirements/dev.txt -o requirements/build.txt
	$(PIN) --group wheel -c requirements/dev.txt -o requirements/wheel.txt

clean: ## remove what was made here
	find workers -name '*.so' -delete
	rm -rf build dist $(VENV) .broadsheet .pytest_cache .mypy_cache .ruff_cache .hypothesis

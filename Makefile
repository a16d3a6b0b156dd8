# Two commands do everything on a bare Debian machine with Python: `make nightly` and `make test`.
VENV := .venv
READY := $(VENV)/.ready
VALIDATORS := $(VENV)/.validators
BIN := $(VENV)/bin

.PHONY: help env nightly test lint assure bench docs clean

help:
	@echo "make nightly  set up, run the night on the bundled sandbox platforms, print what was found"
	@echo "make test     set up, run the tests (6 to 11 minutes on two cores)"
	@echo "make lint     ruff, mypy, import-linter"
	@echo "make assure   long assurance runs: kills, readers, big imports; resumable; results in docs/assurance.json"
	@echo "make bench    speed of reading, parsing, crawling, grouping, joining and learning against their peers; appends to docs/bench.json"
	@echo "make docs     regenerate docs/data-dictionary.md and docs/model-card.md"
	@echo "make clean    remove the environment and the sandbox home"

env: $(READY)

$(READY): requirements.lock pyproject.toml .ci/environment
	@sh .ci/environment $(VENV)

$(VALIDATORS): $(READY) requirements.validators.lock
	@sh .ci/environment $(VENV) validators

nightly: $(READY)
	@$(BIN)/puppetwatch nightly --sandbox

# Whole nights first: begun last, they would keep one processor while the other has nothing left to do.
test: $(VALIDATORS)
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder tests/flows tests/models tests/warehouse tests/crawlers tests/features

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

assure: $(READY)
	@$(BIN)/python -m tests.assure

bench: $(READY)
	@$(BIN)/python -m tests.bench reading
	@$(BIN)/python -m tests.bench parsing
	@$(BIN)/python -m tests.bench crawling
	@$(BIN)/python -m tests.bench templates --posts 1000000
	@$(BIN)/python -m tests.bench graph
	@$(BIN)/python -m tests.bench nights --posts 1000000
	@$(BIN)/python -m tests.bench.yardsticks text
	@$(BIN)/python -m tests.bench.yardsticks graph
	@$(BIN)/python -m tests.bench.learning

docs: $(READY)
	@$(BIN)/python -m warehouse.dictionary docs/data-dictionary.md
	@$(BIN)/python -m flows.model_card docs/model-card.md

clean:
	rm -rf $(VENV) var/sandbox build puppetwatch.egg-info

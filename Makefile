# Every target works on a fresh clone with nothing but Python 3.11-3.13 and make.
PYTHON ?= $(if $(filter Windows_NT,$(OS)),python,python3)
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
STAMP := $(VENV)/.installed
UV := $(shell command -v uv 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help demo test check lab bench fuzz notebooks samples lock clean

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*## "} {printf "  make %-10s %s\n", $$1, $$2}'

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "cpc_analysis needs Python 3.11, 3.12 or 3.13; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
ifeq ($(UV),)
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
else
	$(UV) venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV)
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
endif
	@touch $(STAMP)

demo: $(STAMP) ## run every notebook on the sample centre and show what a contact costs
	@$(BIN)/cpc demo

test: check ## everything: lint, types, architecture, tests, doctests, notebooks
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup -m "not slow and not browser" tests
	$(BIN)/python -m pytest -q -n 2 -p tests.one_sample --doctest-modules cpc_analysis
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --nbval-lax --nbval-cell-timeout 120 notebooks

check: $(STAMP) ## lint, types and the architecture's contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lab: $(STAMP) ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab notebooks

bench: $(STAMP) ## compare speed and memory side by side with peers, and run the slow tests
	$(BIN)/python benchmarks/importing.py
	$(BIN)/python benchmarks/measuring.py --large
	$(BIN)/python benchmarks/explaining.py
	$(BIN)/python benchmarks/exporting.py
	$(BIN)/python benchmarks/coverage.py
	$(BIN)/python benchmarks/verdicts.py
	$(BIN)/python -m pytest -q -m slow tests || test $$? -eq 5

fuzz: $(STAMP) ## try over 20,000 inputs at random: files, frames, projects, mappings and conditions
	$(BIN)/python -m tests.fuzz.fuzzing

notebooks: $(STAMP) ## execute the notebooks in place and strip what varies
	$(BIN)/python tests/refresh_notebooks.py

samples: $(STAMP) ## write the sample centre again
	$(BIN)/python -m cpc_analysis.sources.sample_centre

lock: ## resolve requirements.lock again (needs uv)
	@test -n "$(UV)" || { echo "make lock needs uv on the path: python3 -m pip install uv"; exit 1; }
	$(UV) pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --quiet -o requirements.lock

clean: ## remove the virtual environment and what was built
	rm -rf $(VENV) dist reports .pytest_cache .mypy_cache .ruff_cache

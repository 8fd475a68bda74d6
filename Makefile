# make demo   a virtual environment, the package, and the main job on the shipped catalogue
# make test   the same environment with what the tests need, and the tests
# make test-fast      what one runs while writing: under a minute
# make check          formatting, lint, types, import contracts
# make docs           builds the documentation as a site in build/docs; fails on whatever it warns of
# make release-check  builds sdist and wheel, and runs the demo from the wheel in a fresh environment
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
OUT    := out
FAST   := tests/vocabulary tests/values tests/evidence tests/report tests/sources tests/extract tests/test_house.py
STAMPS := $(VENV)/.stamps
# In the environment, so that build requirements are pinned too.
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test test-fast test-real check docs release-check clean

demo: $(STAMPS)/demo
	@$(BIN)/python demo.py $(OUT)

test: $(STAMPS)/test
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --ignore tests/real

# Everything quick: no network training, no killed processes, no goldens, no wheel.
test-fast: $(STAMPS)/test
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow" $(FAST)

# On files that are not part of the project: LITDB_REAL_DATA names their folder.
test-real: $(STAMPS)/test
	$(BIN)/python -m pytest tests/real -rs

check: $(STAMPS)/test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(STAMPS)/test
	$(BIN)/zensical build --clean --strict

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(STAMPS)/demo: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --editable .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/test: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --editable '.[model,postgres,dev]'
	@mkdir -p $(STAMPS) && touch $@

# What a user gets: the sdist unpacked elsewhere builds the wheel, the wheel alone runs the demo.
release-check: $(STAMPS)/test
	rm -rf dist build/release && mkdir -p build/release
	$(BIN)/python -m build --quiet --outdir dist .
	$(PYTHON) -m venv build/release/venv
	build/release/venv/bin/python -m pip install --quiet dist/litdb_sota-*.whl
	cp demo.py build/release/ # beside it lies no checkout that Python would take instead of the wheel
	cd build/release && LITDB_HOME=$(CURDIR)/build/release/home venv/bin/python demo.py out

clean:
	rm -rf $(VENV) $(OUT) build dist

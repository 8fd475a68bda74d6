# make demo   a virtual environment, the package, and the main job on the shipped catalogue
# make test   the same environment with what the tests need, and the tests
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
OUT    := out
STAMPS := $(VENV)/.stamps
# In the environment, so that build requirements are pinned too.
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test test-real check clean

demo: $(STAMPS)/demo
	@$(BIN)/python demo.py $(OUT)

test: $(STAMPS)/test
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --ignore tests/real

# On files that are not part of the project: LITDB_REAL_DATA names their folder.
test-real: $(STAMPS)/test
	$(BIN)/python -m pytest tests/real -rs

check: $(STAMPS)/test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(STAMPS)/demo: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --editable .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/test: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --editable '.[model,postgres,dev]'
	@mkdir -p $(STAMPS) && touch $@

clean:
	rm -rf $(VENV) $(OUT) build dist

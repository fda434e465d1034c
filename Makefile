# make demo   the demo clients, from folder to reports
# make test   every test
# Both make the environment in .venv when it is missing or the list of packages changed.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made
OUT ?= out

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench soak docs notebooks lock clean

help:
	@sed -n '1,3s/^# //p' Makefile
	@echo "Also: make bench, make soak, make docs, make notebooks, make lint, make lock, make clean."

demo: $(STAMP)
	@$(BIN)/salesmodel demo --out $(OUT)

# One line a tool; pytest's closing line comes last.
test: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/python -m pytest -n 2 --dist loadscope -p no:randomly --nbval-lax notebooks
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder --durations=15 --doctest-modules salesmodel_kit tests

lint: $(STAMP)
	$(BIN)/ruff check .

bench: $(STAMP)
	$(BIN)/python -m benchmarks.run

# A hundred rounds of killing parent, child or both at random moments, ten each of a full disk and of rights that are
# taken; after each a resumed run must end in the bytes of a calm one. The full disk needs the right to mount one.
ROUNDS ?= 100
soak: $(STAMP)
	$(BIN)/python tests/soak.py $(ROUNDS)

# After a change of a method: the published cases, computed anew.
docs: $(STAMP)
	$(BIN)/python -m tools.verify

# After a change of a notebook, a chart or a sentence: keep what the notebooks show in them.
notebooks: $(STAMP)
	$(BIN)/python tools/run_notebooks.py

lock: $(STAMP)
	$(BIN)/python tools/make_lock.py

clean:
	rm -rf $(VENV) $(OUT) build dist .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp says that the environment holds what the two files ask for.
$(STAMP): pyproject.toml requirements.lock
	@python=; for name in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	  if $$name -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo "The kit needs Python 3.11 or later with venv (on Debian: apt install python3-venv); none was found." >&2; exit 2; fi; \
	echo "Making the environment in $(VENV) with $$($$python --version)"; \
	echo "Installing the packages, once: 2 to 5 minutes"; \
	$$python -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

# Two commands do everything: `make run` and `make test`. Both set up what they need in .venv.
PYTHON ?= python3
BIN := .venv/bin
comma := ,
GP := $(BIN)/ghent-partnerships

.PHONY: run test bench release-check clean

run: .venv/run
	@$(GP) publish
	@for name in twin-cities partners-of-a-city maintained-partnerships; do \
	  printf '\n$$ ghent-partnerships query %s\n' $$name; $(GP) query $$name; done
	@printf '\nWhat next?\n  . .venv/bin/activate\n  ghent-partnerships query --list\n  ghent-partnerships --help\n'

test: .venv/test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(GP) fmt --check
	$(BIN)/pytest -n auto --dist loadgroup

bench: .venv/test
	$(BIN)/python tests/bench/run.py
	$(BIN)/python tests/bench/forms.py
	$(BIN)/python tests/bench/validate.py

release-check: .venv/run
	@$(GP) release-check

.venv/test: .venv/run
.venv/run .venv/test: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[fast$(if $(filter %test,$@),$(comma)test)]'
	@touch $@

clean:
	rm -rf .venv dist

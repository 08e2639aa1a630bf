# DocuMind: the commands of the project. `make help` lists them; each installs what it needs, into this folder only.
SHELL := /bin/sh
STAGE ?= dev
PYTHON := .venv/bin/python
OF_STAGE = --stage $(STAGE) $(patsubst stack_name=%,--stack %,$(filter stack_name=%,$(WITH)))
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PYTHONUTF8 := 1
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 1
.DEFAULT_GOAL := help
.PHONY: help run test test-long check check-format check-lint check-types check-page check-unit format bench pictures docs synth deploy destroy lock install clean

help: ## print these lines
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name text; do printf '  make %-9s %s\n' "$$name" "$$text"; done

run: ## start everything on this machine and print the page's address (PORT_BASE=8300, Ctrl-C stops it)
	@local/toolchain python node ministack opensearch
	@exec $(PYTHON) -m local

test: ## check, then all other tests, about 9 minutes (ONLY="faults ..." for some: unit functional attack infra search e2e web faults)
	@local/toolchain python node ministack opensearch dynamodb
	@$(if $(ONLY),,$(MAKE) --no-print-directory check)
	@$(PYTHON) -m local.run_tests $(ONLY)

test-long: ## the same tests at full size, and the run on a bare machine (ONLY="bare ...")
	@DOCUMIND_LONG=1 $(MAKE) --no-print-directory test

check: ## format, lint, types, unit tests (about a minute)
	@local/toolchain python node
	@$(MAKE) --no-print-directory --jobs --keep-going check-format check-lint check-types check-page check-unit

check-format:
	@.venv/bin/ruff format --check --quiet .

check-lint:
	@.venv/bin/ruff check --quiet .

check-types:
	@.venv/bin/mypy --no-error-summary $(wildcard functions infra layers/documind/python local cli evals bench docs tests)

check-page:
	@node_modules/.bin/tsc -p web

check-unit:
	@$(PYTHON) -m local.run_tests unit

format: ## format the code and mend what the linter can mend
	@local/toolchain python
	.venv/bin/ruff format --quiet .
	.venv/bin/ruff check --quiet --fix .

bench: ## measure and print tables (ONLY="name ..." for some: start, cold, first_text, history, opening, load, page, reading, search, upload; soak by name only); figures are kept in docs/benchmarks.md
	@local/toolchain python node ministack opensearch dynamodb
	@PYTHONPATH=functions $(PYTHON) -m bench $(ONLY)

eval: ## measure retrieval and answers on the golden set; another set: python -m evals --questions FILE --documents DIR
	@local/toolchain python opensearch
	@$(PYTHON) -m evals --plot docs/retrieval.svg

pictures: ## screenshots of the page's main states, both languages, light and dark, desktop and phone, into .state/screenshots; the README's into docs
	@local/toolchain python node
	$(PYTHON) -m pytest -q tests/web/test_looks.py tests/web/test_first_minute.py
	@cp .state/screenshots/first-minute.png docs/
	@cp .state/screenshots/citation-desktop-light-en-US.png docs/screenshot.png
	@cp .state/screenshots/citation-phone-light-zh-TW.png docs/screenshot-phone.png

synth: ## CloudFormation of one stage into cdk.out (STAGE=local|dev|prod)
	@local/toolchain python node
	node_modules/.bin/cdk synth --quiet -c stage=$(STAGE)

deploy: ## a stage into your AWS account, checked before and after (STAGE=dev|prod|local, WITH="-c FIELD=VALUE ...")
	@local/toolchain python node
	@.venv/bin/documind admin doctor --before --stage $(STAGE)
	@$(PYTHON) -m local.cdk deploy $(STAGE) $(WITH)
	@.venv/bin/documind admin doctor $(OF_STAGE) || true

destroy: ## remove a stage from your AWS account, and name what is left of it (STAGE=dev|prod|local)
	@local/toolchain python node
	@$(PYTHON) -m local.cdk destroy $(STAGE) $(WITH)
	@.venv/bin/documind admin remains $(OF_STAGE)

lock: ## lock the dependencies again after an edit of requirements/*.in, layers/*/requirements.in or package.json
	@local/toolchain python
	requirements/lock
	$(PYTHON) -m local.jars lock
	.venv/bin/npm install --package-lock-only --ignore-scripts

docs: ## write anew what is made from the code: protocol and settings in docs/, types and sentences in web/
	@local/toolchain python node
	$(PYTHON) -m docs.generate

install: ## install all tools without running anything
	@local/toolchain python node ministack opensearch dynamodb

clean: ## remove all that was installed and all local data: .venv node_modules .state cdk.out
	@if [ -x $(PYTHON) ] && [ -d .state/run ]; then $(PYTHON) -m local.stop; fi
	rm -rf .venv node_modules .state cdk.out .mypy_cache .ruff_cache .pytest_cache

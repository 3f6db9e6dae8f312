# 全部工作由这几个命令完成,首次运行会自行准备环境。Every target prepares what it needs on first use.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
SERVE ?= 1
BIN := .venv/bin

.PHONY: --quick release demo test check lint bench mutants proofing load attack lists pages faults lock docs site pictures browser-packages clean

demo: .venv/assets  ## build the demonstration district and serve it; SERVE=0 builds only
	$(BIN)/xuezheng demo
	@if [ "$(SERVE)" != 0 ]; then $(BIN)/xuezheng serve; fi

test: lint browser-packages  ## everything that must hold
	$(BIN)/pytest -n 2 --dist loadgroup
	tests/postgresql.sh $(BIN)/pytest -n 2 --dist loadgroup -m database

lint: .venv/dev .venv/assets
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python contrib/check_types.py
	$(BIN)/lint-imports --no-logo

bench: .venv/dev .venv/assets  ## measure side by side and rewrite docs/reference/benchmarks.md; `make bench -- --quick` only tries every benchmark
	$(BIN)/python -m benchmarks $(filter --quick,$(MAKECMDGOALS))

--quick:  # says of another target that it should be short
	@:

load: .venv/dev .venv/assets  ## let a hundred schools send at once, and rewrite docs/reference/load.md
	$(BIN)/python -m benchmarks.load

pages: .venv/dev .venv/assets  ## open each page of the demonstration, and rewrite docs/reference/pages.md
	$(BIN)/python -m benchmarks.pages

attack: .venv/dev .venv/assets  ## open pages while others attack, and rewrite docs/reference/attack.md
	$(BIN)/python -m benchmarks.attack

proofing: .venv/dev  ## plant errors in reports, see which the audit finds, and rewrite docs/reference/proofing.md
	$(BIN)/python -m benchmarks.proofing

lists: .venv/dev .venv/assets  ## open lists of 60,000 pupils, and rewrite docs/reference/lists.md
	$(BIN)/python -m benchmarks.lists

mutants: .venv/dev  ## put 305 faults into what computes and pays, see which no test notices, and rewrite docs/reference/mutants.md
	$(BIN)/python -m tests.mutation

faults: .venv/dev browser-packages  ## hand in hostile files, kill imports 400 times, and rewrite docs/reference/faults.md
	$(BIN)/python -m benchmarks.faults

docs: .venv/dev  ## rewrite docs/reference from the declarations
	XUEZHENG_HOME=$$(mktemp -d) $(BIN)/python docs/generate.py

site: .venv/dev  ## build the documentation into dist/site; a warning is an error
	rm -rf dist/site
	$(BIN)/sphinx-build -q -W --keep-going -b html -d dist/doctrees docs dist/site

pictures: .venv/dev .venv/assets browser-packages  ## draw the pictures of the pages and of the layout of papers anew
	XUEZHENG_HOME=$$(mktemp -d) $(BIN)/python docs/official_layout.py
	$(BIN)/python -m docs.screenshots

release: .venv/dev .venv/assets  ## build the wheel and the bundle that installs without network, in dist/
	$(BIN)/python contrib/release/build.py

lock: .venv/bin/uv  ## resolve the dependencies anew
	$(BIN)/uv pip compile -q pyproject.toml --universal --generate-hashes --no-annotate --no-header --upgrade -o requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --group dev --group bench --universal --generate-hashes --no-annotate --no-header --upgrade -o requirements-dev.lock

browser-packages: .venv/dev  ## what the tests need of the system: chromium, PostgreSQL, LibreOffice
	tests/system-packages.sh

.venv/bin/uv:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q uv

.venv/installed: .venv/bin/uv requirements.lock pyproject.toml
	$(BIN)/uv pip install -q --compile-bytecode -r requirements.lock
	$(BIN)/uv pip install -q --no-deps -e .
	@touch $@

.venv/dev: .venv/installed requirements-dev.lock
	$(BIN)/uv pip install -q --compile-bytecode -r requirements-dev.lock
	@touch $@

.venv/assets: .venv/installed src/xuezheng/web/assets/package-lock.json
	$(BIN)/python -m xuezheng.web.assets.bundle
	@touch $@

clean:
	rm -rf .venv src/xuezheng/web/static/vendor xuezheng-data

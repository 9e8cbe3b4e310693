# Krug: `make run` opens the window, `make test` checks everything. `make help` lists the rest.
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help run test lint types check-messages tests bench torture bundle pictures messages format clean

.venv/.prepared: pyproject.toml constraints.txt tools/prepare.sh setup.py
	sh tools/prepare.sh

catalogues: .venv/.prepared
	@$(BIN)/python -c "from tools.messages import ROOT, compile_all; compile_all(ROOT / 'resources' / 'translations')"

help: ## what each command does
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

run: catalogues ## open Krug; without a display, run its tour into out/
	@if [ "$$(uname -s)" = Linux ] && [ -z "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
	  echo "There is no display here, so Krug runs its tour into out/ instead."; \
	  QT_QPA_PLATFORM=offscreen $(BIN)/krug tour out/; \
	else $(BIN)/krug; fi

test: lint types check-messages tests ## lint, types, catalogues, floors and tests

lint: catalogues
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: catalogues
	$(BIN)/mypy

check-messages: catalogues
	$(BIN)/python -m tools.messages

tests: catalogues
	LC_ALL=C.UTF-8 QT_QPA_PLATFORM=offscreen $(BIN)/pytest -n 2 --dist worksteal

bench: catalogues ## speed on a community of 100,000, each row against its floor
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.bench

torture: catalogues ## kills, full disks, corruption, long use: what the store survived
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.torture

bundle: catalogues ## a folder that runs without Python, proved by its own tour
	$(BIN)/pyinstaller --noconfirm --distpath dist --workpath build build.spec
	QT_QPA_PLATFORM=offscreen dist/krug/krug tour build/tour
	$(BIN)/python -m tools.check_bundle dist/krug build/tour

pictures: catalogues ## every page from the demo, light and dark, ru and en, into out/pictures
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tools.pictures out/pictures

messages: catalogues ## compile the catalogues and tell what is not translated
	$(BIN)/python -m tools.messages

format: catalogues ## put the sources into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## take away what was made
	rm -rf build dist out .pytest_cache .mypy_cache .ruff_cache resources/translations/*/catalogue.mo

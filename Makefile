# Two commands: `make run` and `make test`. Both bring the machine up to what they need first (see .ci/setup.sh).

# rustup's usual place, for a terminal that was open before Rust was installed.
export PATH := $(PATH):$(HOME)/.cargo/bin

.DEFAULT_GOAL := help
.PHONY: run test setup bench fmt lint help

run: setup ## build, then open the editor on the sample film (without a display: export it and print the path)
	@cargo build --release
	@cargo run --release --quiet -- demo

test: ## run every test
	@.ci/setup.sh --test
	@cargo test

setup: ## install the system packages that are missing
	@.ci/setup.sh

bench: ## measure the figures of the README beside their peers
	@.ci/setup.sh --bench
	@cargo build --release
	@cargo run --release --quiet -- bench

fmt: ## format the code
	@cargo fmt

lint: setup ## format check and clippy, warnings are errors
	@cargo fmt --check
	@cargo clippy --all-targets -- -D warnings

help: ## this list
	@awk -F ':[^#]*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

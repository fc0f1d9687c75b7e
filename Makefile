# SPDX-License-Identifier: BSD-3-Clause
# A thin front for meson: `make check` and `make demo` are all that a newcomer needs.
BUILD ?= build
CI ?=
WERROR := $(if $(CI),true,false)
KEEP ?=
REPEAT ?= 1
SEEDS ?= 1000
FIRST ?= 1
JOBS ?= $(shell nproc)
FUZZ_SECONDS := $(or $(SECONDS),120)
PREFIX ?=

.PHONY: all deps build demo demo-multihoming check unit scenario-coverage sim mutants conformance conformance-sample e2e \
	picture lint format fuzz bench install clean help
all: build

help:
	@sed -n 's/^# \(make [a-z-]*\)/  \1/p' Makefile

# make deps     install what is missing from Debian's packages (nothing to do: no time)
deps:
	@drivers-config/packages.sh

$(BUILD)/build.ninja: | deps
	meson setup $(BUILD) -Dwerror=$(WERROR) $(addprefix --prefix=,$(PREFIX))

# make build    build everything into build/
build: deps $(BUILD)/build.ninja
	@ninja -C $(BUILD)

# make demo     the lab, step by step; KEEP=1 leaves it up
demo: build
	@KEEP=$(KEEP) REPEAT=$(REPEAT) BUILD=$(abspath $(BUILD)) test/e2e/demo

# make demo-multihoming   a host on two gateways: a film changes the interface, a download does not
demo-multihoming: build
	@KEEP=$(KEEP) REPEAT=$(REPEAT) BUILD=$(abspath $(BUILD)) test/e2e/demo-multihoming

# make check    everything but the long runs
check: deps
	@test/check

# make unit     unit programs and scenarios
unit: build
	@meson test -C $(BUILD) --print-errorlogs

# make scenario-coverage   which transitions of the engines' states the scenarios take
scenario-coverage: build
	@$(BUILD)/test/scenario/scenario -t test/scenario/lma test/scenario/mag test/scenario/both

# make sim      SEEDS=1000 simulated worlds, from seed FIRST=1
sim: build
	@mkdir -p $(BUILD)/sim
	@$(BUILD)/app/kedge-sim/kedge-sim --seeds $(SEEDS) --seed $(FIRST) --jobs $(JOBS) --out $(BUILD)/sim --coverage

# make mutants  planted bugs, each found by the simulator or by a scenario
mutants: deps
	@test/sim/mutants/run

# make conformance  every sentence of the RFCs: its verdict, and whether the tests that show it ran
conformance: build
	@rm -f $(BUILD)/ran
	@KEDGE_RAN=$(abspath $(BUILD))/ran meson test -C $(BUILD) --quiet --no-suite torture --no-suite sim
	@test/conformance/conformance.py check --ran $(BUILD)/ran

# make conformance-sample  fifteen rows to break by hand
conformance-sample:
	@test/conformance/conformance.py sample

# make e2e      end to end in network namespaces (root)
e2e: build
	@BUILD=$(abspath $(BUILD)) test/e2e/run

# make picture  docs/kedgectl-top.svg anew, from the lab under load (root)
picture: build
	@BUILD=$(abspath $(BUILD)) test/docs/picture

# make lint     the rules of the house
lint: build
	@test/lint/lint.py --build $(BUILD)

# make format   clang-format over the tree
format: deps
	@git ls-files '*.c' '*.h' | xargs clang-format -i

# make fuzz     every fuzzer, SECONDS=120 for all together
fuzz: deps
	@test/fuzz/run $(FUZZ_SECONDS)

# make bench    the prefix table beside rte_hash, and every way of a packet beside the least that it could cost
bench: build
	@$(BUILD)/test/bench/bench_table
	@test/bench/run --build $(abspath $(BUILD))

# make install  into PREFIX, /usr/local unless told otherwise
install: build
	@$(if $(PREFIX),meson configure $(BUILD) --prefix=$(PREFIX))
	@meson install -C $(BUILD)

clean:
	rm -rf build build-*

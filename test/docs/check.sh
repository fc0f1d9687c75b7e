#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# Whether docs/ and the schema in yaml/ say what the rows and the headers say.
#
#	test/docs/check.sh [BUILD]		generate and compare; BUILD is a meson build folder, build/ if not given
#	test/docs/check.sh --write [BUILD]	generate into docs/
set -euo pipefail
cd "$(dirname "$0")/../.."
write=0
if [ "${1:-}" = --write ]; then
	write=1
	shift
fi
generate=${1:-build}/test/docs/docs_generate
kedged=${1:-build}/app/kedged/kedged
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if [ ! -x "$generate" ]; then
	echo "$generate: not there; build first, or name the build folder"
	exit 2
fi
"$generate" configuration >"$scratch/configuration.md"
"$generate" counters >"$scratch/counters.md"
"$generate" drivers >"$scratch/drivers.md"
"$generate" schema >"$scratch/kedge.schema.json"
"${generate%generate}control" test/docs/control.md.in >"$scratch/control.md"
test/docs/house.py . >"$scratch/house.md"

if [ $write -eq 1 ]; then
	mkdir -p docs
	cp "$scratch"/*.md docs/
	cp "$scratch"/*.json yaml/
	exit
fi
passed=0 failed=0
for page in "$scratch"/*; do
	there=docs/${page##*/}
	[ "${page##*.}" != json ] || there=yaml/${page##*/}
	if diff -u "$there" "$page"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "$there is behind its sources: run test/docs/check.sh --write"
	fi
done
# What kedged says of its options stands in its manual, which man reads without a word.
for option in $("$kedged" --help | grep -o -- '--[a-z]*'); do
	if grep -qF -- "${option//-/\\-}" docs/kedged.8; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "docs/kedged.8: has no $option"
	fi
done
complaints=$(man --warnings -E UTF-8 -l docs/kedged.8 2>&1 >"$scratch/manual") || complaints+=" man fails"
if [ -z "$complaints" ]; then
	passed=$((passed + 1))
else
	failed=$((failed + 1))
	echo "docs/kedged.8: $complaints"
fi
echo "docs: $passed passed, $failed failed"
[ $failed -eq 0 ]

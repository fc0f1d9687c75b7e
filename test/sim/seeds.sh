#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# A seed is the same history in every build, whatever compiler made it.
#
#	seeds.sh KEDGE-SIM		compare those of a few seeds with seeds.sha256
#	seeds.sh KEDGE-SIM --write	where other histories are meant
set -euo pipefail
sums=$(dirname "$0")/seeds.sha256
made=$(for seed in {1..20}; do
	{ "$1" --replay --seed "$seed" || true; } | grep -E '^(plan|at|fate) ' | sha256sum | sed "s/-$/seed $seed/"
done)

if [ "${2:-}" = --write ]; then
	echo "$made" >"$sums"
elif ! diff "$sums" - <<<"$made"; then
	echo "these seeds are other histories than they were; if that is meant: test/sim/seeds.sh KEDGE-SIM --write"
	exit 1
fi

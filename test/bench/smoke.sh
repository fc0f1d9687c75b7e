#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Every case of kedge-bench for a tenth of a second, as anybody and without hugepages; in a build with sanitizers under
# these. It fails where packets are lost or an update is refused, never by how long something took: on a busy machine
# there may be no figure at all. Signalling has a worker beside it, on the same CPU.
#
#	smoke.sh KEDGE-BENCH CASE [OPTION]...
set -eu
bench=$1 case=$2
shift 2
cpu=$(taskset -cp $$ | sed 's/.*: *//; s/[,-].*//')
lcores=0@$cpu
[ "$case" != signalling ] || lcores=$lcores,1@$cpu
"$bench" --no-huge --no-shconf --no-telemetry --no-pci -m 512 --file-prefix "bench-$$" --lcores "$lcores" \
	--log-level error -- --case "$case" --sessions 1000 --flows 5000 --seconds 0.1 --json "$@" || [ $? -eq 3 ]

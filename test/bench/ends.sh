#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# kedge-bench says what does not go together before it measures anything, and ends by a signal with what it knows.
#
#	ends.sh KEDGE-BENCH
set -eu
bench=$1
cpu=$(taskset -cp $$ | sed 's/.*: *//; s/[,-].*//')
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

start() { # OPTION...
	exec "$bench" --no-huge --no-shconf --no-telemetry --no-pci -m 512 --file-prefix "bench-$$" --lcores "0@$cpu" \
		--log-level error -- --sessions 1000 --flows 5000 "$@"
}

refused() { # WHY OPTION...
	why=$1 status=0
	shift
	(start "$@") >/dev/null 2>"$folder/why" || status=$?
	if [ $status -ne 2 ] || ! grep -q "$why" "$folder/why"; then
		echo "$*: status $status, $(cat "$folder/why")"
		exit 1
	fi
}

refused "where the node on the wire is" --case lma-down --rate 1000
refused "where the node on the wire is" --case lma-up --rfc2544 throughput
for name in table limit signalling memory; do
	refused "no node on the wire" --case $name --tunnel net_null0
done
refused "one place" --case lma-up --from-pcap "$folder/in" --device net_null0
refused "one place" --case lma-up --from-pcap "$folder/in" --tunnel net_null0
refused "no frames" --case signalling --from-pcap "$folder/in"
refused "no frames" --case memory --to-pcap "$folder/out"
for name in table limit signalling memory; do
	refused "no workers" --case $name --workers 2
	refused "flow rules" --case $name --flow-rules 1
done
refused "no workers" --case lma-up --workers 2 --tunnel net_null0
refused "flow rules" --case mag-up --flow-rules 1
refused "flow rules" --case lma-down --flow-rules 1 --tunnel net_null0
refused "is none that it takes" --case lma-down --burst 33

mkfifo "$folder/said"
for signal in INT TERM; do
	status=0
	(start --case lma-down --seconds 86400 --stats-period 0.05 --json) >"$folder/result" 2>"$folder/said" &
	exec 3<"$folder/said"
	read -r _ <&3 # it measures
	kill -s $signal $!
	cat <&3 >/dev/null
	wait $! || status=$?
	exec 3<&-
	if [ $status -ne 3 ] && ! { [ $status -eq 0 ] && grep -q '"net"' "$folder/result"; }; then
		echo "SIG$signal: status $status, $(cat "$folder/result")"
		exit 1
	fi
done

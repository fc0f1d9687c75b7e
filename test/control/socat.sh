#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# What docs/control.md shows with socat and jq alone, carried out: each of its shell blocks against a kedged that is
# anchor and gateway at once, with a mobile node attached; without a privilege.
#
#	test/control/socat.sh KEDGED
set -euo pipefail
kedged=$1
doc=$(dirname "$0")/../../docs/control.md
folder=$(mktemp -d /tmp/kedge-socat-XXXXXX)
socket=$folder/kedge.sock
cpus=$(taskset -cp $$ | sed 's/.*: //')
pid=

finish() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null || true
	[ -z "$pid" ] || wait "$pid" 2>/dev/null || true
	rm -rf "$folder"
}
trap finish EXIT

cat >"$folder/kedged.yaml" <<EOF
node: {name: socat, roles: [lma, mag]}
eal: {lcores: "0@($cpus),1@($cpus)", memory-mb: 64, hugepages: no}
control: {socket: $socket, read-only-socket: $folder/look.sock}
limits: {sessions: 64, mbufs: 2048}
ports:
  - {name: core, device: "net_null0,no-rx=1", role: core, addresses: ["2001:db8:0:c::1/64"]}
  - {name: access, device: "net_null1,no-rx=1", role: access}
lma: {address: "2001:db8:0:c::1"}
mag: {address: "2001:db8:0:c::1", lma: "2001:db8:0:c::1"}
peers:
  - {name: here, address: "2001:db8:0:c::1"}
pools:
  - {name: homes, prefix: "2001:db8:1::/60", length: 64}
mobile-nodes:
  - {id: mn1@example.com, link-layer: ["02:00:00:00:aa:01"]}
  - {id: mn2@example.com, link-layer: ["02:00:00:00:aa:02"]}
EOF
"$kedged" -c "$folder/kedged.yaml" 2>"$folder/log" &
pid=$!

call() {
	echo "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"$1\", \"params\": ${2:-{\}}}" | socat -t 30 - "UNIX-CONNECT:$socket"
}

# Until the condition holds: a command, tried again and again.
until_true() {
	for _ in $(seq 600); do
		if "$@" >/dev/null 2>&1; then
			return
		fi
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.05
	done
	echo "never true: $*"
	cat "$folder/log"
	exit 1
}
is_ready() { call server.hello | jq -e .result.ready; }
has_sessions() { call session.list | jq -e ".result.items | length == $1"; }
is_watched() { call stat.get | jq -e '.result.control.clients.watching == 1'; }

until_true is_ready
call mn.attach '{"port": "access", "mac": "02:00:00:00:aa:01"}' | jq -e .result >/dev/null
until_true has_sessions 2

# The blocks of the document, one file each, on this socket.
awk -v folder="$folder" '/^```sh$/ {n++; on = 1; next} /^```$/ {on = 0} on {print > (folder "/block" n)}' "$doc"
sed -i "s|/run/kedge/kedge.sock|$socket|" "$folder"/block*

passed=0 failed=0
for block in "$folder"/block?; do
	if grep -q event.watch "$block"; then
		bash -eu "$block" >"$block.out" &
		watcher=$!
		until_true is_watched
		call mn.detach '{"mac": "02:00:00:00:aa:01"}' >/dev/null
		until_true grep -q . "$block.out"
		# socat ends with its input's reader; what it was for has been seen
		call event.watch '{"kinds": ""}' >/dev/null
		kill "$watcher" 2>/dev/null || true
		wait "$watcher" 2>/dev/null || true
	elif ! bash -eu -o pipefail "$block" >"$block.out"; then
		failed=$((failed + 1))
		echo "failed:"
		cat "$block"
		continue
	fi
	if [ -s "$block.out" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "said nothing:"
		cat "$block"
	fi
done
grep -q '2001:db8:1:' "$folder/block2.out" # a prefix of the session

# The second socket is for looking.
echo '{"jsonrpc": "2.0", "id": 1, "method": "session.list"}' | socat -t 5 - "UNIX-CONNECT:$folder/look.sock" |
	jq -e '.result.items' >/dev/null
echo '{"jsonrpc": "2.0", "id": 1, "method": "log.set", "params": {"level": "debug"}}' |
	socat -t 5 - "UNIX-CONNECT:$folder/look.sock" | jq -e '.error.data.reason == "read-only"' >/dev/null
[ "$(stat -c %a "$folder/look.sock")" = 666 ]

echo "socat: $passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -ge 5 ]
